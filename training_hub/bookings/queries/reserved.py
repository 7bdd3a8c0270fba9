"""Places that agencies reserve without a name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.queries.events import LOOKS_AHEAD
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Agency, Person, RoleHolding

MOST_EVENTS = 500


def unnamed(agency: Agency) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The condition that a place is reserved by this agency, and has no name yet."""
    return ReservedPlace.agency_id == agency.id, ReservedPlace.ended_at.is_(None)


def reserved_at(event: Event) -> dict[Agency, list[ReservedPlace]]:
    """The reserved places at `event` by agency, oldest first."""
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
    """Ids of events with reserved places that start in the next four months, soonest first."""
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
    """The training leads of an agency, or the people who reserved the places if it has no leads."""
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


def reserved_places(event: Event, agency: Agency) -> Sequence[ReservedPlace]:
    """The places that `agency` reserves at `event`, oldest first."""
    return db.session.scalars(
        select(ReservedPlace)
        .where(ReservedPlace.event_id == event.id, *unnamed(agency))
        .order_by(ReservedPlace.id)
    ).all()


def named_place(booking: Booking) -> ReservedPlace | None:
    """The reserved place that `booking` was named for."""
    return db.session.scalar(
        select(ReservedPlace).where(
            ReservedPlace.event_id == booking.event_id, ReservedPlace.booking_id == booking.id
        )
    )
