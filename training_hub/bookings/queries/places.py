"""How full an event is, who has a place, and who is next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased, lazyload

from training_hub.bookings.models import HOLDS_PLACE, OPEN, Booking, ReservedPlace, Status
from training_hub.bookings.queries.lean import TO_BE_TOLD
from training_hub.bookings.rules import Share, Terms, terms_of
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Person
from training_hub.policies.queries import partnership


class HasPlaces(Protocol):
    """An event, or as much of one as it takes to say how full it is."""

    @property
    def id(self) -> int: ...

    @property
    def capacity(self) -> int: ...


@dataclass(frozen=True)
class Places:
    """How full an event is. Walk-ins stand outside it (domain 3)."""

    capacity: int
    held: int
    """Places that nobody else can have: booked, offered, requested where that holds one, and reserved."""
    waiting: int
    reserved: int = 0
    """Those of them that an agency keeps without saying yet for whom."""

    @property
    def free(self) -> int:
        """Places that someone could have now; imported history may hold more than there are."""
        return max(self.capacity - self.held, 0)

    @property
    def taken(self) -> int:
        """Places that whoever asks now cannot have: a free one with people waiting for it is theirs."""
        return min(self.held + self.waiting, max(self.capacity, self.held))


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


def terms_for(event: Event) -> Terms:
    """The policies in force for `event`, and what they come to for it."""
    return terms_of(event.starts_at, partnership(), event.course.policies, event.policies)


def terms_of_each(events: Iterable[Event]) -> dict[int, Terms]:
    """The same for each of `events`, by its id; the partnership is asked once for all."""
    wide = partnership()
    return {
        event.id: terms_of(event.starts_at, wide, event.course.policies, event.policies) for event in events
    }


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


_OPEN_BOOKING = (
    select(Booking)
    .where(
        Booking.person_id == bindparam("person"),
        Booking.event_id == bindparam("event"),
        Booking.status.in_(OPEN),
    )
    # Whoever asks has the person and the event at hand.
    .options(lazyload(Booking.event), lazyload(Booking.person), lazyload(Booking.agency))
)


def open_booking(person_id: int, event_id: int) -> Booking | None:
    """The one booking that this person has for this event and has not given up."""
    return db.session.scalar(_OPEN_BOOKING, {"person": person_id, "event": event_id})


def own_at(event_ids: Iterable[int], person_id: int) -> dict[int, Status]:
    """What this person's open booking at each of these events is; those at which they have none are left out."""
    ids = list(event_ids)
    if not ids:
        return {}
    rows = db.session.execute(
        select(Booking.event_id, Booking.status).where(
            Booking.person_id == person_id, Booking.event_id.in_(ids), Booking.status.in_(OPEN)
        )
    )
    return {row[0]: row[1] for row in rows}


def first_waiting(event: Event, limit: int) -> list[Booking]:
    """The first `limit` bookings on the waiting list of `event`, in the order in which they were asked for.

    Whoever's account is closed gets no place: their turn is given up within a minute.
    """
    return list(
        db.session.scalars(
            select(Booking)
            .join(Person, Booking.person_id == Person.id)
            .where(Booking.event_id == event.id, Booking.status == Status.WAITING, Person.is_active)
            .order_by(Booking.asked_at, Booking.id)
            .limit(limit)
            .options(*TO_BE_TOLD)
        )
    )


def line(event: Event) -> Sequence[Row[int, int]]:
    """The id and the agency of every booking on the waiting list of `event`, in order: no more than it takes to see
    who is next. Whoever's account is closed is passed over, as in `first_waiting`."""
    return db.session.execute(
        select(Booking.id, Booking.agency_id)
        .join(Person, Booking.person_id == Person.id)
        .where(Booking.event_id == event.id, Booking.status == Status.WAITING, Person.is_active)
        .order_by(Booking.asked_at, Booking.id)
    ).all()


def in_order(ids: Sequence[int]) -> list[Booking]:
    """The bookings with these ids, in the order in which they were asked for."""
    return list(
        db.session.scalars(
            select(Booking)
            .where(Booking.id.in_(ids))
            .order_by(Booking.asked_at, Booking.id)
            .options(*TO_BE_TOLD)
        )
    )


# These two as well: whoever joins a list is told their turn, and asks both.
_WAITS = (Booking.event_id == bindparam("event"), Booking.status == Status.WAITING)
_LAST_ASKED = select(func.max(Booking.asked_at)).where(*_WAITS)
_BEFORE = select(func.count()).where(
    *_WAITS,
    or_(
        Booking.asked_at < bindparam("asked_at"),
        and_(Booking.asked_at == bindparam("asked_at"), Booking.id < bindparam("booking")),
    ),
)


def end_of_list(event: Event, *, now: datetime) -> datetime:
    """The moment from which someone waits who comes in at `now` behind all who wait for `event` already.

    Two clocks may differ, and someone may have been told their turn by one that is ahead.
    """
    last = db.session.scalar(_LAST_ASKED, {"event": event.id})
    return now if last is None or now > last else last + timedelta(microseconds=1)


def waiting_position(booking: Booking) -> int:
    """How many are before `booking` on its waiting list, and one: 1 is the next to get a place."""
    given = {"event": booking.event_id, "asked_at": booking.asked_at, "booking": booking.id}
    return int(db.session.scalar(_BEFORE, given) or 0) + 1


def waiting_positions(bookings: Iterable[Any]) -> dict[int, int]:
    """Where each of `bookings` that waits stands on its list, by the booking's id, in one query."""
    ids = [booking.id for booking in bookings if booking.status is Status.WAITING]
    if not ids:
        return {}
    other = aliased(Booking)
    before = (other.asked_at < Booking.asked_at) | (
        (other.asked_at == Booking.asked_at) & (other.id < Booking.id)
    )
    counted = (
        select(Booking.id, func.count(other.id))
        .select_from(Booking)
        .outerjoin(other, and_(other.event_id == Booking.event_id, other.status == Status.WAITING, before))
        .where(Booking.id.in_(ids))
        .group_by(Booking.id)
    )
    return {row[0]: int(row[1]) + 1 for row in db.session.execute(counted)}
