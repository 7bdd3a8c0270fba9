"""When reminders and joining instructions are due, and when it is too late for them."""

import enum
from datetime import date, datetime, timedelta

from training_hub.bookings.rules.terms import OFFICES_OPEN, Terms
from training_hub.catalogue.models import Event
from training_hub.london import at_london, london_date, next_working_moment


class Reminder(enum.Enum):
    """An email that people with a place are sent before their date. The email's key ends with the value."""

    REMINDER = "reminder"
    JOINING = "joining"


def due_at(kind: Reminder, terms: Terms) -> datetime | None:
    """When the reminder is due: 8am, the policy's number of days before. None if it is never sent."""
    policies = terms.policies
    days = policies.reminder_days if kind is Reminder.REMINDER else policies.joining_days
    return None if days is None else at_london(terms.starts_on - timedelta(days=days), OFFICES_OPEN)


def to_come_on(kind: Reminder, terms: Terms, *, now: datetime) -> date | None:
    """The day on which the reminder is sent to people who have a place now. None if that day has passed."""
    due = due_at(kind, terms)
    return london_date(next_working_moment(due)) if due is not None and now < due else None


def overtaken_at(kind: Reminder, terms: Terms) -> datetime | None:
    """When the reminder is too late to send: joining instructions, once due, repeat it. None for the instructions."""
    return due_at(Reminder.JOINING, terms) if kind is Reminder.REMINDER else None


def is_reminded(event: Event, kind: Reminder, terms: Terms, *, now: datetime, leaving_at: datetime) -> bool:
    """Whether people with a place are sent the reminder now, in an email that leaves at `leaving_at`."""
    due, overtaken = due_at(kind, terms), overtaken_at(kind, terms)
    return (
        event.is_published
        and leaving_at < event.starts_at
        and due is not None
        and due <= now
        and (overtaken is None or now < overtaken)
    )


def is_missed(event: Event, kind: Reminder, terms: Terms, *, now: datetime) -> bool:
    """Whether it is too late for the reminder: joining instructions are due, or the course has started.

    False for a date that was entered after it took place.
    """
    due, overtaken = due_at(kind, terms), overtaken_at(kind, terms)
    if not event.is_published or due is None or now < due or event.entered_at >= event.starts_at:
        return False
    return now >= event.starts_at or (overtaken is not None and now >= overtaken)


def why_missed(
    kind: Reminder,
    terms: Terms,
    *,
    missed_at: datetime,
    confirmed_at: datetime | None,
    moved_at: datetime | None,
) -> str:
    """Why a person was not sent the reminder, for officers. `moved_at` is when an email told the person of a move."""
    due = due_at(kind, terms)
    if due is not None and confirmed_at is not None and confirmed_at >= due:
        return "The place was booked after this email was due, and the confirmation said the same."
    if due is not None and moved_at is not None and moved_at >= due:
        return (
            "The course date was moved after this email was due, and the email about the move said the same."
        )
    if missed_at < terms.starts_at:
        return "The joining instructions, which say the same, were already due."
    return "The course started before this email could be sent."
