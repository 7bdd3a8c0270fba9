"""Open the database and the application that the settings describe, or say which command to run first."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import DBAPIError

from training_hub import create_app
from training_hub.config import Settings, settings_from
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.schema import versions as schema


def read_settings() -> Settings:
    """The settings that the environment describes. Raises WrongSettings, naming every wrong one."""
    return settings_from(os.environ)


def version_of(settings: Settings) -> str | None:
    """The version of the database's tables. None without tables. Raises Refused if they are not Training Hub's."""
    file = settings.database_file
    if file is not None and (not file.exists() or file.stat().st_size == 0):
        # Opening a missing SQLite file would create it.
        return None
    engine = create_engine(settings.database_url)
    try:
        found = schema.version(engine)
        if found is None and inspect(engine).get_table_names():
            raise Refused("This database holds tables that Training Hub did not make, so it is left alone.")
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split()).rstrip(".?! ")
        raise Refused(f"The database cannot be opened: {reason}.") from error
    finally:
        engine.dispose()
    if found is not None and found not in schema.known_versions():
        raise Refused(
            "This database was made by a newer version of Training Hub. Install that version, "
            "or restore a backup that is as old as this one."
        )
    return found


def check_ready(settings: Settings) -> None:
    """Raises Refused, with the command to run, if the database is not at the version that this code needs."""
    found = version_of(settings)
    if found is None:
        raise Refused("The database has not been set up yet. Run: training-hub upgrade")
    if found != schema.latest_version():
        raise Refused("The database is at an older version. Back it up, then run: training-hub upgrade")


def make_file(settings: Settings) -> None:
    """Make the SQLite file and its folder. It holds personal data, so only its owner can read it."""
    file = settings.database_file
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        # SQLite treats an empty file as a new database, and gives its other files the same mode.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))


@contextmanager
def application(settings: Settings | None = None) -> Iterator[Flask]:
    """Yield the application inside its application context, once its database is ready."""
    settings = settings or read_settings()
    check_ready(settings)
    app = create_app(settings)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def sqlite_file(settings: Settings, instead: str) -> Path:
    """The SQLite file. Raises Refused, naming the tool to use `instead`, if the database is on a server."""
    file = settings.database_file
    if file is None:
        raise Refused(f"This database is on a PostgreSQL server. Use its own tool: {instead}")
    return file
