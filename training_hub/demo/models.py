"""The table that says that a database was built by the demo, and when."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base


class DemoBuild(Base):
    """The mark of a demo: one row, written in the transaction that builds all the rest. No other database has it."""

    __tablename__ = "demo_build"

    id: Mapped[int] = mapped_column(primary_key=True)
    built_at: Mapped[datetime]
    """The moment around which its current programme lies."""
