"""Add and remove walk-ins, and record outcomes."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select, update

from training_hub.bookings.actions.changes import change, hold, new_booking
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.booking import open_booking
from training_hub.bookings.rules.availability import NotOpen
from training_hub.bookings.rules.moves import check_move
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.errors import Refused, Stale
from training_hub.people.models import Person


def add_walk_in(person: Person, event: Event, *, by: Person, now: datetime) -> Booking:
    """Put someone who came without a booking on the register. The capacity does not limit walk-ins.

    A person who has a place keeps it. Their request, offer or turn is withdrawn.
    """
    hold(event)
    if event.status is not EventStatus.PUBLISHED:
        raise NotOpen("Only a published course date has a register.")
    if now < event.starts_at:
        raise NotOpen("People can be added once the course has started.")
    if person.agency is None:
        raise Refused("Say which agency this person works for.")
    existing = open_booking(person.id, event.id)
    if existing is not None and existing.flags.has_place:
        return existing
    if existing is not None:
        change(existing, Status.WITHDRAWN, by=by, now=now, cause=Cause.CAME_ANYWAY, quietly=True)
    booking = new_booking(person, event, person.agency, now=now)
    booking.is_walk_in = True
    change(booking, Status.CONFIRMED, by=by, now=now, cause=Cause.WALK_IN, quietly=True)
    return booking


def remove_walk_in(booking: Booking, *, by: Person, now: datetime, reason: str) -> None:
    """Take a walk-in who was entered by mistake off the register. Raises Stale if someone else has just done so."""
    if not booking.is_walk_in:
        raise Refused("Only someone who came without a booking can be taken off the register.")
    hold(booking.event)
    if booking.status is Status.WITHDRAWN:
        raise Stale
    if booking.status is not Status.CONFIRMED:
        change(booking, Status.CONFIRMED, by=by, now=now, why=reason, quietly=True)
    change(booking, Status.WITHDRAWN, by=by, now=now, why=reason, quietly=True)


def record_outcome(booking: Booking, outcome: Status, *, by: Person, now: datetime, why: str = "") -> None:
    """Record the outcome of a place; `Status.CONFIRMED` means that none is recorded."""
    if booking.status is not outcome:
        change(booking, outcome, by=by, now=now, why=why)


def record_outcomes(outcomes: Mapping[int, Status], *, by: Person, now: datetime, why: str = "") -> int:
    """Record the outcomes of many places of a locked event, by booking. Returns how many changed.

    Writes the same as `record_outcome`, in one statement per outcome, because the trainer waits for it.
    """
    rows = db.session.execute(select(Booking.id, Booking.status).where(Booking.id.in_(outcomes)))
    was = {booking_id: status for booking_id, status in rows if status is not outcomes[booking_id]}
    history = []
    for booking_id, status in was.items():
        check_move(status, outcomes[booking_id])
        facts = {"booking_id": booking_id, "was": status, "became": outcomes[booking_id]}
        history.append({**facts, "at": now, "by_id": by.id, "why": why[:500]})
    for outcome in sorted({outcomes[booking_id] for booking_id in was}, key=lambda each: each.value):
        ids = [booking_id for booking_id in was if outcomes[booking_id] is outcome]
        db.session.execute(update(Booking).where(Booking.id.in_(ids)).values(status=outcome))
    if history:
        db.session.connection().execute(insert(BookingChange), history)
    return len(history)
