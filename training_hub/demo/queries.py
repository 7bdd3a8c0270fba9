"""Whether a database is empty or a demo, which is checked before the demo is built in it."""

from datetime import datetime

from sqlalchemy import exists, inspect, select

from training_hub.database import Base, db
from training_hub.demo.models import DemoBuild

ALLOWED = frozenset({"questionnaire", "question"})
"""Tables that have rows before anyone uses the database."""


def built_at() -> datetime | None:
    """When the demo in this database was built. None if this is not a demo."""
    return db.session.scalar(select(DemoBuild.built_at).order_by(DemoBuild.id).limit(1))


def is_empty() -> bool:
    """Whether nobody has stored anything here."""
    return not any(
        db.session.scalar(select(exists().select_from(table)))
        for table in Base.metadata.sorted_tables
        if table.name not in ALLOWED
    )


def has_mark() -> bool:
    """Whether the database has the demo's mark. Works at any schema version."""
    if DemoBuild.__tablename__ not in inspect(db.engine).get_table_names():
        return False
    return db.session.scalar(select(DemoBuild.id).limit(1)) is not None
