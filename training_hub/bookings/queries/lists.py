"""Bookings as pages, registers and mails list them, cut to what whoever asks may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, raiseload

from training_hub.access import Actor, Permission, Scope, scopes, within
from training_hub.bookings.models import (
    CAN_STILL_CHANGE,
    CANNOT_COME,
    FLAGS,
    HAS_PLACE,
    OPEN,
    Booking,
    BookingChange,
    BookingNeeds,
    Status,
)
from training_hub.bookings.queries.lean import TO_BE_TOLD
from training_hub.catalogue.models import Course, Event, EventTrainer
from training_hub.database import db
from training_hub.people.models import Agency, Person

MOST_LISTED = 600
"""More than an event ever has; a list without an end is not read into a page."""


def trained_by(person_id: int) -> ColumnElement[bool]:
    """That the booking's event is one at which this person trains."""
    return exists().where(EventTrainer.event_id == Booking.event_id, EventTrainer.person_id == person_id)


def _expected_by(person_id: int) -> ColumnElement[bool]:
    """That the booking is a place at an event at which this person trains: who only waits tells them nothing."""
    return and_(Booking.status.in_(HAS_PLACE), trained_by(person_id))


def bookings_for(actor: Actor, permission: Permission) -> Select[Booking]:
    """The bookings over which `actor` holds `permission`."""
    return within(
        select(Booking),
        actor,
        permission,
        person=Booking.person_id,
        agency=Booking.agency_id,
        trained_by=trained_by,
    )


def booking_at(reference: str, actor: Actor, permission: Permission) -> Booking | None:
    """The booking with this reference, if `actor` holds `permission` over it, with all that its page shows."""
    return db.session.scalar(
        bookings_for(actor, permission)
        .where(Booking.reference == reference)
        .options(
            joinedload(Booking.event).joinedload(Event.course).lazyload(Course.board),
            joinedload(Booking.person).options(lazyload(Person.agency), lazyload(Person.holdings)),
        )
    )


def booking_by_id(booking_id: int) -> Booking | None:
    """The booking with this id, for whoever bears a link that names it."""
    return db.session.get(Booking, booking_id)


def own_bookings(person_id: int) -> list[Booking]:
    """The 200 newest bookings of one person, latest course date first; never another's, whatever the roles.

    Read with event, course and venue, and nothing of the person, who is known.
    """
    return list(
        db.session.scalars(
            select(Booking)
            .join(Booking.event)
            .where(Booking.person_id == person_id)
            .order_by(Event.starts_at.desc(), Booking.id.desc())
            .limit(200)
            .options(
                contains_eager(Booking.event).joinedload(Event.course).raiseload(Course.board),
                raiseload(Booking.person),
                raiseload(Booking.agency),
                raiseload(Booking.history),
            )
        )
    )


def on_register(event_id: int) -> Select[Booking]:
    """The bookings that a register lists: places held, and walk-ins, by name."""
    return (
        select(Booking)
        .where(Booking.event_id == event_id, Booking.status.in_(HAS_PLACE))
        .order_by(Booking.id)
    )


def is_within(booking: Booking, actor: Actor, permission: Permission) -> bool:
    """Whether `actor` holds `permission` over this booking."""
    statement = select(Booking.id).where(Booking.id == booking.id)
    reach = within(
        statement,
        actor,
        permission,
        person=Booking.person_id,
        agency=Booking.agency_id,
        trained_by=trained_by,
    )
    return db.session.scalar(reach) is not None


def sees_reasons(actor: Actor, person_id: int | None = None) -> bool:
    """Whether `actor` may read why a booking was changed: the training team, and the person, to whom the forms say
    it is told; never the trainers, nor whoever leads the training of an agency."""
    held = scopes(actor, Permission.CANCEL_BOOKINGS)
    return Scope.ALL in held or (Scope.OWN in held and person_id == actor.id)


def history_of(booking: Booking, actor: Actor) -> list[tuple[BookingChange, str, int | None, str | None]]:
    """Each change of `booking`, oldest first: the change, why as far as `actor` may read it, and the id and name of who
    made it, None for the system."""
    rows = db.session.execute(
        select(BookingChange, Person.id, Person.name)
        .outerjoin(Person, BookingChange.by_id == Person.id)
        .where(BookingChange.booking_id == booking.id)
        .order_by(BookingChange.id)
        .options(lazyload(BookingChange.by))
    )
    sees = booking.is_walk_in or sees_reasons(actor, booking.person_id)
    return [
        (change, change.why if sees or _is_of_register(change) else "", by_id, by_name)
        for change, by_id, by_name in rows
    ]


def _is_of_register(change: BookingChange) -> bool:
    """Whether a change is a mark on the register, or takes one back: its reason was not written for the person."""
    was = change.was
    return FLAGS[change.became].is_outcome or (was is not None and FLAGS[was].is_outcome)


def needs_of(booking: Booking, actor: Actor) -> BookingNeeds | None:
    """What the person of `booking` needs to take part, if `actor` may see it."""
    statement = (
        select(BookingNeeds)
        .join(Booking, BookingNeeds.booking_id == Booking.id)
        .where(BookingNeeds.booking_id == booking.id)
    )
    return db.session.scalar(
        within(statement, actor, Permission.SEE_NEEDS, person=Booking.person_id, trained_by=_expected_by)
    )


def can_say_needs(booking: Booking, *, now: datetime) -> bool:
    """Whether the person of `booking` can still say what they need: they are to come, or may be, and have not said."""
    if booking.status not in CAN_STILL_CHANGE or now >= booking.event.starts_at:
        return False
    return db.session.get(BookingNeeds, booking.id) is None


@dataclass(frozen=True)
class Listed:
    """The bookings of one event: who came or comes by name, who waits or has gone in the order of asking."""

    booked: Sequence[Any]
    undecided: Sequence[Any]
    """Requests and offers."""
    walk_ins: Sequence[Any]
    waiting: Sequence[Any]
    gone: Sequence[Any]

    @property
    def unanswered(self) -> int:
        """How many have yet to say whether they can come to the date as it was moved."""
        return sum(1 for row in self.booked if row.asked_sequence is not None)

    @property
    def still_coming(self) -> int:
        """How many have said that they can."""
        return sum(1 for row in self.booked if row.asked_sequence is None and row.has_answered)

    @property
    def cannot_come(self) -> int:
        """How many have said that they cannot; none for those who may not read why a place was given up."""
        return sum(1 for row in self.gone if row.why == CANNOT_COME)


def bookings_at(event_id: int, actor: Actor) -> Listed:
    """Everyone who is or was booked on an event, as far as `actor` may see them as its officer or trainer.

    The last change says when someone left, and to those who may read it, why.
    """
    sees = or_(Booking.is_walk_in, literal(sees_reasons(actor)))
    last = (
        select(func.max(BookingChange.id))
        .where(BookingChange.booking_id == Booking.id)
        .correlate(Booking)
        .scalar_subquery()
    )
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
            case((sees, BookingChange.why), else_="").label("why"),
        )
        .join(Person, Booking.person_id == Person.id)
        .join(Agency, Booking.agency_id == Agency.id)
        .outerjoin(BookingChange, BookingChange.id == last)
        .where(Booking.event_id == event_id)
        .order_by(Booking.asked_at, Booking.id)
        .limit(MOST_LISTED)
    )
    rows = db.session.execute(within(statement, actor, Permission.SEE_BOOKINGS, trained_by=trained_by)).all()
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


def needs_at(event_id: int, actor: Actor) -> dict[int, BookingNeeds]:
    """What people with an open booking at an event need to take part, by booking, as far as `actor` may see it."""
    statement = (
        select(BookingNeeds)
        .join(Booking, BookingNeeds.booking_id == Booking.id)
        .where(Booking.event_id == event_id, Booking.status.in_(OPEN))
    )
    seen = within(statement, actor, Permission.SEE_NEEDS, trained_by=_expected_by)
    return {needs.booking_id: needs for needs in db.session.scalars(seen)}


def to_be_told(event: Event) -> list[Booking]:
    """Everyone with a place at `event`, or a claim to one: whom the hub tells of what it does to the event."""
    return list(
        db.session.scalars(
            select(Booking)
            .where(Booking.event_id == event.id, Booking.status.in_(CAN_STILL_CHANGE))
            .order_by(Booking.id)
            .options(*TO_BE_TOLD)
        )
    )
