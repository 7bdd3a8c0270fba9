"""Emails to people with a place before the course."""

from datetime import datetime

from training_hub.bookings.emails.queueing import queue_for, to_person
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.rules.reminders import Reminder
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import Envelope

REMINDERS: dict[Reminder, str] = {
    Reminder.REMINDER: "booking_reminder",
    Reminder.JOINING: "joining_instructions",
}


def reminder_key(reference: str, kind: Reminder) -> str:
    """The key of one booking's email of this kind, such as "booking:TH-7KQ2M9XD:joining"."""
    return f"booking:{reference}:{kind.value}"


def reminder_keys(reference: str) -> list[str]:
    """The keys of all emails to one booking's person before the course."""
    return [reminder_key(reference, kind) for kind in Reminder]


def remind(booking: Booking, kind: Reminder, *, now: datetime, leaves_at: datetime) -> bool:
    """Queue the reminder or the joining instructions. Returns False if the email was queued before."""
    envelope = Envelope(
        reminder_key(booking.reference, kind),
        to_person(booking),
        urgency=Urgency.REMINDER,
        leaves_at=leaves_at,
        # If the mail server is down for a week, the email must not be sent after the course.
        expires_at=booking.event.starts_at,
    )
    return queue_for(REMINDERS[kind], booking, envelope, now=now)
