"""Everyone at one event, as officers see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, literal, or_, select

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import CAN_STILL_CHANGE, FLAGS, OPEN, Status
from training_hub.bookings.queries.availability import holds
from training_hub.bookings.queries.booking import MOST_LISTED, TO_BE_TOLD, last_change, sees_reasons
from training_hub.catalogue.models import Event
from training_hub.catalogue.queries import trained_by
from training_hub.database import db
from training_hub.people.models import Agency, Person


@dataclass(frozen=True)
class Listed:
    """The bookings of one event: places by name, the others in the order in which they asked."""

    booked: Sequence[Any]
    undecided: Sequence[Any]
    """Requests and offers."""
    walk_ins: Sequence[Any]
    waiting: Sequence[Any]
    gone: Sequence[Any]

    @property
    def unanswered(self) -> int:
        """How many people have not answered the last move yet."""
        return sum(1 for row in self.booked if row.asked_sequence is not None)

    @property
    def still_coming(self) -> int:
        """How many people have said that they can still come."""
        return sum(1 for row in self.booked if row.asked_sequence is None and row.has_answered)

    @property
    def cannot_come(self) -> int:
        """How many people have said that they cannot come. 0 for readers who may not see reasons."""
        return sum(1 for row in self.gone if row.cause is Cause.CANNOT_COME)


def bookings_at(event_id: int, actor: Actor) -> Listed:
    """Everyone who is or was booked on an event, as far as `actor` may see them.

    With the last change, and its reason for readers who may see it.
    """
    sees = or_(Booking.is_walk_in, literal(sees_reasons(actor)))
    answered = exists().where(
        BookingChange.booking_id == Booking.id,
        BookingChange.was == Status.CONFIRMED,
        BookingChange.became == Status.CONFIRMED,
    )
    statement = (
        select(
            Booking.id,
            Booking.reference,
            Booking.status,
            Booking.is_walk_in,
            Booking.asked_at,
            Booking.confirmed_at,
            Booking.decide_by,
            Booking.asked_sequence,
            answered.correlate(Booking).label("has_answered"),
            Person.name,
            Person.job_role,
            Agency.name.label("agency"),
            BookingChange.at.label("changed_at"),
            case((sees, BookingChange.cause)).label("cause"),
            case((sees, BookingChange.why), else_="").label("why"),
        )
        .join(Person, Booking.person_id == Person.id)
        .join(Agency, Booking.agency_id == Agency.id)
        .outerjoin(BookingChange, BookingChange.id == last_change())
        .where(Booking.event_id == event_id)
        .order_by(Booking.asked_at, Booking.id)
        .limit(MOST_LISTED)
    )
    trains = partial(trained_by, Booking.event_id)
    rows = db.session.execute(within(statement, actor, Permission.SEE_BOOKINGS, trained_by=trains)).all()
    held = sorted(
        (row for row in rows if FLAGS[row.status].has_place), key=lambda row: (row.name.casefold(), row.id)
    )
    return Listed(
        booked=[row for row in held if not row.is_walk_in],
        undecided=[row for row in rows if row.status in {Status.REQUESTED, Status.OFFERED}],
        walk_ins=[row for row in held if row.is_walk_in],
        waiting=[row for row in rows if row.status is Status.WAITING],
        gone=[row for row in rows if not FLAGS[row.status].is_open],
    )


def to_be_told(event: Event) -> list[Booking]:
    """Everyone with a place at `event` or a claim to one."""
    return list(
        db.session.scalars(
            select(Booking)
            .where(Booking.event_id == event.id, Booking.status.in_(CAN_STILL_CHANGE))
            .order_by(Booking.id)
            .options(*TO_BE_TOLD)
        )
    )


@dataclass(frozen=True)
class Mix:
    """One agency's places and waiting people at an event."""

    agency: str
    held: int
    """Named places: booked, offered, or held by a request."""
    reserved: int
    waiting: int
    reserved_by: str = ""
    """Who reserved the unnamed places."""

    @property
    def total(self) -> int:
        """The agency's places, named and reserved, which others cannot have."""
        return self.held + self.reserved


def mix_at(event: Event) -> list[Mix]:
    """How the places and the waiting list of `event` divide by agency as at booking, most places first."""
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
