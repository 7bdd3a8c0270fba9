"""Requests that line managers have yet to decide."""

from datetime import datetime

from sqlalchemy import select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.claims import MOST_AT_ONCE
from training_hub.bookings.rules.approval import (
    approval_reminder_key,
    approval_version,
    reminder_of_request_at,
)
from training_hub.database import db
from training_hub.mail.models import Mail

MOST_REQUESTS = 5000


def requests_to_remind_of(*, now: datetime) -> list[int]:
    """The ids of the requests whose line manager may have to be reminded by now, and has not been."""
    rows = db.session.execute(
        select(Booking.id, Booking.reference, Booking.manager_email, Booking.asked_at, Booking.decide_by)
        .where(Booking.status == Status.REQUESTED, Booking.decide_by > now)
        .order_by(Booking.decide_by, Booking.id)
        .limit(MOST_REQUESTS)
    ).all()
    due: dict[str, int] = {
        approval_reminder_key(row.reference, approval_version(row)): row.id
        for row in rows
        if now >= reminder_of_request_at(row.asked_at, row.decide_by)
    }
    told = set(db.session.scalars(select(Mail.key).where(Mail.key.in_(due)))) if due else set()
    return [booking_id for key, booking_id in due.items() if key not in told][:MOST_AT_ONCE]


def manager_asked_at(booking: Booking) -> datetime:
    """When the line manager who is to decide was asked: later than the request, where another was named since."""
    key = f"booking:{booking.reference}:approval:{approval_version(booking)}"
    return db.session.scalar(select(Mail.queued_at).where(Mail.key == key)) or booking.asked_at
