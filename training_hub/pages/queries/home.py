"""What the home page shows: next dates and tasks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import HAS_PLACE, OPEN, Status
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus, Venue
from training_hub.catalogue.queries import trained_by
from training_hub.database import db
from training_hub.london import day_bounds, london_date
from training_hub.mail.models import Mail, MailState

SHOWN = 10
"""The most rows of each kind on a home page."""
LOOKS_BACK = timedelta(days=365)


def own_next(person_id: int, *, now: datetime) -> Sequence[Any]:
    """A person's next bookings, including waiting ones, soonest first."""
    return db.session.execute(
        select(
            Booking.reference,
            Booking.status,
            Event.starts_at,
            Event.ends_at,
            Event.is_online,
            Venue.name.label("venue"),
            Course.title,
        )
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .outerjoin(Venue, Event.venue_id == Venue.id)
        .where(Booking.person_id == person_id, Booking.status.in_(OPEN), Event.ends_at > now)
        .order_by(Event.starts_at, Booking.id)
        .limit(4)
    ).all()


def own_offers(person_id: int, *, now: datetime) -> Sequence[Any]:
    """The open offers of a person, the first to expire first."""
    return db.session.execute(
        select(Booking.reference, Booking.decide_by, Event.starts_at, Course.title)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(
            Booking.person_id == person_id,
            Booking.status == Status.OFFERED,
            Booking.decide_by > now,
            Event.starts_at > now,
        )
        .order_by(Booking.decide_by, Booking.id)
        .limit(SHOWN)
    ).all()


def registers_today(person_id: int, *, now: datetime) -> Sequence[Any]:
    """The sessions of today at which this person trains, with how many people are expected."""
    start, end = day_bounds(london_date(now), london_date(now))
    return db.session.execute(
        select(
            Event.id,
            EventSession.number,
            EventSession.starts_at,
            EventSession.ends_at,
            Event.is_online,
            Venue.name.label("venue"),
            Course.title,
            _people().label("people"),
        )
        .select_from(EventSession)
        .join(Event, EventSession.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .outerjoin(Venue, Event.venue_id == Venue.id)
        .where(
            EventSession.starts_at >= start,
            EventSession.starts_at < end,
            Event.status == EventStatus.PUBLISHED,
            trained_by(Event.id, person_id),
        )
        .order_by(EventSession.starts_at, EventSession.id)
        .limit(SHOWN)
    ).all()


def registers_to_mark(*, now: datetime, trainer_id: int | None = None) -> Sequence[Any]:
    """Past dates with people not marked, oldest first, for one trainer or for all.

    Leaves out dates that were entered after they had ended.
    """
    asked = [
        Booking.status == Status.CONFIRMED,
        Event.status == EventStatus.PUBLISHED,
        Event.ends_at < now,
        Event.ends_at > now - LOOKS_BACK,
        Event.entered_at < Event.ends_at,
    ]
    if trainer_id is not None:
        asked.append(trained_by(Event.id, trainer_id))
    return db.session.execute(
        select(Event.id, Event.starts_at, Course.title, func.count().label("people"))
        .select_from(Booking)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(*asked)
        .group_by(Event.id, Event.starts_at, Course.title)
        .order_by(Event.starts_at, Event.id)
        .limit(SHOWN)
    ).all()


def failed_mails() -> int:
    """How many emails could not be sent."""
    statement = select(func.count()).select_from(Mail).where(Mail.state == MailState.FAILED)
    return int(db.session.scalar(statement) or 0)


def drafts() -> int:
    """How many course dates are still drafts."""
    statement = select(func.count()).select_from(Event).where(Event.status == EventStatus.DRAFT)
    return int(db.session.scalar(statement) or 0)


def _people() -> Any:
    held = case((Booking.status.in_(HAS_PLACE), 1), else_=0)
    return (
        select(func.coalesce(func.sum(held), 0))
        .where(Booking.event_id == Event.id)
        .correlate(Event)
        .scalar_subquery()
    )
