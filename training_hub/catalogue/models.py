"""Tables of courses, their events and sessions, venues, and the trainers of an event."""

import enum
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.database import Base, index, words
from training_hub.people.models import Board, Person


class Level(enum.Enum):
    """How deep a course goes."""

    AWARENESS = "awareness"
    CORE = "core"
    SPECIALIST = "specialist"
    REFRESHER = "refresher"


class EventStatus(enum.Enum):
    """Whether an event is a draft, in the programme, or called off by the hub."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CALLED_OFF = "called off"


class Course(Base):
    """An entry in the catalogue."""

    __tablename__ = "course"
    __table_args__ = (index("board_id", name="ix_course_board_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    level: Mapped[Level] = mapped_column(words(Level))
    summary: Mapped[str] = mapped_column(String(300), default="")
    aims: Mapped[str] = mapped_column(Text, default="")
    outcomes: Mapped[str] = mapped_column(Text, default="")
    """The learning outcomes, one on each line."""
    audience: Mapped[str] = mapped_column(Text, default="")
    length: Mapped[str] = mapped_column(String(60), default="")
    """The length in words, such as "One day" or "Half a day"."""
    validity_months: Mapped[int | None]
    """Months until a refresher is due. None if never."""
    is_listed: Mapped[bool] = mapped_column(default=True)
    is_evaluated: Mapped[bool] = mapped_column(default=True)
    """Whether people who complete it are asked to evaluate it. If not, no evaluations are due."""
    policies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Only the policies that differ from the partnership's."""

    board: Mapped[Board] = relationship(lazy="joined")
    prerequisites: Mapped[list["Course"]] = relationship(
        secondary="prerequisite",
        primaryjoin="Course.id == Prerequisite.course_id",
        secondaryjoin="Course.id == Prerequisite.needs_id",
        order_by="Course.title",
        lazy="select",
    )

    @property
    def outcome_list(self) -> list[str]:
        """The learning outcomes, one by one."""
        return [line.strip() for line in self.outcomes.splitlines() if line.strip()]


class Prerequisite(Base):
    """One course that must be completed before another."""

    __tablename__ = "prerequisite"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    needs_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)


class Venue(Base):
    """A place where events happen."""

    __tablename__ = "venue"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(500), default="")
    directions: Mapped[str] = mapped_column(Text, default="")

    @property
    def map_href(self) -> str:
        """The address of a map search for the venue. Empty if the venue has no address."""
        address = " ".join(self.address.split())
        return f"https://www.openstreetmap.org/search?query={quote(address)}" if address else ""


def place_name(is_online: bool, venue: str | None) -> str:
    """Where a date is: "Online", the venue's name, or "Venue to be confirmed"."""
    return "Online" if is_online else venue or "Venue to be confirmed"


class Event(Base):
    """One scheduled delivery of a course. `starts_at` is that of the first session, `ends_at` of the last."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        index("starts_at", "id", name="ix_event_starts_at"),
        index("course_id", "starts_at", name="ix_event_course_id_starts_at"),
        index("ends_at", name="ix_event_ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(60), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    status: Mapped[EventStatus] = mapped_column(words(EventStatus), default=EventStatus.DRAFT)
    capacity: Mapped[int] = mapped_column(default=24)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    online_link: Mapped[str] = mapped_column(String(500), default="")
    """The joining link, shown only to people with a place."""
    is_online: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str] = mapped_column(Text, default="")
    """What people need to know beforehand, such as what to bring."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    """When the event was entered here. Events that had already ended then get no reminders."""
    called_off_at: Mapped[datetime | None]
    called_off_reason: Mapped[str] = mapped_column(String(500), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    """Rises with every change that calendars need to know."""
    policies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Only the policies that differ from those of the course."""
    is_list_paused: Mapped[bool] = mapped_column(default=False)
    """Whether a hub officer has paused its waiting list."""
    interested_told_at: Mapped[datetime | None]
    """When interested people were told. None until bookings open. People who ask later are told about the next date."""
    has_places_since: Mapped[datetime | None]
    """When the worker found places here, or None. People who joined another date's list since then are not told."""

    course: Mapped[Course] = relationship(lazy="joined")
    venue: Mapped[Venue | None] = relationship(lazy="joined")
    sessions: Mapped[list["EventSession"]] = relationship(
        back_populates="event", order_by="EventSession.number", cascade="all, delete-orphan", lazy="select"
    )
    trainers: Mapped[list["EventTrainer"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", lazy="select", order_by="EventTrainer.id"
    )

    @property
    def place(self) -> str:
        """Where the date is: "Online", the venue's name, or "Venue to be confirmed"."""
        return place_name(self.is_online, self.venue.name if self.venue else None)

    @property
    def is_called_off(self) -> bool:
        """Whether the hub has called the date off."""
        return self.status is EventStatus.CALLED_OFF

    @property
    def is_published(self) -> bool:
        """Whether the date is in the programme."""
        return self.status is EventStatus.PUBLISHED

    @property
    def is_listed(self) -> bool:
        """Whether the date's course is listed."""
        return self.course.is_listed


class EventSession(Base):
    """One dated part of an event, such as a half day, or day 2 of 2."""

    __tablename__ = "event_session"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    event: Mapped[Event] = relationship(back_populates="sessions")


class EventTrainer(Base):
    """One trainer of one event."""

    __tablename__ = "event_trainer"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        index("person_id", name="ix_event_trainer_person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    event: Mapped[Event] = relationship(back_populates="trainers")
    person: Mapped[Person] = relationship(lazy="joined")
