"""What has fallen due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, and_, exists, literal, or_, select

from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules import REMINDER_DAYS, Reminder, due_at, overtaken_at
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.london import day_bounds, london_date
from training_hub.mail.models import Mail


def reminders_due(
    kind: Reminder, *, now: datetime, leaving_at: datetime, limit: int
) -> Sequence[Row[int, int]]:
    """Id and event of the confirmed places whose people are to be sent this, and have not been, soonest first.

    Who got the place after it fell due was told everything when they got it.
    """
    today = london_date(now)
    days = []
    for ahead in range(REMINDER_DAYS + 1):
        day = today + timedelta(days=ahead)
        due, overtaken = due_at(kind, day), overtaken_at(kind, day)
        if due > now or (overtaken is not None and now >= overtaken):
            continue
        first, after = day_bounds(day, day)
        days.append(and_(Event.starts_at >= first, Event.starts_at < after, Booking.confirmed_at < due))
    if not days:
        return []
    horizon = day_bounds(today, today + timedelta(days=REMINDER_DAYS))[1]
    told = exists().where(Mail.key == literal("booking:") + Booking.reference + literal(f":{kind.value}"))
    return db.session.execute(
        select(Booking.id, Booking.event_id)
        .join(Event, Booking.event_id == Event.id)
        .where(
            # Said by itself, so that the index on the start is used whatever the days come to.
            Event.starts_at > leaving_at,
            Event.starts_at < horizon,
            Event.status == EventStatus.PUBLISHED,
            Booking.status == Status.CONFIRMED,
            ~Booking.is_walk_in,
            or_(*days),
            ~told,
        )
        .order_by(Event.starts_at, Booking.event_id, Booking.id)
        .limit(limit)
    ).all()
