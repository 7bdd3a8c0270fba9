"""Queue reminders and joining instructions, and record who was not sent them in time."""

import logging
from datetime import datetime, timedelta
from functools import partial

from training_hub.bookings.actions.changes import hold
from training_hub.bookings.emails.reminders import remind
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reminders import MissedReminder
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.events import coming_events
from training_hub.bookings.queries.reminders import not_yet_reminded, untold
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.reminders import Reminder, due_at, is_missed, is_reminded
from training_hub.bookings.rules.terms import terms_of
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn
from training_hub.london import next_working_moment
from training_hub.policies.queries import partnership

log = logging.getLogger(__name__)

ByKind = dict[Reminder, dict[int, datetime]]

MOST_AT_ONCE = 500
"""The most reminders of each kind that one run queues. The next run, a minute later, finds the rest."""
BEGAN_LATELY = timedelta(days=2)
"""For this long after an event starts, we check whether someone was not sent a reminder."""


def remind_due(*, now: datetime) -> int:
    """Queue the reminders and joining instructions that are due. Returns how many.

    Emails are sent in office hours, before the course starts. Once it is too late, records who should have had one. The
    worker runs this each minute. Running it twice queues each email once.
    """
    leaves_at = next_working_moment(now)
    due, late = _fallen_due(now=now, leaves_at=leaves_at)
    queued = 0
    for kind in Reminder:
        late_at = {row.event_id for row in untold(kind, list(late[kind]), limit=MOST_AT_ONCE)}
        found = not_yet_reminded(kind, due[kind], limit=MOST_AT_ONCE)
        queued += each_in_turn(found, partial(_remind, kind, now=now, leaves_at=leaves_at))
        each_in_turn(sorted(late_at), partial(_miss, kind, now=now))
    return queued


def _fallen_due(*, now: datetime, leaves_at: datetime) -> tuple[ByKind, ByKind]:
    """When each kind of reminder fell due, by event: where it can be sent now, and where it is too late to send it."""
    due: ByKind = {kind: {} for kind in Reminder}
    late: ByKind = {kind: {} for kind in Reminder}
    wide = partnership()
    for event in coming_events(now=now - BEGAN_LATELY):
        try:
            terms = terms_of(event.starts_at, wide, event.course.policies, event.policies)
            for kind in Reminder:
                moment = due_at(kind, terms)
                if moment is not None and is_reminded(event, kind, terms, now=now, leaving_at=leaves_at):
                    due[kind][event.id] = moment
                elif moment is not None and is_missed(event, kind, terms, now=now):
                    late[kind][event.id] = moment
        except Exception:
            # Unreadable policies delay only their own event's reminders.
            log.exception("the reminders of course date %s failed", event.id)
    return due, late


def _remind(kind: Reminder, booking_id: int, *, now: datetime, leaves_at: datetime) -> int:
    # Locked and read again: the place may have been given up meanwhile, or the date moved.
    booking = db.session.get_one(Booking, booking_id)
    event = hold(booking.event)
    if booking.status is not Status.CONFIRMED:
        return 0
    if not is_reminded(event, kind, terms_for(event), now=now, leaving_at=leaves_at):
        return 0
    return int(remind(booking, kind, now=now, leaves_at=leaves_at))


def _miss(kind: Reminder, event_id: int, *, now: datetime) -> int:
    event = hold(db.session.get_one(Event, event_id))
    if not is_missed(event, kind, terms_for(event), now=now):
        return 0
    rows = untold(kind, [event_id], limit=MOST_AT_ONCE)
    db.session.add_all(MissedReminder(booking_id=row.id, kind=kind.value, at=now) for row in rows)
    return len(rows)
