"""Emails about a place that its person declined."""

from datetime import datetime

from training_hub.bookings.emails.queueing import queue_about
from training_hub.bookings.emails.reserved import _queue_reserved
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries import terms as terms_queries
from training_hub.people.models import Agency, Person


def tell_reserved_again(person: Person, booking: Booking, agency: Agency, *, now: datetime) -> bool:
    """Queue the mail that tells an agency that a place it had named somebody for is without a name again; False where
    told before."""
    key = f"reserved:{booking.event_id}:{agency.id}:{person.id}:back:{booking.reference}"
    name = booking.person.name or booking.person.email
    return _queue_reserved("reserved_back", person, booking.event, agency, 1, key=key, now=now, who=name)


def tell_not_coming(booking: Booking, teller: Person, *, now: datetime) -> bool:
    """Queue the mail that tells whoever passed a place on that the colleague, whose `booking` it became, does not take
    it; False where told before."""
    event = booking.event
    return queue_about(
        event,
        "colleague_not_coming",
        (teller.name, teller.email),
        terms_queries.terms_for(event),
        key=f"booking:{booking.reference}:not-taken",
        now=now,
        expires_at=event.starts_at,
    )
