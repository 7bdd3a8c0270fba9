"""The table that marks a database as built by the demo."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base


class DemoBuild(Base):
    """The mark of a demo: one row, written in the transaction that builds the demo. Other databases do not have it."""

    __tablename__ = "demo_build"

    id: Mapped[int] = mapped_column(primary_key=True)
    built_at: Mapped[datetime]
    """The moment around which the demo's current programme is planned."""
