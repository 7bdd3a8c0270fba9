"""Events, for the people who book or manage them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import bindparam, exists, or_, select

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import OPEN
from training_hub.bookings.queries.availability import availability_of_each
from training_hub.bookings.queries.terms import terms_of_each
from training_hub.bookings.rules.availability import Availability, is_open
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.catalogue.queries import trained_by
from training_hub.database import db

MOST_OTHERS = 40
"""More upcoming dates than a course ever has."""

_BOOKED = exists().where(
    Booking.event_id == Event.id, Booking.person_id == bindparam("person"), Booking.status.in_(OPEN)
)
_BOOKABLE = (
    select(Event)
    .join(Course, Event.course_id == Course.id)
    .where(
        Event.id == bindparam("event"),
        Event.status != EventStatus.DRAFT,
        or_(Course.is_listed, _BOOKED),
    )
)


def bookable_event(event_id: int, person_id: int) -> Event | None:
    """The event, if this person may see it in the programme, now or after it is over.

    Never a draft. A date of an unlisted course only for people booked on it.
    """
    return db.session.scalar(_BOOKABLE, {"event": event_id, "person": person_id})


def event_within(event_id: int, actor: Actor, permission: Permission) -> Event | None:
    """The event, if `actor` holds `permission` over it, as an officer or as its trainer."""
    statement = select(Event).where(Event.id == event_id)
    return db.session.scalar(within(statement, actor, permission, trained_by=partial(trained_by, Event.id)))


@dataclass(frozen=True)
class OpenDate:
    """A date that takes bookings, or at least has an open waiting list."""

    event: Event
    terms: Terms
    availability: Availability


def open_dates(event: Event, *, now: datetime, agency_id: int | None = None) -> list[OpenDate]:
    """The other dates of the course that take bookings, soonest first, with how full each is for the agency.

    Four queries at most.
    """
    others = other_dates(event, now=now, limit=MOST_OTHERS)
    terms = terms_of_each(others)
    bookable = [other for other in others if is_open(other, terms[other.id], now=now)]
    here = availability_of_each(bookable, terms, agency_id, now=now)
    return [OpenDate(other, terms[other.id], here[other.id]) for other in bookable]


def other_dates(event: Event, *, now: datetime, limit: int = 5) -> list[Event]:
    """The next dates of the same course that are in the programme, soonest first. None if the course is not listed."""
    return list(
        db.session.scalars(
            select(Event)
            .join(Course, Event.course_id == Course.id)
            .where(
                Course.is_listed,
                Event.course_id == event.course_id,
                Event.id != event.id,
                Event.status == EventStatus.PUBLISHED,
                Event.starts_at > now,
            )
            .order_by(Event.starts_at, Event.id)
            .limit(limit)
        )
    )


LOOKS_AHEAD = timedelta(days=120)
"""Longer than any policy's number of days before a course date."""
MOST_EVENTS = 1000


def coming_events(*, now: datetime) -> Sequence[Event]:
    """Published events that start after `now`, four months ahead, soonest first."""
    return db.session.scalars(
        select(Event)
        .where(
            Event.status == EventStatus.PUBLISHED, Event.starts_at > now, Event.starts_at < now + LOOKS_AHEAD
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_EVENTS)
    ).all()
