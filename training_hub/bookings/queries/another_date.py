"""People who wait at one date of a course while another date has places."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.interest import DateTold
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import availability_of_events
from training_hub.bookings.queries.interest import has_place_at
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db
from training_hub.people.models import Agency, Person

MOST_AT_ONCE = 500
_COMING = (Event.status == EventStatus.PUBLISHED, Course.is_listed)


def dates_that_turned(*, now: datetime) -> list[int]:
    """Ids of coming dates that became full, or have places again, since the worker last looked."""
    events = db.session.scalars(
        select(Event)
        .join(Course, Event.course_id == Course.id)
        # Not before people who asked for the course have been told, because they come first.
        .where(*_COMING, Event.starts_at > now, Event.interested_told_at.is_not(None))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_AT_ONCE)
    ).all()
    here = availability_of_events(events, None, now=now)
    return [
        event.id for event in events if here[event.id].is_free is not (event.has_places_since is not None)
    ]


def dates_to_tell_of(*, now: datetime) -> Sequence[int]:
    """Ids of coming dates with places, and people waiting elsewhere who have not been told, soonest first."""
    other, waits = aliased(Event), aliased(Booking)
    told = exists().where(DateTold.event_id == Event.id, DateTold.person_id == waits.person_id)
    wanted = (
        select(waits.id)
        .join(other, waits.event_id == other.id)
        .where(
            other.course_id == Event.course_id,
            other.id != Event.id,
            other.status == EventStatus.PUBLISHED,
            other.starts_at > now,
            waits.status == Status.WAITING,
            waits.asked_at <= Event.has_places_since,
            # Otherwise the worker would lock the date each minute, with nobody left to tell.
            ~told.correlate(Event, waits),
        )
        .correlate(Event)
        .exists()
    )
    return db.session.scalars(
        select(Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(*_COMING, Event.starts_at > now, Event.has_places_since.is_not(None), wanted)
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_AT_ONCE)
    ).all()


def waiting_elsewhere(
    event: Event, *, now: datetime, sectors: Collection[str], but: Collection[int], limit: int
) -> Sequence[Booking]:
    """The first `limit` people waiting at other coming dates since before `event` had places, who are not told yet.

    Leaves out people who are or were booked here, have a place at a coming date, or belong to the agencies `but` or
    another sector.
    """
    other, own = aliased(Event), aliased(Booking)
    told = exists().where(DateTold.event_id == event.id, DateTold.person_id == Booking.person_id)
    statement = (
        select(Booking)
        .join(other, Booking.event_id == other.id)
        .join(Person, Booking.person_id == Person.id)
        .join(Agency, Booking.agency_id == Agency.id)
        .where(
            other.course_id == event.course_id,
            other.id != event.id,
            other.status == EventStatus.PUBLISHED,
            other.starts_at > now,
            Booking.status == Status.WAITING,
            Booking.asked_at <= event.has_places_since,
            Person.is_active,
            Booking.agency_id.not_in(but),
            ~exists().where(own.event_id == event.id, own.person_id == Booking.person_id),
            ~has_place_at(event.course_id, now=now),
            ~told,
        )
        .order_by(Booking.asked_at, Booking.id)
        .limit(limit)
        .options(
            lazyload(Booking.agency),
            joinedload(Booking.person).options(lazyload(Person.agency), lazyload(Person.holdings)),
        )
    )
    if sectors:
        statement = statement.where(Agency.sector.in_(sectors))
    return db.session.scalars(statement).all()
