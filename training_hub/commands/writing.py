"""Write files so that a reader sees either the complete old file or the complete new one."""

import os
import sys
from pathlib import Path

from training_hub.errors import Refused


def write_whole(file: Path, content: bytes) -> None:
    """Write `content` to `file`, through a temporary file in its folder."""
    if not file.absolute().parent.is_dir():
        raise Refused(f"There is no folder {file.absolute().parent}.")
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def refuse_terminal(kind: str) -> None:
    """Raises Refused if stdout is a screen, on which a file of this `kind` cannot be read."""
    if sys.stdout.isatty():
        raise Refused(f"{kind.upper()} is not for reading on a screen: give --output FILE.")
