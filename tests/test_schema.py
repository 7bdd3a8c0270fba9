"""The migrations: up, down and up again, and the same tables as the models say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import create_engine, inspect

from tests.conftest import POSTGRES, postgres_database
from training_hub.database import Base, db
from training_hub.schema.migrating import alembic_config, migrate
from training_hub.schema.versions import known_versions, latest_version, version


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    names = sorted(inspect(engine).get_table_names())
    engine.dispose()
    return names


@pytest.fixture
def own_database(tmp_path: Path) -> Iterator[str]:
    """An empty database of this test's own: it takes the tables away."""
    if POSTGRES:
        with postgres_database() as url:
            yield url
        return
    yield f"sqlite:///{tmp_path / 'own.sqlite'}"


def test_every_migration_goes_up_down_and_up_again(own_database: str) -> None:
    migrate(own_database)
    everything = tables(own_database)
    migrate(own_database, "base")
    assert tables(own_database) == ["alembic_version"]
    migrate(own_database)
    assert tables(own_database) == everything


def test_the_names_of_the_files_say_which_versions_there_are() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert known_versions() == [script.revision for script in scripts.walk_revisions()][::-1]
    assert latest_version() == scripts.get_current_head()


@pytest.mark.filterwarnings("default")
def test_the_migrated_tables_are_those_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    assert version(db.engine) == latest_version()
