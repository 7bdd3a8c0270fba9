"""What to read of a booking whose event is at hand: itself, and its person's name and address, no more."""

from sqlalchemy.orm import joinedload, lazyload

from training_hub.bookings.models import Booking
from training_hub.people.models import Person

TO_BE_TOLD = (
    lazyload(Booking.event),
    lazyload(Booking.agency),
    joinedload(Booking.person).options(lazyload(Person.agency), lazyload(Person.holdings)),
)
