"""What to read of a booking whose event is at hand: itself, and its person's name and address, no more."""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import Select, bindparam, select
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
"""More than an event ever has; a list without an end is not read into a page."""


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
        trained_by=partial(trained_by, Booking.event_id),
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
        (change, reason_of(change) if sees or _is_of_register(change) else "", by_id, by_name)
        for change, by_id, by_name in rows
    ]


def _is_of_register(change: BookingChange) -> bool:
    """Whether a change is a mark on the register, or takes one back: its reason was not written for the person."""
    was = change.was
    return FLAGS[change.became].is_outcome or (was is not None and FLAGS[was].is_outcome)


def successor(booking: Booking) -> Booking | None:
    """The booking that took the place of this one: the newest, where there were several."""
    return db.session.scalar(
        select(Booking).where(Booking.follows_id == booking.id).order_by(Booking.id.desc()).limit(1)
    )


def who_passed_on(booking: Booking) -> Person:
    """Whoever passed the place of `booking` to a colleague; where the training team did it for them, its person."""
    passed = next(row for row in reversed(booking.history) if row.became is Status.SUBSTITUTED)
    if passed.by is None or Scope.ALL in scopes(passed.by, Permission.CHANGE_BOOKINGS):
        return booking.person
    return passed.by


def taken_instead(booking: Booking) -> Booking | None:
    """What the person of a booking whose date was called off has in its place: an open booking that follows it, be it
    moved on to yet another date; None where they have none, or have given it up."""
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
