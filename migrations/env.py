"""How a migration runs: in one transaction that rolls back whole, on SQLite and on PostgreSQL alike.

The connection is handed over by training_hub.schema.migrating; nothing here reads a file of settings.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, DateTime

from training_hub.database import Base, Moment

FOREIGN_KEYS_BROKEN = "A migration left rows that point at nothing; it has been rolled back whole."


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our moments as plain SQLAlchemy, so that migrations import nothing of ours."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(_context: Any, _column: Any, _meta: Any, _inspected: Any, meta_type: Any) -> bool | None:
    """A moment is a date and time to the database."""
    return False if isinstance(meta_type, (Moment, DateTime)) else None


def run(connection: Connection) -> None:
    """Run the migrations that were asked for, over `connection`."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # A batch migration rebuilds a table by dropping it, and with foreign keys on that deletes its children.
        # The switch only works outside a transaction, so it is thrown on the driver's own connection.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=context.config.attributes.get("batch", is_sqlite),
            transactional_ddl=True,
            render_item=render_item,
            compare_type=compare_type,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError(FOREIGN_KEYS_BROKEN)
    finally:
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run(context.config.attributes["connection"])
