"""Emails to people who asked to be told when a course runs."""

from datetime import datetime

from training_hub.bookings.emails.queueing import link_to, queue_about, queue_for
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import terms as terms_queries
from training_hub.catalogue.models import Event


def tell_runs_again(booking: Booking, *, now: datetime, position: int | None) -> bool:
    """Queue the mail that tells someone who had asked that the course runs again: a place is held for them, or they
    wait for one; False where told before."""
    is_offered = booking.status is Status.OFFERED
    return queue_for(
        "runs_again_offered" if is_offered else "runs_again_waiting",
        booking,
        key=f"booking:{booking.reference}:runs-again",
        now=now,
        link=link_to("offers", "offer", booking) if is_offered else "",
        carries_key=is_offered,
        # As for any offer: a mail of its own says that it has run out.
        expires_at=booking.decide_by if is_offered else None,
        position=position,
    )


def can_be_booked_key(interest: Interest, event: Event) -> str:
    """The key of the mail that tells somebody who had asked that a date can be booked, such as "interest:4:event:7"."""
    return f"interest:{interest.id}:event:{event.id}"


def tell_can_be_booked(interest: Interest, event: Event, *, now: datetime) -> bool:
    """Queue the mail that tells someone who had asked that the course runs again, where they have to book themselves
    because their line manager has to approve it; False where told before."""
    return queue_about(
        event,
        "runs_again",
        (interest.person.name, interest.person.email),
        terms_queries.terms_for(event),
        key=can_be_booked_key(interest, event),
        now=now,
    )
