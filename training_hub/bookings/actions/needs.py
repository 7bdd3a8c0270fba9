"""Record and delete people's access and dietary needs."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from training_hub.bookings.actions.changes import hold
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.queries.needs import can_say_needs
from training_hub.catalogue.models import Event
from training_hub.database import db

KEPT = timedelta(days=14)
"""How long people's needs are kept after an event."""


def say_needs(booking: Booking, *, access: str, dietary: str, now: datetime) -> None:
    """Record what the person needs, unless they have said it already or it is too late to arrange."""
    hold(booking.event)
    write_needs(booking, access=access, dietary=dietary, now=now)


def write_needs(booking: Booking, *, access: str, dietary: str, now: datetime) -> None:
    """Record needs, as `say_needs` does, for a booking whose event is locked already."""
    if (access or dietary) and can_say_needs(booking, now=now):
        db.session.add(BookingNeeds(booking_id=booking.id, access=access, dietary=dietary))


def copy_needs(was: Booking, becomes: Booking) -> None:
    needs = db.session.get(BookingNeeds, was.id)
    if needs is not None:
        db.session.add(BookingNeeds(booking_id=becomes.id, access=needs.access, dietary=needs.dietary))


def forget_needs(*, now: datetime) -> int:
    """Delete the needs for events that ended more than 14 days ago. Returns how many."""
    over = select(Booking.id).join(Event, Booking.event_id == Event.id).where(Event.ends_at < now - KEPT)
    statement = delete(BookingNeeds).where(BookingNeeds.booking_id.in_(over))
    return int(db.session.connection().execute(statement).rowcount)
