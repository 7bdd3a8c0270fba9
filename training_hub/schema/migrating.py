"""Bringing the tables to a version, up or down, by Alembic."""

import sqlite3
from importlib import import_module
from pkgutil import iter_modules

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event

from training_hub.schema.versions import migrations_folder

# Import all models, so that Alembic knows every table.
for _package in (
    "people",
    "policies",
    "catalogue",
    "bookings",
    "attendance",
    "questionnaires",
    "improvement",
    "evaluation",
    "limits",
    "sign_in",
    "certificates",
    "mail",
    "web",
    "demo",
):
    _models = import_module(f"training_hub.{_package}.models")
    for _module in iter_modules(getattr(_models, "__path__", ())):
        import_module(f"{_models.__name__}.{_module.name}")


def alembic_config() -> Config:
    """Alembic's settings. They are in code, so that every command works from any folder."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("path_separator", "os")
    return config


def migrate(database_url: str, to: str = "head") -> None:
    """Migrate the database up or down to version `to`. A migration that fails changes nothing."""
    engine = _engine(database_url)
    config = alembic_config()
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            if to == "head" or to.startswith("+"):
                command.upgrade(config, to)
            else:
                command.downgrade(config, to)
            connection.commit()
    finally:
        engine.dispose()


def _engine(database_url: str) -> Engine:
    """A separate engine, because migrations need a single writer, and control foreign keys themselves."""
    engine = create_engine(database_url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _connected(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA busy_timeout=30000")
            # SQLite keeps this mode in the file. Setting it here once avoids several processes setting it at once.
            connection.execute("PRAGMA journal_mode=WAL")

        @event.listens_for(engine, "begin")
        def _begin(connection: object) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]

    return engine
