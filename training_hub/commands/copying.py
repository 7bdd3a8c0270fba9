"""Copy SQLite databases with SQLite's own backup, which makes a complete and consistent copy, or none."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from training_hub.errors import Refused


def copy_out(database: Path, to: Path) -> None:
    """Write a copy of `database` to the file `to`. If the file exists, it must be an older backup."""
    if to.exists():
        if to.samefile(database):
            raise Refused("The backup cannot be written over the database itself: choose another file.")
        if to.stat().st_size and _version(to) is None:
            raise Refused(f"{to} exists and is not a backup of Training Hub: choose another file.")
    if not to.absolute().parent.is_dir():
        raise Refused(f"There is no folder {to.absolute().parent}.")
    part = to.with_name(f"{to.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(_opened(database, "ro")) as source, closing(sqlite3.connect(part)) as target:
            # All pages in one step, so that the copy is one snapshot, even if the server is writing.
            source.backup(target, pages=-1)
            # No write-ahead log, so that a backup is a single file.
            target.execute("PRAGMA journal_mode=DELETE")
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def check_backup(file: Path, known: set[str]) -> str:
    """The version of the backup in `file`. Raises Refused if it is not one, is damaged, or is too new."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    version = _version(file)
    if version is None:
        raise Refused(f"{file} is not a backup of Training Hub, so nothing was restored.")
    if version not in known:
        raise Refused(f"{file} was made by a newer version of Training Hub, so nothing was restored.")
    try:
        with closing(_opened(file, "ro")) as backup:
            found = backup.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise Refused(f"{file} is damaged ({found}), so nothing was restored.")
    return version


def copy_in(file: Path, database: Path) -> None:
    """Replace the contents of `database` with those of `file`, in one transaction."""
    with closing(_opened(file, "ro")) as source, closing(sqlite3.connect(database, timeout=30)) as target:
        target.execute("PRAGMA busy_timeout=30000")
        target.execute("PRAGMA journal_mode=WAL")
        try:
            source.backup(target, pages=-1)
        except sqlite3.OperationalError as error:
            raise Refused(
                f"The database is in use, so nothing was restored ({error}). Stop the server first."
            ) from error


def _version(file: Path) -> str | None:
    """The version of the tables in `file`. None if it is not a Training Hub database."""
    try:
        with closing(_opened(file, "ro")) as connection:
            names = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if not {"alembic_version", "booking_change", "event_session", "person"} <= names:
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        return None
    return str(row[0]) if row else None


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    # Opened as a URI, so that SQLite cannot create a missing file.
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=30)
