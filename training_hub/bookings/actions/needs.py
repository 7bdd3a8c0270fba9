"""Writing down what somebody needs to take part, where it was not asked as the place was booked."""

from datetime import datetime

from training_hub.bookings import queries
from training_hub.bookings.actions.changes import hold
from training_hub.bookings.models import Booking, BookingNeeds
from training_hub.database import db


def say_needs(booking: Booking, *, access: str, dietary: str, now: datetime) -> None:
    """Write down what the person of `booking` needs, if they have not said it yet and it can still be provided for.
    Nothing said writes nothing; sent twice, the first stands."""
    hold(booking.event)
    write_needs(booking, access=access, dietary=dietary, now=now)


def write_needs(booking: Booking, *, access: str, dietary: str, now: datetime) -> None:
    """The same, for a booking whose event is held."""
    if (access or dietary) and queries.can_say_needs(booking, now=now):
        db.session.add(BookingNeeds(booking_id=booking.id, access=access, dietary=dietary))
