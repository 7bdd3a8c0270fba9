"""Requests that line managers have yet to decide."""

from datetime import datetime

from sqlalchemy import func, select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.claims import MOST_AT_ONCE
from training_hub.bookings.rules.approval import reminder_of_request_at
from training_hub.database import db

MOST_REQUESTS = 5000


def requests_to_remind_of(*, now: datetime) -> list[int]:
    """Ids of requests about which the line manager is due a reminder, and has had none."""
    rows = db.session.execute(
        select(
            Booking.id,
            func.coalesce(Booking.manager_asked_at, Booking.asked_at).label("asked_at"),
            Booking.decide_by,
        )
        .where(
            Booking.status == Status.REQUESTED,
            Booking.decide_by > now,
            Booking.manager_reminded_at.is_(None),
        )
        .order_by(Booking.decide_by, Booking.id)
        .limit(MOST_REQUESTS)
    )
    due = [row.id for row in rows if now >= reminder_of_request_at(row.asked_at, row.decide_by)]
    return due[:MOST_AT_ONCE]
