"""The email that tells people on a waiting list about another date with places."""

from datetime import datetime

from training_hub.bookings.emails.queueing import queue_about, to_person
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.mail.outbox import Envelope
from training_hub.policies.rules import Approval


def tell_of_another_date(
    turn: Booking, event: Event, terms: Terms, *, left: int, gives_way: bool, now: datetime
) -> bool:
    """Queue the email that says that `event` has `left` places; False if queued before.

    `turn` is the booking that waits at another date; `gives_way` says whether it ends once they have a place.
    """
    envelope = Envelope(
        f"another-date:{event.id}:{turn.person_id}",
        to_person(turn),
        # Once bookings have closed it helps nobody.
        expires_at=terms.bookings_close_at,
    )
    return queue_about(
        "another_date",
        event,
        envelope,
        now=now,
        terms=terms,
        turn=turn,
        gives_way=gives_way,
        left=left,
        asks_manager=terms.policies.approval is Approval.MANAGER,
    )
