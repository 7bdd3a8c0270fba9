"""Write a consistent copy of the SQLite database to FILE, while the server runs.

FILE is written under another name first, so that an older backup is replaced only by a complete new one. FILE
holds personal data, and only its owner can read it. Keep the file `secret-key` of the data folder as well.
Without it, links in emails that were sent earlier do not work.
"""

import argparse
from pathlib import Path

from training_hub.commands.console import answer
from training_hub.commands.copying import copy_out
from training_hub.commands.opening import check_ready, read_settings, sqlite_file


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file to write."""
    parser.add_argument("file", metavar="FILE", type=Path, help="where to write the copy")


def run(options: argparse.Namespace) -> None:
    """Copy the database."""
    settings = read_settings()
    database = sqlite_file(settings, "pg_dump --format=custom --file=FILE DATABASE")
    check_ready(settings)
    copy_out(database, options.file)
    answer(f"The backup is in {options.file}: {options.file.stat().st_size:,} bytes.")
