"""Fixtures for every test: a database, an application, a clock to set, and a client that checks each page."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import getrandbits

import pytest
from flask import Flask
from hypothesis import settings
from sqlalchemy import Executable, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session

from tests import sql_by_hand
from tests.page_client import PageClient
from training_hub import create_app
from training_hub.config import Settings
from training_hub.database import Base, db
from training_hub.questionnaires.actions.versions import default_questionnaires
from training_hub.schema.migrating import migrate

NOW = datetime(2025, 5, 6, 8, 30, tzinfo=UTC)
"""Tuesday 6 May 2025, 9:30am in London: the time of tests, unless they set another."""

# No deadlines, as a machine may be busy. Properties use the same examples each time, so that a pass here is a pass
# elsewhere; tests/exploring.py has the few tests that also try new ones.
settings.register_profile("training-hub", deadline=None, derandomize=True)
settings.load_profile("training-hub")

POSTGRES = os.environ.get("TRAINING_HUB_TEST_DATABASE_URL", "")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give every run a seed, before Hypothesis and the processes of xdist need it."""
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = getrandbits(32)
    if POSTGRES:
        config.pluginmanager.register(sql_by_hand.Watch())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how to draw the same fresh examples again."""
    terminalreporter.write_line(f"fresh examples: --hypothesis-seed={config.option.hypothesis_seed}")


class TestClock:
    """A clock that a test sets by hand."""

    __test__ = False

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database to copy, or on PostgreSQL to empty, as migrating for each test is slow."""
    if POSTGRES:
        with postgres_database() as url:
            migrate(url)
            _store_defaults(url)
            yield url
        return
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    migrate(f"sqlite:///{file}")
    _store_defaults(f"sqlite:///{file}")
    yield str(file)


def _store_defaults(url: str) -> None:
    """Store the default questionnaires, as `training-hub upgrade` does after migrating."""
    engine = create_engine(url)
    with Session(engine) as session:
        session.add_all(default_questionnaires())
        session.commit()
    engine.dispose()


@pytest.fixture
def database_url(migrated_database: str) -> Iterator[str]:
    """The address of a database for this test alone, as `training-hub upgrade` leaves it."""
    if POSTGRES:
        yield migrated_database
        _empty(migrated_database)
        return
    template = Path(migrated_database)
    file = template.with_name("test.sqlite")
    shutil.copy(template, file)
    yield f"sqlite:///{file}"
    for left in template.parent.glob("test.sqlite*"):
        left.unlink()


@contextmanager
def postgres_database() -> Iterator[str]:
    """A database of its own on the PostgreSQL server that tests were given, dropped at the end."""
    name = f"training_hub_test_{uuid.uuid4().hex[:12]}"
    _on_postgres(POSTGRES, text(f'CREATE DATABASE "{name}"'))
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    _on_postgres(POSTGRES, text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _empty(url: str) -> None:
    """Leave the tables as `training-hub upgrade` does: the default questionnaires, and ids counting from 1."""
    # An open connection, such as a killed process leaves, would lock the tables.
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    # Row by row: truncating so many tables, most of them empty, takes as long as a test.
    emptied = [table.delete() for table in reversed(Base.metadata.sorted_tables)]
    counters = (
        "SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL"
    )
    _on_postgres(url, text(f"{others} AND pid != pg_backend_pid()"), *emptied, text(counters))
    _store_defaults(url)


def as_created(url: str) -> None:
    """Empty a PostgreSQL database as `_empty` does, and shrink its files."""
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    _on_postgres(url, text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    _store_defaults(url)


def settle(url: str) -> None:
    """Vacuum and analyse a PostgreSQL database, as autovacuum does later."""
    _on_postgres(url, text("VACUUM ANALYZE"))


@pytest.fixture
def clock() -> TestClock:
    """The application's clock; set `clock.now` to move it."""
    return TestClock()


@pytest.fixture
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an installation without a mail server."""
    return Settings(
        data=tmp_path_factory.getbasetemp(),
        database_url=database_url,
        base_url="http://localhost",
        secret_key="a key that only tests use, and long enough",
    )


@pytest.fixture(scope="session")
def made() -> dict[Settings, Flask]:
    """The applications made so far. Making one takes longer than most tests, and it keeps nothing of them."""
    return {}


@pytest.fixture
def app(
    request: pytest.FixtureRequest, settings: Settings, clock: TestClock, made: dict[Settings, Flask]
) -> Iterator[Flask]:
    """The application on an empty database, inside its context, so that tests can query and write.

    A test that changes the application itself says so with the mark "changes_the_app", and gets one of its own.
    """
    shared = request.node.get_closest_marker("changes_the_app") is None
    application = made.get(settings) if shared else None
    if application is None:
        application = create_app(settings, clock)
    if shared:
        made[settings] = application
    application.extensions["clock"] = clock
    application.testing = True
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def stranger(app: Flask) -> PageClient:
    """A client that is not signed in. It checks every page it gets."""
    return PageClient(app)


@pytest.fixture
def signed_in(app: Flask) -> Callable[..., PageClient]:
    """Call it with a person to get a client signed in as them."""

    def sign_in(person: object) -> PageClient:
        client = PageClient(app)
        # Opening the session ends a request, which rolls back unstored changes.
        db.session.commit()
        with client.http.session_transaction() as session:
            session["_user_id"] = person.get_id()  # type: ignore[attr-defined]
            session["_fresh"] = True
        return client

    return sign_in


def _on_postgres(url: str, *statements: Executable) -> None:
    engine = create_engine(make_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(statement)
    engine.dispose()


@pytest.fixture
def queries(app: Flask) -> Callable[[Callable[[], object]], int]:
    """Call it with a function to get the number of statements that it runs."""

    def count(do: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        listen(db.engine, "before_cursor_execute", note)
        do()
        remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    return count
