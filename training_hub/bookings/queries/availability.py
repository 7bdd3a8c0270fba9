"""How full an event is, who has a place, and who is next for an available one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import HOLDS_PLACE, OPEN, Status
from training_hub.bookings.queries.terms import terms_of_each
from training_hub.bookings.rules.availability import Availability, CourseDate, HasPlaces, availability
from training_hub.bookings.rules.places import Counts, Places, Share
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.database import db


def holds() -> ColumnElement[bool]:
    """The condition that a booking takes a place."""
    requested = and_(Booking.status == Status.REQUESTED, Booking.is_held)
    return and_(or_(Booking.status.in_(HOLDS_PLACE), requested), ~Booking.is_walk_in)


def _counted(*of: str) -> CompoundSelect[Any]:
    """Places held, people waiting, and places reserved, grouped by these columns."""
    bookings = [getattr(Booking, name) for name in of]
    reserved = [getattr(ReservedPlace, name) for name in of]
    return union_all(
        select(
            *bookings,
            func.sum(case((holds(), 1), else_=0)),
            func.sum(case((Booking.status == Status.WAITING, 1), else_=0)),
            literal(0),
        )
        .where(Booking.event_id.in_(bindparam("events")), Booking.status.in_(OPEN))
        .group_by(*bookings),
        select(*reserved, func.count(), literal(0), func.count())
        .where(ReservedPlace.event_id.in_(bindparam("events")), ReservedPlace.ended_at.is_(None))
        .group_by(*reserved),
    )


# Built once: building this statement takes longer than running it, and every page about dates runs it.
_COUNTED, _COUNTED_BY_AGENCY = _counted("event_id"), _counted("event_id", "agency_id")


def places(event: HasPlaces) -> Places:
    """How full `event` is at this moment of the transaction."""
    return places_of((event,))[event.id]


def places_of(events: Iterable[HasPlaces]) -> dict[int, Places]:
    """How full each of `events` is, by its id, in one query."""
    found = {event.id: Places(event.capacity, held=0, waiting=0) for event in events}
    for key, held, waiting, reserved in db.session.execute(_COUNTED, {"events": list(found)}):
        so_far = found[key]
        found[key] = Places(
            so_far.capacity,
            held=so_far.held + int(held),
            waiting=so_far.waiting + int(waiting),
            reserved=so_far.reserved + int(reserved),
        )
    return found


def shares_at(event: Event) -> dict[int, Share]:
    """How many places each agency holds at `event`, reserved ones included, and how many of its people wait."""
    return shares_of([event.id])[event.id]


def shares_of(event_ids: Sequence[int]) -> dict[int, dict[int, Share]]:
    """What each agency has at each of these events, as in `shares_at`, in one query."""
    found: dict[int, dict[int, Share]] = {event_id: {} for event_id in event_ids}
    rows = db.session.execute(_COUNTED_BY_AGENCY, {"events": list(event_ids)})
    for event_id, agency_id, held, waiting, reserved in rows:
        share = found[event_id].get(agency_id, Share())
        found[event_id][agency_id] = Share(
            share.held + int(held), share.waiting + int(waiting), share.reserved + int(reserved)
        )
    return found


def counts_of_each(events: Sequence[HasPlaces], caps: Mapping[int, int | None]) -> dict[int, Counts]:
    """How full each of `events` is, by its id, in one query. `caps` limit the places of one agency."""
    if all(caps[event.id] is None for event in events):
        return {key: Counts(places) for key, places in (places_of(events) if events else {}).items()}
    capacities = {event.id: event.capacity for event in events}
    return {
        key: Counts(
            Places(
                capacities[key],
                held=sum(share.held for share in shares.values()),
                waiting=sum(share.waiting for share in shares.values()),
                reserved=sum(share.reserved for share in shares.values()),
            ),
            caps[key],
            shares,
        )
        for key, shares in shares_of(list(capacities)).items()
    }


def counts_at(event: Event, terms: Terms, *, now: datetime) -> Counts:
    """How full `event` is at this moment of the transaction."""
    return counts_of_each((event,), {event.id: terms.cap(now=now)})[event.id]


def availability_at(
    event: Event, terms: Terms, agency_id: int | None, *, now: datetime, own: Status | None = None
) -> Availability:
    """How a person of this agency can book `event`. `own` is the status of their open booking there, if any."""
    return availability(event, terms, counts_at(event, terms, now=now), agency_id, now=now, own=own)


def availability_of_each(
    dates: Sequence[CourseDate], terms: Mapping[int, Terms], agency_id: int | None, *, now: datetime
) -> dict[int, Availability]:
    """How a person of this agency without a booking there can book each of `dates`, by its id, in one query."""
    counts = counts_of_each(dates, {date.id: terms[date.id].cap(now=now) for date in dates})
    return {
        date.id: availability(date, terms[date.id], counts[date.id], agency_id, now=now) for date in dates
    }


def availability_of_events(
    events: Sequence[Event], agency_id: int | None, *, now: datetime
) -> dict[int, Availability]:
    """The same for events whose terms are not known yet, in two queries."""
    return availability_of_each(events, terms_of_each(events), agency_id, now=now)
