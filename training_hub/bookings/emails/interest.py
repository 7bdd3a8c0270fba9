"""Emails to people who asked to be told when a course runs."""

from datetime import datetime

from training_hub.bookings.emails.queueing import link_to, queue_about, queue_for, to_person
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.mail.outbox import Envelope


def tell_runs_again(booking: Booking, *, now: datetime, position: int | None) -> bool:
    """Queue the email that says that the course runs again, and that the person is offered a place or waiting for one.

    False if queued before.
    """
    key = f"booking:{booking.reference}:runs-again"
    if booking.status is not Status.OFFERED:
        envelope = Envelope(key, to_person(booking))
        return queue_for("runs_again_waiting", booking, envelope, now=now, position=position)
    # Not sent once the offer has run out, because another email says that it has.
    envelope = Envelope(key, to_person(booking), expires_at=booking.decide_by)
    href = link_to("offers", "offer", booking)
    return queue_for("runs_again_offered", booking, envelope, now=now, href=href)


def tell_can_be_booked(interest: Interest, event: Event, *, now: datetime) -> bool:
    """Queue the email that says that the course runs again. Returns False if it was queued before.

    It goes to people who have to ask for a place, because their line manager has to approve it.
    """
    person, key = interest.person, f"interest:{interest.id}:event:{event.id}"
    return queue_about("runs_again", event, Envelope(key, (person.name, person.email)), now=now)
