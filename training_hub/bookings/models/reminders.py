"""Reminders that a person did not get in time."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from training_hub.database import Base


class MissedReminder(Base):
    """A reminder, or joining instructions, not sent because it was too late."""

    __tablename__ = "missed_reminder"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]
