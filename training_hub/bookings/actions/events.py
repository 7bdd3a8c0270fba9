"""What the hub does to a whole event, and everyone booked must hear of."""

from collections.abc import Sequence
from datetime import datetime

from training_hub.bookings import emails, queries
from training_hub.bookings.actions.changes import change, forget_missed, hold
from training_hub.bookings.actions.places import pass_on
from training_hub.bookings.actions.reserving import end_reserved
from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules import Reminder, check_call_off, due_at
from training_hub.catalogue.models import Event, EventStatus
from training_hub.catalogue.rules import Times
from training_hub.mail import outbox
from training_hub.people.models import Person

MOST_TOLD = 5
"""How many other dates a mail lists; the page that it leads to has them all."""


def cancel_event(event: Event, *, by: Person, now: datetime, reason: str) -> int:
    """Call `event` off. Everyone booked or waiting is told, offered the other dates that can be booked, and counted
    apart from those who cancelled; how many."""
    hold(event)
    check_call_off(event, now=now)
    event.status, event.called_off_at, event.called_off_reason = EventStatus.CALLED_OFF, now, reason
    event.sequence += 1
    others = [date.event for date in queries.open_dates(event, now=now)[:MOST_TOLD]]
    told = queries.to_be_told(event)
    end_reserved(event, now=now)
    for booking in told:
        change(booking, Status.EVENT_CANCELLED, by=by, now=now, why=reason, other_dates=others)
    return len(told)


def tell_moved(event: Event, *, now: datetime, was: Sequence[Times] = ()) -> int:
    """Tell everyone with a place, or waiting for one, that the time or place of `event` has changed; how many.

    Whoever changed it has raised `event.sequence`: each change is told once. Those with a place get their calendar
    entries anew, and those of the sessions that it had (`was`) and has no longer are taken out. They are asked whether
    they can still come; whoever answered an earlier change is asked again. Reminders that still wait say what is no
    longer so, and are dropped.
    """
    hold(event)
    if not event.is_published or now >= event.ends_at:
        return 0
    told = queries.to_be_told(event)
    for booking in told:
        if booking.flags.has_place and now < event.starts_at:
            booking.asked_sequence = event.sequence
        if booking.decide_by is not None:
            # What stood until a later moment now ends with the start of the course at the latest.
            booking.decide_by = min(booking.decide_by, event.starts_at)
    queued = sum(emails.tell_moved(booking, was, now=now) for booking in told)
    _take_back_reminders(told, event, now=now)
    # A later date opens its bookings again, and with them its waiting list.
    pass_on(event, now=now)
    return queued


def _take_back_reminders(told: Sequence[Booking], event: Event, *, now: datetime) -> None:
    terms = queries.terms_for(event)
    for kind in Reminder:
        keys = [emails.reminder_key(booking.reference, kind) for booking in told]
        due = due_at(kind, terms)
        if due is not None and now < due:
            # Its moment comes anew, for those too who missed it before. What has left is not sent a second time.
            outbox.take_back(*keys)
            outbox.allow_again(*keys)
            forget_missed([booking.id for booking in told], kind)
        else:
            # The mail that tells of the move says all that it would have said.
            outbox.drop(*keys)
