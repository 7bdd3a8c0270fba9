"""Replace the SQLite database with the backup in FILE, all of it or nothing.

The database that was there is kept in a file whose name ends in “.before-restore”. Emails that were waiting in
the backup are sent by the worker. If the backup is old, read the outbox before you start the worker.
"""

import argparse
from pathlib import Path

from training_hub.commands.console import answer
from training_hub.commands.copying import check_backup, copy_in, copy_out
from training_hub.commands.opening import make_file, read_settings, sqlite_file, version_of
from training_hub.schema import versions as schema


def arguments(parser: argparse.ArgumentParser) -> None:
    """The backup to read."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a file that “training-hub backup” wrote")


def run(options: argparse.Namespace) -> None:
    """Restore the database."""
    settings = read_settings()
    database = sqlite_file(
        settings, "pg_restore --clean --if-exists --single-transaction --dbname=DATABASE FILE"
    )
    version = check_backup(options.file, set(schema.known_versions()))
    if version_of(settings) is not None:
        kept = database.with_name(database.name + ".before-restore")
        copy_out(database, kept)
        answer(f"The database from before is kept in {kept}.")
    make_file(settings)
    copy_in(options.file, database)
    answer(f"The database is as it was in {options.file}.")
    if version != schema.latest_version():
        answer("It is at an older version. Run: training-hub upgrade")
