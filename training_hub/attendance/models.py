"""Tables of marks and their history."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.database import Base, index, words
from training_hub.people.models import Person


class Mark(enum.Enum):
    """What a trainer records about one person at one session. Late counts as present, left early as partly present."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left early"
    ABSENT = "absent"


class Attendance(Base):
    """The mark of one booking at one session."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("booking_id", "session_id"),
        index("session_id", name="ix_attendance_session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("event_session.id"))
    mark: Mapped[Mark] = mapped_column(words(Mark))
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MarkChange(Base):
    """One change of a mark. Rows are only added, never changed."""

    __tablename__ = "mark_change"
    __table_args__ = (index("booking_id", name="ix_mark_change_booking_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("event_session.id"))
    was: Mapped[Mark | None] = mapped_column(words(Mark))
    became: Mapped[Mark] = mapped_column(words(Mark))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(String(500), default="")

    by: Mapped[Person | None] = relationship(lazy="joined")


class OutcomeOverride(Base):
    """An outcome that a hub officer decided. Later marks do not change it: only an officer can take it back."""

    __tablename__ = "outcome_override"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(String(500))

    by: Mapped[Person] = relationship(lazy="joined")
