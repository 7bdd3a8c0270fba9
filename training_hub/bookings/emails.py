"""Which mail tells of which change to a booking, and to whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from training_hub.bookings import calendar, queries
from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules import (
    Reminder,
    is_late,
    last_booking_day,
    last_free_day,
    late_admission_minutes,
)
from training_hub.catalogue.models import Event
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import queue
from training_hub.people.models import Person

TEMPLATES: dict[tuple[Status | None, Status], str] = {
    (None, Status.CONFIRMED): "booking_confirmed",
    (None, Status.WAITING): "booking_waiting",
    (Status.WAITING, Status.CONFIRMED): "booking_place_found",
    (Status.WAITING, Status.WITHDRAWN): "booking_withdrawn",
    (Status.CONFIRMED, Status.CANCELLED): "booking_cancelled",
    (Status.CONFIRMED, Status.CANCELLED_LATE): "booking_cancelled_late",
    (Status.CONFIRMED, Status.EVENT_CANCELLED): "event_called_off",
    (Status.WAITING, Status.EVENT_CANCELLED): "event_called_off",
}
"""A change that is not listed here, such as a mark on the register, tells no one."""

REMINDERS: dict[Reminder, str] = {
    Reminder.REMINDER: "booking_reminder",
    Reminder.JOINING: "joining_instructions",
}


def reminder_key(reference: str, kind: Reminder) -> str:
    """The key of one booking's mail of this kind, such as "booking:TH-7KQ2M9XD:joining"."""
    return f"booking:{reference}:{kind.value}"


def reminder_keys(reference: str) -> list[str]:
    """The keys of what one booking's person is told before the course date."""
    return [reminder_key(reference, kind) for kind in Reminder]


def tell(
    booking: Booking,
    was: Status | None,
    *,
    by: Person | None,
    now: datetime,
    reason: str = "",
    other_dates: Sequence[Event] = (),
) -> None:
    """Queue the mail that tells the person of the change of their booking from `was` to what it is now."""
    template = TEMPLATES.get((was, booking.status))
    if template is None:
        return
    waits = booking.status is Status.WAITING
    _queue(
        template,
        booking,
        key=f"booking:{booking.reference}:{booking.status.value}",
        now=now,
        calendar=calendar.message(booking, was, now=now),
        had_place=was is Status.CONFIRMED,
        # A person who did it themselves knows why; who had it done to them is told.
        reason=reason if by is not None and by.id != booking.person_id else "",
        by_other=by is not None and by.id != booking.person_id,
        position=queries.waiting_position(booking) if waits else None,
        other_dates=other_dates,
    )


def tell_moved(booking: Booking, *, now: datetime) -> bool:
    """Queue the mail that tells of a new time or place, and the new calendar entry; False where told before."""
    return _queue(
        "event_moved",
        booking,
        key=f"booking:{booking.reference}:moved:{booking.event.sequence}",
        now=now,
        calendar=calendar.invitation(booking, now=now) if booking.flags.holds_place else "",
    )


def remind(booking: Booking, kind: Reminder, *, now: datetime, leaves_at: datetime) -> bool:
    """Queue the reminder or the joining instructions; False where they were queued before."""
    return _queue(
        REMINDERS[kind],
        booking,
        key=reminder_key(booking.reference, kind),
        now=now,
        urgency=Urgency.REMINDER,
        leaves_at=leaves_at,
        # A mail server that was away for a week must not send people to a course that is over.
        expires_at=booking.event.starts_at,
    )


def _queue(
    template: str,
    booking: Booking,
    *,
    key: str,
    now: datetime,
    calendar: str = "",
    urgency: Urgency = Urgency.CHANGE,
    leaves_at: datetime | None = None,
    expires_at: datetime | None = None,
    **facts: Any,
) -> bool:
    event = booking.event
    first = event.sessions[0]
    return queue(
        template,
        key=key,
        to=(booking.person.name, booking.person.email),
        now=now,
        facts={
            "booking": booking,
            "event": event,
            "course": event.course,
            "base_url": current_app.config["SETTINGS"].base_url,
            "last_free_day": last_free_day(event),
            "last_booking_day": last_booking_day(event),
            "is_late": is_late(event, now=leaves_at or now),
            "late_admission": late_admission_minutes(first.starts_at, first.ends_at),
            **facts,
        },
        urgency=urgency,
        leaves_at=leaves_at,
        expires_at=expires_at,
        calendar=calendar,
    )
