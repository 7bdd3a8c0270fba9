"""How full an event is, who has a place, and who is next."""

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
from training_hub.bookings.rules.availability import (
    HasPlaces,
    Places,
    RoomFor,
    Share,
    claims_on,
    has_room,
    is_share_used,
)
from training_hub.bookings.rules.terms import Terms, terms_of
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db
from training_hub.people.models import Agency
from training_hub.policies.queries import partnership


def holds() -> ColumnElement[bool]:
    """That a booking takes one of the places there are (domain 3)."""
    requested = and_(Booking.status == Status.REQUESTED, Booking.is_held)
    return and_(or_(Booking.status.in_(HOLDS_PLACE), requested), ~Booking.is_walk_in)


def _counted(*of: str) -> CompoundSelect[Any]:
    """Places held, people waiting and, beside those held, places reserved, for each of these columns together."""
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


# Put together once: that takes longer than the answer does, and every page about dates asks it.
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
    """What each agency has at each of these events, as `shares_at` says, in one query whatever their number."""
    found: dict[int, dict[int, Share]] = {event_id: {} for event_id in event_ids}
    rows = db.session.execute(_COUNTED_BY_AGENCY, {"events": list(event_ids)})
    for event_id, agency_id, held, waiting, reserved in rows:
        share = found[event_id].get(agency_id, Share())
        found[event_id][agency_id] = Share(
            share.held + int(held), share.waiting + int(waiting), share.reserved + int(reserved)
        )
    return found


def counted_by_agency(events: Iterable[HasPlaces]) -> dict[int, tuple[Places, dict[int, Share]]]:
    """How full each of `events` is, and what each agency has there, by its id, in one query."""
    capacities = {event.id: event.capacity for event in events}
    return {
        key: (
            Places(
                capacities[key],
                held=sum(share.held for share in shares.values()),
                waiting=sum(share.waiting for share in shares.values()),
                reserved=sum(share.reserved for share in shares.values()),
            ),
            shares,
        )
        for key, shares in shares_of(list(capacities)).items()
    }


def rooms_for(
    events: Sequence[HasPlaces], caps: Mapping[int, int | None], agency_id: int | None
) -> dict[int, RoomFor]:
    """How full each of `events`, at which an agency may hold so many places (`caps`), is for the people of the agency
    with this id, by the event's id; in one query."""
    if all(caps[event.id] is None for event in events):
        counted = places_of(events) if events else {}
        return {key: RoomFor(places, claims=places.waiting) for key, places in counted.items()}
    rooms = {}
    for event_id, (places, shares) in counted_by_agency(events).items():
        cap = caps[event_id]
        rooms[event_id] = RoomFor(
            places,
            cap,
            claims=claims_on(places.waiting, cap=cap, shares=shares),
            is_share_used=agency_id is not None and is_share_used(agency_id, cap=cap, shares=shares),
        )
    return rooms


def room_for(event: Event, terms: Terms, agency_id: int | None, *, now: datetime) -> RoomFor:
    """How full `event` is for the people of the agency with this id, as `rooms_for` says."""
    return rooms_for((event,), {event.id: terms.cap(now=now)}, agency_id)[event.id]


def rooms_at(events: Sequence[Event], agency_id: int | None, *, now: datetime) -> dict[int, RoomFor]:
    """The same for each of `events`, by its id; in two queries."""
    terms = terms_of_each(events) if events else {}
    return rooms_for(events, {key: each.cap(now=now) for key, each in terms.items()}, agency_id)


def is_room(event: Event, agency: Agency, terms: Terms, *, now: datetime) -> bool:
    """Whether someone of `agency` who asks now has a place at a held `event`, rather than a turn on its list."""
    cap = terms.cap(now=now)
    shares = {} if cap is None else shares_at(event)
    return has_room(places(event), agency.id, cap=cap, shares=shares)


MOST_IN_CALENDAR = 600


COMING: tuple[ColumnElement[bool], ...] = (
    Event.status == EventStatus.PUBLISHED,
    Course.is_listed.is_(True),
    Event.starts_at > bindparam("now"),
)
"""That an event is published, of a listed course, and has not begun at the moment `now`."""


def _weighed(now: datetime, agency_id: int | None) -> tuple[list[int], list[int], list[int]]:
    """The ids of the coming dates that cannot be booked at `now`; of those at which one agency may hold so many places
    only; and of those of them that have one for the agency with this id. By policies, which no statement can weigh."""
    wide = partnership()
    coming = db.session.execute(
        select(Event.id, Event.capacity, Event.starts_at, Course.policies, Event.policies)
        .join(Course, Event.course_id == Course.id)
        .where(*COMING)
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_IN_CALENDAR),
        {"now": now},
    ).all()
    terms = {row.id: terms_of(row.starts_at, wide, *row[3:]) for row in coming}
    shut = [
        key for key, each in terms.items() if now >= each.bookings_close_at or each.is_yet_to_open(now=now)
    ]
    caps = {row.id: cap for row in coming if (cap := terms[row.id].cap(now=now)) is not None}
    rooms = rooms_for([row for row in coming if row.id in caps], caps, agency_id)
    return shut, list(caps), [key for key, each in rooms.items() if not each.is_full]
