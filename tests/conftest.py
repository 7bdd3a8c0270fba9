"""What every test stands on: a database of its own, an application, a clock that is a value, and a client that checks
each page that it is handed."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.event import listen, remove

from tests.page_client import PageClient
from training_hub import create_app
from training_hub.config import Settings
from training_hub.database import db
from training_hub.schema import migrate

NOW = datetime(2025, 5, 6, 8, 30, tzinfo=UTC)
"""Tuesday 6 May 2025, 9:30am in London: the moment at which tests take place unless they say otherwise."""

POSTGRES = os.environ.get("TRAINING_HUB_TEST_DATABASE_URL", "")


class TestClock:
    """A clock that a test sets by hand."""

    __test__ = False

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database that each test copies: migrating anew for each would take most of the run."""
    if POSTGRES:
        name = f"training_hub_template_{uuid.uuid4().hex[:12]}"
        _on_postgres(f'CREATE DATABASE "{name}"')
        migrate(_url_of(name))
        return name
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    migrate(f"sqlite:///{file}")
    return str(file)


@pytest.fixture
def database_url(template_database: str, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database that is this test's alone."""
    if not POSTGRES:
        file = tmp_path / "test.sqlite"
        shutil.copy(template_database, file)
        yield f"sqlite:///{file}"
        return
    name = f"training_hub_test_{uuid.uuid4().hex[:12]}"
    _on_postgres(f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    yield _url_of(name)
    _on_postgres(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def clock() -> TestClock:
    """The application's clock; set `clock.now` to move it."""
    return TestClock()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation without a mail server."""
    return Settings(
        data=tmp_path,
        database_url=database_url,
        base_url="http://localhost",
        secret_key="a key that only tests use, and long enough",
    )


@pytest.fixture
def app(settings: Settings, clock: TestClock) -> Iterator[Flask]:
    """The application on an empty database, inside its context: tests may query and write as well."""
    application = create_app(settings, clock)
    application.testing = True
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def stranger(app: Flask) -> PageClient:
    """A browser in which nobody is signed in. It checks every page that it is handed."""
    return PageClient(app)


@pytest.fixture
def signed_in(app: Flask) -> Callable[..., PageClient]:
    """Call it with a person to get a browser in which they are signed in."""

    def sign_in(person: object) -> PageClient:
        client = PageClient(app)
        with client.http.session_transaction() as session:
            session["_user_id"] = person.get_id()  # type: ignore[attr-defined]
            session["_fresh"] = True
        return client

    return sign_in


def _url_of(name: str) -> str:
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


def _on_postgres(statement: str) -> None:
    engine = create_engine(make_url(POSTGRES), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def queries(app: Flask) -> Callable[[Callable[[], object]], int]:
    """Call it with something to do, and it says how many statements that took."""

    def count(do: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        listen(db.engine, "before_cursor_execute", note)
        do()
        remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    return count
