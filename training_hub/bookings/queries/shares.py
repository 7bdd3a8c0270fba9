"""How the places of an event are shared by agency: with a name, reserved without one, and waited for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import joinedload

from training_hub.access import Role
from training_hub.bookings.models import OPEN, Booking, ReservedPlace, Status
from training_hub.bookings.queries.due import LOOKS_AHEAD
from training_hub.bookings.queries.places import holds
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Agency, Person, RoleHolding

MOST_EVENTS = 500


def reserved_at(event: Event) -> dict[Agency, list[ReservedPlace]]:
    """The places kept at `event` without a name, by agency, each agency's oldest first."""
    found: dict[Agency, list[ReservedPlace]] = {}
    for place in db.session.scalars(
        select(ReservedPlace)
        .where(ReservedPlace.event_id == event.id, ReservedPlace.ended_at.is_(None))
        .order_by(ReservedPlace.agency_id, ReservedPlace.id)
        .options(joinedload(ReservedPlace.agency))
    ):
        found.setdefault(place.agency, []).append(place)
    return found


def events_with_reserved(*, now: datetime) -> Sequence[int]:
    """The ids of the events at which places are kept without a name and that begin within the time in which that is
    looked at; soonest first."""
    return db.session.scalars(
        select(Event.id)
        .where(
            Event.starts_at < now + LOOKS_AHEAD,
            exists().where(ReservedPlace.event_id == Event.id, ReservedPlace.ended_at.is_(None)),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_EVENTS)
    ).all()


def those_to_tell(agency: Agency, kept: Sequence[ReservedPlace]) -> Sequence[Person]:
    """Whom to tell of an agency's reserved places: its training leads, or whoever reserved them where it has none."""
    leads = db.session.scalars(
        select(Person)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .where(Person.agency_id == agency.id, Person.is_active, RoleHolding.role == Role.AGENCY_LEAD)
        .order_by(Person.id)
    ).all()
    if leads:
        return leads
    return db.session.scalars(
        select(Person)
        .where(Person.id.in_({place.reserved_by_id for place in kept}), Person.is_active)
        .order_by(Person.id)
    ).all()


@dataclass(frozen=True)
class Mix:
    """What one agency has of an event's places."""

    agency: str
    held: int
    """Places with a name: booked, offered, or asked for where that holds one."""
    reserved: int
    waiting: int
    reserved_by: str = ""
    """Who keeps the places without a name."""

    @property
    def total(self) -> int:
        """Places that nobody else can have."""
        return self.held + self.reserved


def mix_at(event: Event) -> list[Mix]:
    """How the places of `event`, and its waiting list, are made up by agency as at booking: the most places first."""
    counted = db.session.execute(
        select(Booking.agency_id, Agency.name, _sum(holds()), _sum(Booking.status == Status.WAITING))
        .join(Agency, Booking.agency_id == Agency.id)
        .where(Booking.event_id == event.id, Booking.status.in_(OPEN))
        .group_by(Booking.agency_id, Agency.name)
    )
    found = {
        row[0]: Mix(row[1], held=int(row[2]), reserved=0, waiting=int(row[3]))
        for row in counted
        if row[2] or row[3]
    }
    kept = db.session.execute(
        select(ReservedPlace.agency_id, Agency.name, Person.name, func.count())
        .join(Agency, ReservedPlace.agency_id == Agency.id)
        .join(Person, ReservedPlace.reserved_by_id == Person.id)
        .where(ReservedPlace.event_id == event.id, ReservedPlace.ended_at.is_(None))
        .group_by(ReservedPlace.agency_id, Agency.name, ReservedPlace.reserved_by_id, Person.name)
        .order_by(Person.name, ReservedPlace.reserved_by_id)
    )
    for agency_id, agency, name, number in kept:
        so_far = found.get(agency_id) or Mix(agency, held=0, reserved=0, waiting=0)
        names = ", ".join(filter(None, (so_far.reserved_by, name)))
        found[agency_id] = Mix(agency, so_far.held, so_far.reserved + int(number), so_far.waiting, names)
    return sorted(found.values(), key=lambda mix: (-mix.total, -mix.waiting, mix.agency))


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
