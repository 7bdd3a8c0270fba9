"""Read bookings: one, a person's own, and those that a reader may see."""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, raiseload

from training_hub.access import Actor, Permission, Scope, scopes, within
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import FLAGS, HAS_PLACE, OPEN, Status
from training_hub.bookings.rules.wording import reason_of
from training_hub.catalogue.models import Course, Event
from training_hub.catalogue.queries import trained_by
from training_hub.database import db
from training_hub.people.models import Person

TO_BE_TOLD = (
    lazyload(Booking.event),
    lazyload(Booking.agency),
    joinedload(Booking.person).options(lazyload(Person.agency), lazyload(Person.holdings)),
)

MOST_LISTED = 600
"""More than an event ever has."""


def bookings_for(actor: Actor, permission: Permission) -> Select[Booking]:
    """The bookings over which `actor` holds `permission`."""
    return within(
        select(Booking),
        actor,
        permission,
        person=Booking.person_id,
        agency=Booking.agency_id,
        trained_by=partial(trained_by, Booking.event_id),
    )


def booking_at(reference: str, actor: Actor, permission: Permission) -> Booking | None:
    """The booking with this reference, loaded with all that its page shows, if `actor` holds `permission` over it."""
    return db.session.scalar(
        bookings_for(actor, permission)
        .where(Booking.reference == reference)
        .options(
            joinedload(Booking.event).joinedload(Event.course).lazyload(Course.board),
            joinedload(Booking.person).options(lazyload(Person.agency), lazyload(Person.holdings)),
        )
    )


def own_bookings(person_id: int) -> list[Booking]:
    """A person's own 200 newest bookings, latest course date first.

    Loaded with event, course and venue, without the person.
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


def last_change() -> ScalarSelect[int]:
    """The id of a booking's last change."""
    return (
        select(func.max(BookingChange.id))
        .where(BookingChange.booking_id == Booking.id)
        .correlate(Booking)
        .scalar_subquery()
    )


def on_register(event_id: int) -> Select[Booking]:
    """The bookings that a register lists: places and walk-ins, by name."""
    return (
        select(Booking)
        .where(Booking.event_id == event_id, Booking.status.in_(HAS_PLACE))
        .order_by(Booking.id)
    )


def is_within(booking: Booking, actor: Actor, permission: Permission) -> bool:
    """Whether `actor` holds `permission` over this booking."""
    found = bookings_for(actor, permission).where(Booking.id == booking.id)
    return db.session.scalar(found.with_only_columns(Booking.id)) is not None


def sees_reasons(actor: Actor, person_id: int | None = None) -> bool:
    """Whether `actor` may read why a booking changed. The training team and the booked person may.

    Forms that ask for a reason say that the person is told it. Trainers and agency leads do not see reasons.
    """
    held = scopes(actor, Permission.CANCEL_BOOKINGS)
    return Scope.ALL in held or (Scope.OWN in held and person_id == actor.id)


def history_of(booking: Booking, actor: Actor) -> list[tuple[BookingChange, str, int | None, str | None]]:
    """Each change, oldest first: the change, the reason if `actor` may read it, and the id and name of who made it."""
    rows = db.session.execute(
        select(BookingChange, Person.id, Person.name)
        .outerjoin(Person, BookingChange.by_id == Person.id)
        .where(BookingChange.booking_id == booking.id)
        .order_by(BookingChange.id)
        .options(lazyload(BookingChange.by))
    )
    sees = booking.is_walk_in or sees_reasons(actor, booking.person_id)
    return [
        (change, reason_of(change.cause, change.why) if sees or _is_of_register(change) else "", by_id, name)
        for change, by_id, name in rows
    ]


def _is_of_register(change: BookingChange) -> bool:
    """Whether the change is a mark on the register. Its reason was not written for the booked person to read."""
    was = change.was
    return FLAGS[change.became].is_outcome or (was is not None and FLAGS[was].is_outcome)


def successor(booking: Booking) -> Booking | None:
    """The booking that replaced this one, the newest where there are several."""
    return db.session.scalar(
        select(Booking).where(Booking.follows_id == booking.id).order_by(Booking.id.desc()).limit(1)
    )


def who_passed_on(booking: Booking) -> Person:
    """The person who passed the place on. If the training team did, the person whose place it was."""
    passed = next(row for row in reversed(booking.history) if row.became is Status.SUBSTITUTED)
    if passed.by is None or Scope.ALL in scopes(passed.by, Permission.CHANGE_BOOKINGS):
        return booking.person
    return passed.by


def taken_instead(booking: Booking) -> Booking | None:
    """The open booking that replaced one whose date was called off, even if the new booking was moved later."""
    after = successor(booking)
    while after is not None and after.status is Status.TRANSFERRED:
        after = successor(after)
    return after if after is not None and after.flags.is_open else None


_OPEN_BOOKING = (
    select(Booking)
    .where(
        Booking.person_id == bindparam("person"),
        Booking.event_id == bindparam("event"),
        Booking.status.in_(OPEN),
    )
    # Callers have the person and the event already.
    .options(lazyload(Booking.event), lazyload(Booking.person), lazyload(Booking.agency))
)


def open_booking(person_id: int, event_id: int) -> Booking | None:
    """The person's one open booking for this event."""
    return db.session.scalar(_OPEN_BOOKING, {"person": person_id, "event": event_id})


def own_at(event_ids: Iterable[int], person_id: int) -> dict[int, Status]:
    """The status of the person's open booking at each of these events, where they have one."""
    ids = list(event_ids)
    if not ids:
        return {}
    rows = db.session.execute(
        select(Booking.event_id, Booking.status).where(
            Booking.person_id == person_id, Booking.event_id.in_(ids), Booking.status.in_(OPEN)
        )
    )
    return {row[0]: row[1] for row in rows}
