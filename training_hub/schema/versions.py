"""The versions of the database's tables: the present one, and the one that this code needs."""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

HERE = Path(__file__).parent.parent


def migrations_folder() -> Path:
    """The folder of the migrations: inside the package if installed, next to the package in a checkout."""
    installed = HERE / "migrations"
    return installed if installed.is_dir() else HERE.parent / "migrations"


def known_versions() -> list[str]:
    """Every version of the tables, oldest first, from the names of the migrations. This code needs the last version.

    Does not ask Alembic, which would take a fifth of a second and 10 MB.
    """
    files = (migrations_folder() / "versions").glob("[0-9]*_*.py")
    return sorted(file.name.partition("_")[0] for file in files)


def latest_version() -> str:
    """The version that this code needs."""
    return known_versions()[-1]


def version(engine: Engine) -> str | None:
    """The version that the database has. None if it was never migrated."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
