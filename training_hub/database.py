"""The database: types, names, how SQLite and PostgreSQL are set up, and the one transaction rule."""

import enum
import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import Flask, Response, current_app, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, Index, MetaData, Select, String, event, func, select
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

log = logging.getLogger(__name__)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as UTC. Refuses a naive moment, whose time zone is unknown."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must say its time zone")
        utc = value.astimezone(UTC)
        # SQLite stores no time zone, so moments are always in UTC and sort as text.
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Row = TypeVar("Row")
Other = TypeVar("Other")


@dataclass(frozen=True)
class PageOf(Generic[Row]):
    """One page of a list, and how long the list is."""

    rows: Sequence[Row]
    page: int
    pages: int
    total: int

    def holding(self, rows: Sequence[Other]) -> "PageOf[Other]":
        """The same page, with `rows` in place of its own."""
        return PageOf(rows, self.page, self.pages, self.total)


def fetch_all(statement: Select[Row]) -> list[Row]:
    """The first column of every row that this statement finds."""
    return list(db.session.scalars(statement))


def page_of(statement: Select[*tuple[Any, ...]], page: int, *, size: int, key: Any) -> PageOf[Any]:
    """One page of what an ordered `statement` finds, `size` rows long. `key` is a unique column of the statement.

    An address that asks for a page after the end gets the last page.
    """
    found = statement.with_only_columns(key, maintain_column_froms=True).order_by(None).subquery()
    total = int(db.session.scalar(select(func.count()).select_from(found)) or 0)
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    rows = db.session.execute(statement.limit(size).offset((page - 1) * size)).all()
    return PageOf(rows, page, pages, total)


def words(kind: type[enum.Enum]) -> Enum:
    """The column type for the enum `kind`: a text column with the values of the members."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    registry = registry(
        metadata=metadata,
        type_annotation_map={datetime: Moment(), str: String()},
    )


db = SQLAlchemy(metadata=Base.metadata)

_WRITES, _HAS_TURN = "training_hub_writes", "training_hub_has_turn"

BUSY_SECONDS = 30
"""How long a write waits for others before it gives up."""


def init_app(app: Flask) -> None:
    """Bind the database to `app`, with one transaction for each request."""
    db.init_app(app)
    with app.app_context():
        _prepare(db.engine)
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_drop)


def _prepare(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        turn = _Turn()
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", turn.begin)
        event.listen(engine, "checkin", turn.end)


def _sqlite_connected(connection: sqlite3.Connection, _record: object) -> None:
    # Otherwise the driver would begin transactions itself, and only before a write, which is too late to lock.
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own `lower` does not change letters such as É and Ł, so searches would not find such names.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


class _Turn:
    """A queue for writing, among the threads of this process.

    SQLite makes waiting writers retry only now and then, so fifty bookings at once would mostly sleep. Writers
    in different processes still wait in that way.
    """

    def __init__(self) -> None:
        self._lock = Lock()

    def begin(self, connection: Connection) -> None:
        # A transaction that reads before it writes can fail to get the lock, whatever the timeout. One that asks
        # for the lock first waits for it. Reads do not ask: if all did, a seventh as many would be answered.
        if not connection.get_execution_options().get(_WRITES, False):
            connection.exec_driver_sql("BEGIN")
            return
        # If the wait is too long, it goes on and gets SQLite's own error, so that no request hangs for ever.
        connection.info[_HAS_TURN] = self._lock.acquire(timeout=BUSY_SECONDS)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def end(self, _connection: object, record: ConnectionPoolEntry) -> None:
        # Runs after every transaction, because its connection always goes back to the pool.
        if record.info.pop(_HAS_TURN, False):
            self._lock.release()


def begin_write() -> None:
    """Begin a transaction that may write. Call it before the first query, or it raises."""
    if db.session().in_transaction():
        raise RuntimeError("a write must say so before its first query")
    # Only SQLite uses this option. PostgreSQL ignores it.
    db.session.connection(execution_options={_WRITES: True})


class transaction:  # noqa: N801 - reads as a statement: with transaction():
    """One transaction, for a command or the worker. Commits at the end, and rolls back on an error."""

    def __enter__(self) -> None:
        db.session.rollback()
        begin_write()

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            db.session.commit()
        else:
            db.session.rollback()


Item = TypeVar("Item")


def each_in_turn(items: Iterable[Item], do: Callable[[Item], int]) -> int:
    """Call a function for each of `items`, which are plain values, each in its own transaction. Returns the sum.

    Logs an item that fails, and goes on with the next one.
    """
    total, action = 0, getattr(do, "func", do)
    for item in items:
        try:
            with transaction():
                total += do(item)
        except Exception:
            log.exception("%s.%s failed for %s", action.__module__, action.__qualname__, item)
    return total


def _begin() -> None:
    if request.method not in {"GET", "HEAD", "OPTIONS"} and not _reads_first():
        begin_write()


def _reads_first() -> bool:
    """Whether the view is marked with `reads_first`, and so begins its write itself."""
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "reads_first", False))


def reads_first(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that does slow work before it writes, such as reading a list. The view calls `begin_write` itself."""
    view.reads_first = True  # type: ignore[attr-defined]
    return view


def _end(response: Response) -> Response:
    # This hook also runs for error pages, so it checks the status: refused requests must not be stored.
    if request.method in {"GET", "HEAD", "OPTIONS"} or response.status_code >= 400:
        db.session.rollback()
    else:
        db.session.commit()
    return response


def _drop(_error: BaseException | None) -> None:
    db.session.rollback()


def index(*columns: Any, name: str, unique: bool = False, where: Any = None) -> Index:
    """An index, partial on both databases where `where` says so."""
    if where is None:
        return Index(name, *columns, unique=unique)
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
