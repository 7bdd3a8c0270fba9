"""What has fallen due at course dates that are to come."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, literal, or_, select

from training_hub.bookings.models import Booking, MissedReminder, Status
from training_hub.bookings.rules import Reminder
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.mail.models import Mail

LOOKS_AHEAD = timedelta(days=120)
"""Longer than any policy says how many days before a course date something is to happen."""
MOST_EVENTS = 1000


def coming_events(*, now: datetime) -> Sequence[Event]:
    """The published events that begin after `now`, soonest first; four months ahead."""
    return db.session.scalars(
        select(Event)
        .where(
            Event.status == EventStatus.PUBLISHED, Event.starts_at > now, Event.starts_at < now + LOOKS_AHEAD
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_EVENTS)
    ).all()


def not_yet_reminded(kind: Reminder, due: Mapping[int, datetime], *, limit: int) -> Sequence[int]:
    """The ids of the confirmed places whose people have not been sent this, nor missed it, at the events at which it
    fell due, with the moment of each.

    Who got the place after it fell due was told everything when they got it.
    """
    by_moment: dict[datetime, list[int]] = {}
    for event_id, moment in due.items():
        by_moment.setdefault(moment, []).append(event_id)
    if not by_moment:
        return []
    told = exists().where(Mail.key == literal("booking:") + Booking.reference + literal(f":{kind.value}"))
    missed = exists().where(MissedReminder.booking_id == Booking.id, MissedReminder.kind == kind.value)
    return db.session.scalars(
        select(Booking.id)
        .where(
            Booking.event_id.in_(list(due)),
            Booking.status == Status.CONFIRMED,
            ~Booking.is_walk_in,
            or_(
                *(
                    and_(Booking.event_id.in_(events), Booking.confirmed_at < moment)
                    for moment, events in by_moment.items()
                )
            ),
            ~told,
            ~missed,
        )
        .order_by(Booking.event_id, Booking.id)
        .limit(limit)
    ).all()
