"""What falls due before and after an event: reminders, joining instructions, and forgetting people's needs."""

from datetime import datetime

from sqlalchemy import delete, select

from training_hub.bookings import emails, queries
from training_hub.bookings.actions.changes import hold
from training_hub.bookings.models import Booking, BookingNeeds
from training_hub.bookings.rules import Reminder, is_reminded
from training_hub.catalogue.models import Event
from training_hub.database import db, transaction
from training_hub.london import next_working_moment

MOST_AT_ONCE = 500
"""How many are looked for at a time: the next minute finds the rest."""


def remind_due(*, now: datetime) -> int:
    """Queue the booking reminders and joining instructions that have fallen due; how many (domain 5).

    They leave in office hours, and never once the course has started. Run by the worker each minute; running it
    twice, or in two places at once, queues each once.
    """
    leaves_at = next_working_moment(now)
    queued = 0
    for kind in Reminder:
        db.session.rollback()
        due = queries.reminders_due(kind, now=now, leaving_at=leaves_at, limit=MOST_AT_ONCE)
        for event_id in dict.fromkeys(row.event_id for row in due):
            ids = [row.id for row in due if row.event_id == event_id]
            with transaction():
                queued += _remind(kind, event_id, ids, now=now, leaves_at=leaves_at)
    return queued


def _remind(kind: Reminder, event_id: int, ids: list[int], *, now: datetime, leaves_at: datetime) -> int:
    # Held, and read again: a place given up, or a date moved, since they were found is told of nothing.
    event = hold(db.session.get_one(Event, event_id))
    if not is_reminded(event, kind, now=now, leaving_at=leaves_at):
        return 0
    return sum(
        emails.remind(booking, kind, now=now, leaves_at=leaves_at) for booking in queries.still_confirmed(ids)
    )


def forget_needs(*, ended_before: datetime) -> int:
    """Delete the access and dietary needs for events that ended before this moment; how many."""
    over = select(Booking.id).join(Event, Booking.event_id == Event.id).where(Event.ends_at < ended_before)
    statement = delete(BookingNeeds).where(BookingNeeds.booking_id.in_(over))
    return int(db.session.connection().execute(statement).rowcount)
