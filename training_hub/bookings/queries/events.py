"""Events, as those who book them or have them in hand ask for them."""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, or_, select

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models import OPEN, Booking
from training_hub.bookings.queries.places import places_of, terms_for
from training_hub.bookings.rules import is_open
from training_hub.bookings.rules.eligibility import bars
from training_hub.catalogue.models import Course, Event, EventStatus, EventTrainer
from training_hub.database import db

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
    """The event, if it is or was in the programme for this person: a draft is nobody's to book, and a date of a course
    that is not listed is shown to those alone who have a booking there."""
    return db.session.scalar(_BOOKABLE, {"event": event_id, "person": person_id})


def event_within(event_id: int, actor: Actor, permission: Permission) -> Event | None:
    """The event, if `actor` holds `permission` over it as an officer or as its trainer."""

    def trains_there(person_id: int) -> ColumnElement[bool]:
        return exists().where(EventTrainer.event_id == Event.id, EventTrainer.person_id == person_id)

    return db.session.scalar(
        within(select(Event).where(Event.id == event_id), actor, permission, trained_by=trains_there)
    )


def dates_with_room(booking: Booking, *, now: datetime) -> list[Event]:
    """The other dates of the course to which a place could move now: open, for this agency's sector, and with a place
    that nobody waits for."""
    others = other_dates(booking.event, now=now, limit=40)
    counted = places_of(others) if others else {}
    found = []
    for event in others:
        terms, full = terms_for(event), counted[event.id]
        is_barred = bool(bars(booking.agency.sector, terms.policies.sectors, missing=()))
        if is_open(event, terms, now=now) and full.free > full.waiting and not is_barred:
            found.append(event)
    return found


def other_dates(event: Event, *, now: datetime, limit: int = 5) -> list[Event]:
    """The next dates of the same course that are in the programme, soonest first; of one not listed, none."""
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
