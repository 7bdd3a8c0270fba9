"""Emails about a place that a person declined, to those who arranged it."""

from datetime import datetime

from training_hub.bookings.emails.queueing import queue_about
from training_hub.bookings.emails.reserved import reserved_key
from training_hub.bookings.models.booking import Booking
from training_hub.mail.outbox import Envelope
from training_hub.people.models import Agency, Person


def tell_reserved_again(person: Person, booking: Booking, agency: Agency, *, now: datetime) -> bool:
    """Tell an agency that a reserved place needs a name again. Returns False if the email was queued before."""
    event = booking.event
    key = f"{reserved_key(event, agency, person)}:back:{booking.reference}"
    who = booking.person.name or booking.person.email
    envelope = Envelope(key, (person.name, person.email))
    return queue_about("reserved_back", event, envelope, now=now, agency=agency, who=who)


def tell_not_coming(booking: Booking, teller: Person, *, now: datetime) -> bool:
    """Tell `teller`, who passed a place on, that the colleague declined it. Returns False if it was queued before.

    `booking` is the colleague's.
    """
    envelope = Envelope(
        f"booking:{booking.reference}:not-taken",
        (teller.name, teller.email),
        expires_at=booking.event.starts_at,
    )
    return queue_about("colleague_not_coming", booking.event, envelope, now=now)
