"""Call off a course date."""

from datetime import datetime

from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.reserved import end_reserved
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.event_bookings import to_be_told
from training_hub.bookings.queries.events import open_dates
from training_hub.bookings.rules.call_off import check_call_off
from training_hub.catalogue.models import Event, EventStatus
from training_hub.people.models import Person

MOST_TOLD = 5
"""How many other dates an email lists. The page behind its link lists all of them."""


def cancel_event(event: Event, *, by: Person, now: datetime, reason: str) -> int:
    """Call `event` off and tell everyone with a place or a claim, with other dates to book. Returns how many.

    Their bookings count as "event cancelled", not as cancellations by the people.
    """
    hold(event)
    check_call_off(event, now=now)
    event.status, event.called_off_at, event.called_off_reason = EventStatus.CALLED_OFF, now, reason
    event.sequence += 1
    others = [date.event for date in open_dates(event, now=now)[:MOST_TOLD]]
    told = to_be_told(event)
    end_reserved(event, now=now)
    for booking in told:
        change(booking, Status.EVENT_CANCELLED, by=by, now=now, why=reason, other_dates=others)
    return len(told)
