"""Tables of what stands beside bookings: needs, reserved places, interest in a course, and what counts as one."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.catalogue.models import Course, Event
from training_hub.database import Base, index
from training_hub.people.models import Agency, Person


class BookingNeeds(Base):
    """What someone needs to take part: special category data, in a table of its own.

    Seen by hub officers, that event's trainers and the person; in no mail, export or log; deleted 14 days after
    the event (domain 5, 7).
    """

    __tablename__ = "booking_needs"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    access: Mapped[str] = mapped_column(Text, default="")
    dietary: Mapped[str] = mapped_column(Text, default="")


class ReservedPlace(Base):
    """One place that an agency keeps at an event without saying yet for whom."""

    __tablename__ = "reserved_place"
    __table_args__ = (
        index("event_id", "ended_at", "agency_id", name="ix_reserved_place_event_id"),
        index("agency_id", "ended_at", name="ix_reserved_place_agency_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    reserved_at: Mapped[datetime]
    reserved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    """When it was named, given back or released; until then it holds a place. Who is named and never takes it leaves it
    without a name again."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who named it or gave it back; None where it was released because nobody had."""
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    """The booking that it became; None where it was given back or released."""

    event: Mapped[Event] = relationship(lazy="select")
    agency: Mapped[Agency] = relationship(lazy="select")


class Interest(Base):
    """That someone asked to be told when a course next runs: the waiting list that has no date."""

    __tablename__ = "interest"
    __table_args__ = (
        index("course_id", "ended_at", "asked_at", "id", name="ix_interest_course_id"),
        index("person_id", name="ix_interest_person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    """The person's agency when they asked."""
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When they had a place on the course, or no longer wished to be told."""

    course: Mapped[Course] = relationship(lazy="select")
    person: Mapped[Person] = relationship(lazy="select")


index(
    Interest.person_id,
    Interest.course_id,
    name="uq_interest_open",
    unique=True,
    where=Interest.ended_at.is_(None),
)


class Equivalence(Base):
    """That something else counts for someone as having completed a course, and why; or that it did, until removed."""

    __tablename__ = "equivalence"
    __table_args__ = (index("person_id", name="ix_equivalence_person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    """When it was removed; until then it counts."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    course: Mapped[Course] = relationship(lazy="joined")
    by: Mapped[Person] = relationship(lazy="joined", foreign_keys=[by_id])
    ended_by: Mapped[Person | None] = relationship(lazy="select", foreign_keys=[ended_by_id])


index(
    Equivalence.person_id,
    Equivalence.course_id,
    name="uq_equivalence_stands",
    unique=True,
    where=Equivalence.ended_at.is_(None),
)


class MissedReminder(Base):
    """That a reminder or the joining instructions were not sent, because it had become too late to make sense."""

    __tablename__ = "missed_reminder"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]
