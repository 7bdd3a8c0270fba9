"""Questions about places and bookings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import raiseload

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models import HOLDS_PLACE, OPEN, Booking, Status
from training_hub.catalogue.models import Event, EventTrainer
from training_hub.database import db


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


def _held() -> Any:
    return func.coalesce(
        func.sum(case((Booking.status.in_(HOLDS_PLACE) & ~Booking.is_walk_in, 1), else_=0)), 0
    )


def _waiting() -> Any:
    return func.coalesce(func.sum(case((Booking.status == Status.WAITING, 1), else_=0)), 0)


def places(event: Event) -> Places:
    """How full `event` is at this moment of the transaction."""
    held, waiting = db.session.execute(
        select(_held(), _waiting()).where(Booking.event_id == event.id, Booking.status.in_(OPEN))
    ).one()
    return Places(event.capacity, int(held), int(waiting))


def places_of(events: Iterable[Event]) -> dict[int, Places]:
    """How full each of `events` is, by its id, in one query."""
    capacities = {event.id: event.capacity for event in events}
    counted = {
        row[0]: (int(row[1]), int(row[2]))
        for row in db.session.execute(
            select(Booking.event_id, _held(), _waiting())
            .where(Booking.event_id.in_(capacities), Booking.status.in_(OPEN))
            .group_by(Booking.event_id)
        )
    }
    return {key: Places(capacity, *counted.get(key, (0, 0))) for key, capacity in capacities.items()}


def open_booking(person_id: int, event_id: int) -> Booking | None:
    """The one booking that this person has for this event and has not given up."""
    return db.session.scalar(
        select(Booking).where(
            Booking.person_id == person_id, Booking.event_id == event_id, Booking.status.in_(OPEN)
        )
    )


def first_waiting(event: Event, limit: int) -> list[Booking]:
    """The first `limit` bookings on the waiting list of `event`, in the order in which they were asked for."""
    return list(
        db.session.scalars(
            select(Booking)
            .where(Booking.event_id == event.id, Booking.status == Status.WAITING)
            .order_by(Booking.asked_at, Booking.id)
            .limit(limit)
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


def trained_by(person_id: int) -> ColumnElement[bool]:
    """That the booking's event is one at which this person trains."""
    return exists().where(EventTrainer.event_id == Booking.event_id, EventTrainer.person_id == person_id)


def bookings_for(actor: Actor, permission: Permission) -> Select[Booking]:
    """The bookings over which `actor` holds `permission`."""
    return within(select(Booking), actor, permission, person=Booking.person_id, trained_by=trained_by)


def own_bookings(person_id: int) -> list[Booking]:
    """The 200 newest bookings of one person, latest course date first; never another's, whatever the roles."""
    return list(
        db.session.scalars(
            select(Booking)
            .join(Event, Booking.event_id == Event.id)
            .where(Booking.person_id == person_id)
            .order_by(Event.starts_at.desc(), Booking.id.desc())
            .limit(200)
            .options(raiseload(Booking.history))
        )
    )


def on_register(event_id: int) -> Select[Booking]:
    """The bookings that a register lists: places held, and walk-ins, by name."""
    return (
        select(Booking)
        .where(Booking.event_id == event_id, Booking.status.in_(HOLDS_PLACE))
        .order_by(Booking.id)
    )
