"""The email that tells people on a waiting list about another date with places."""

from datetime import datetime

from training_hub.bookings.emails.queueing import queue_about, to_person
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries.events import OpenDate
from training_hub.mail.outbox import Envelope


def tell_of_another_date(turn: Booking, date: OpenDate, *, gives_way: bool, now: datetime) -> bool:
    """Queue the email that says that `date` has places. Returns False if it was queued before.

    `turn` is the person's booking on another date's waiting list. `gives_way`: whether it ends once they have a
    place.
    """
    event, terms = date.event, date.terms
    # The email is of no use once bookings have closed.
    expires_at = terms.bookings_close_at
    envelope = Envelope(f"another-date:{event.id}:{turn.person_id}", to_person(turn), expires_at=expires_at)
    facts = {"turn": turn, "gives_way": gives_way, "left": date.availability.left}
    return queue_about("another_date", event, envelope, now=now, terms=terms, **facts)
