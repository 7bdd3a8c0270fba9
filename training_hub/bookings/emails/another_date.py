"""The email that tells people who wait about another date with places."""

from datetime import datetime

from training_hub.bookings.emails.queueing import queue_about
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries import another_date as another_date_queries
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.policies.rules import Approval


def tell_of_another_date(
    turn: Booking,
    event: Event,
    terms: Terms,
    *,
    left: int,
    gives_way: bool,
    now: datetime,
) -> bool:
    """Queue the mail that tells someone who waits at another date (`turn`) that `event` has places (`left`); False
    where told before. `gives_way` where that turn ends once they have a place."""
    return queue_about(
        event,
        "another_date",
        (turn.person.name, turn.person.email),
        terms,
        key=another_date_queries.another_date_key(event.id, turn.person_id),
        now=now,
        # Once bookings have closed it helps nobody.
        expires_at=terms.bookings_close_at,
        turn=turn,
        gives_way=gives_way,
        left=left,
        asks_manager=terms.policies.approval is Approval.MANAGER,
    )
