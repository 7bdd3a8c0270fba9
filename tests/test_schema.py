"""The migrations: up, down and up again, and the same tables as the models say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine, inspect

from training_hub.database import Base, db
from training_hub.schema import latest_version, migrate, version


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    names = sorted(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_every_migration_goes_up_down_and_up_again(database_url: str) -> None:
    everything = tables(database_url)
    migrate(database_url, "base")
    assert tables(database_url) == ["alembic_version"]
    migrate(database_url)
    assert tables(database_url) == everything


@pytest.mark.filterwarnings("default")
def test_the_migrated_tables_are_those_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    assert version(db.engine) == latest_version()
