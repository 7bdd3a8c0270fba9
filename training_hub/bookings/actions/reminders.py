"""What falls due before and after an event: reminders, joining instructions, and forgetting people's needs."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Row, delete, select

from training_hub.bookings import emails, queries
from training_hub.bookings.actions.changes import hold
from training_hub.bookings.models import Booking, BookingNeeds, MissedReminder
from training_hub.bookings.rules import Reminder, due_at, is_missed, is_reminded
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn
from training_hub.london import next_working_moment

MOST_AT_ONCE = 500
"""How many are looked for at a time: the next minute finds the rest."""
BEGAN_LATELY = timedelta(days=2)
"""How long after its start an event is looked at for what it was too late to send."""


def remind_due(*, now: datetime) -> int:
    """Queue the booking reminders and joining instructions that have fallen due; how many (domain 5).

    They leave in office hours, and never once the course has started. Who was never sent one, when it has become too
    late to make sense, is written down as having missed it. Run by the worker each minute; running it twice, or in two
    places at once, queues each once.
    """
    leaves_at = next_working_moment(now)
    queued = 0
    for kind in Reminder:
        db.session.rollback()
        due, late = {}, []
        for event, terms in queries.coming_events(now=now - BEGAN_LATELY):
            moment = due_at(kind, terms)
            if moment is None or now < moment:
                continue
            if is_reminded(event, kind, terms, now=now, leaving_at=leaves_at):
                due[event.id] = moment
            elif is_missed(event, kind, terms, now=now):
                late.append(event.id)
        missed = _by_event(queries.untold(kind, late, limit=MOST_AT_ONCE))
        found = _by_event(queries.not_yet_reminded(kind, due, limit=MOST_AT_ONCE))
        queued += each_in_turn(found, partial(_remind, kind, found, now=now, leaves_at=leaves_at))
        each_in_turn(missed, partial(_miss, kind, now=now))
    return queued


def _by_event(rows: Iterable[Row[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.event_id, []).append(row.id)
    return found


def _remind(
    kind: Reminder, found: Mapping[int, list[int]], event_id: int, *, now: datetime, leaves_at: datetime
) -> int:
    # Held, and read again: a place given up, or a date moved, since they were found is told of nothing.
    event = hold(db.session.get_one(Event, event_id))
    if not is_reminded(event, kind, queries.terms_for(event), now=now, leaving_at=leaves_at):
        return 0
    return sum(
        emails.remind(booking, kind, now=now, leaves_at=leaves_at)
        for booking in queries.still_confirmed(found[event_id])
    )


def _miss(kind: Reminder, event_id: int, *, now: datetime) -> int:
    event = hold(db.session.get_one(Event, event_id))
    if not is_missed(event, kind, queries.terms_for(event), now=now):
        return 0
    rows = queries.untold(kind, [event_id], limit=MOST_AT_ONCE)
    db.session.add_all(MissedReminder(booking_id=row.id, kind=kind.value, at=now) for row in rows)
    return len(rows)


def forget_needs(*, ended_before: datetime) -> int:
    """Delete the access and dietary needs for events that ended before this moment; how many."""
    over = select(Booking.id).join(Event, Booking.event_id == Event.id).where(Event.ends_at < ended_before)
    statement = delete(BookingNeeds).where(BookingNeeds.booking_id.in_(over))
    return int(db.session.connection().execute(statement).rowcount)
