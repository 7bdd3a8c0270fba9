"""How full an event is, who has a place, and who is next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import aliased, lazyload

from training_hub.bookings.models import HOLDS_PLACE, OPEN, Booking, Status
from training_hub.bookings.queries.lean import TO_BE_TOLD
from training_hub.catalogue.models import Event
from training_hub.database import db


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
    waiting: int

    @property
    def free(self) -> int:
        """Places that someone could have now; imported history may hold more than there are."""
        return max(self.capacity - self.held, 0)


# Put together once: that takes longer than the answer does, and every page about dates asks it.
_COUNTED = (
    select(
        Booking.event_id,
        func.sum(case((Booking.status.in_(HOLDS_PLACE) & ~Booking.is_walk_in, 1), else_=0)),
        func.sum(case((Booking.status == Status.WAITING, 1), else_=0)),
    )
    .where(Booking.event_id.in_(bindparam("events")), Booking.status.in_(OPEN))
    .group_by(Booking.event_id)
)


def places(event: HasPlaces) -> Places:
    """How full `event` is at this moment of the transaction."""
    return places_of((event,))[event.id]


def places_of(events: Iterable[HasPlaces]) -> dict[int, Places]:
    """How full each of `events` is, by its id, in one query."""
    capacities = {event.id: event.capacity for event in events}
    counted = {
        row[0]: (int(row[1]), int(row[2]))
        for row in db.session.execute(_COUNTED, {"events": list(capacities)})
    }
    return {key: Places(capacity, *counted.get(key, (0, 0))) for key, capacity in capacities.items()}


def open_booking(person_id: int, event_id: int) -> Booking | None:
    """The one booking that this person has for this event and has not given up."""
    return db.session.scalar(
        select(Booking)
        .where(Booking.person_id == person_id, Booking.event_id == event_id, Booking.status.in_(OPEN))
        # Whoever asks has the person and the event at hand.
        .options(lazyload(Booking.event), lazyload(Booking.person), lazyload(Booking.agency))
    )


def first_waiting(event: Event, limit: int) -> list[Booking]:
    """The first `limit` bookings on the waiting list of `event`, in the order in which they were asked for."""
    return list(
        db.session.scalars(
            select(Booking)
            .where(Booking.event_id == event.id, Booking.status == Status.WAITING)
            .order_by(Booking.asked_at, Booking.id)
            .limit(limit)
            .options(*TO_BE_TOLD)
        )
    )


def last_asked_at(event: Event) -> datetime | None:
    """When the last of those who wait for `event` asked; None where nobody waits."""
    return db.session.scalar(
        select(func.max(Booking.asked_at)).where(
            Booking.event_id == event.id, Booking.status == Status.WAITING
        )
    )


def waiting_position(booking: Booking) -> int:
    """How many are before `booking` on its waiting list, and one: 1 is the next to get a place."""
    earlier = (Booking.asked_at < booking.asked_at) | (
        (Booking.asked_at == booking.asked_at) & (Booking.id < booking.id)
    )
    count = select(func.count()).where(
        Booking.event_id == booking.event_id, Booking.status == Status.WAITING, earlier
    )
    return int(db.session.scalar(count) or 0) + 1


def waiting_positions(bookings: Iterable[Booking]) -> dict[int, int]:
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
