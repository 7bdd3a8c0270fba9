"""The output of commands: results go to stdout, and everything else to stderr."""

import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path


def say(sentence: str) -> None:
    """Tell the person who ran the command, on stderr."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - a command speaks


def answer(line: str) -> None:
    """Print one line of the result, on stdout."""
    print(line, flush=True)  # noqa: T201 - a command speaks


def answer_bytes(content: bytes) -> None:
    """Write the result, unchanged, to stdout."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def log_to_stderr() -> None:
    """Send the log to stderr."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def keep_traceback() -> Path:
    """Append the error being handled to a file that only its owner can read. Returns the file."""
    text = traceback.format_exc()
    data = Path(os.environ.get("TRAINING_HUB_DATA") or "training-hub-data").absolute()
    folder = data if data.is_dir() and os.access(data, os.W_OK) else Path(tempfile.gettempdir())
    file = folder / "training-hub-errors.log"
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as log:
        log.write(text + "\n")
    return file
