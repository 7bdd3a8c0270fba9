"""The code by which people answer in the classroom."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base


class Classroom(Base):
    """The open form of an event: everyone who knows the code can answer it until it closes."""

    __tablename__ = "evaluation_room"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    closes_at: Mapped[datetime]
    unknown_addresses: Mapped[int] = mapped_column(default=0)
    """How many addresses without a booking have sent answers since the classroom was opened."""
