"""Emails to hub officers about a course date: too few people, or half empty."""

from datetime import datetime

from training_hub.bookings.emails.queueing import queue_about
from training_hub.bookings.rules.places import Places
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.london import london_date, next_working_moment
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import Envelope
from training_hub.people.models import Person


def few_key(event_id: int, terms: Terms, officer_id: int) -> str:
    """The key of the email about too few people, such as "few:7:2025-06-05:3". Another day has another key."""
    return f"few:{event_id}:{terms.starts_on.isoformat()}:{officer_id}"


def alert_few(
    event: Event, officer: Person, terms: Terms, people: int, places: Places, *, now: datetime
) -> bool:
    """Queue the email that tells an officer that too few people have a place. Returns False if it was queued before."""
    envelope = Envelope(
        few_key(event.id, terms, officer.id),
        (officer.name, officer.email),
        urgency=Urgency.REMINDER,
        leaves_at=next_working_moment(now),
        # The email is of no use once the course has started.
        expires_at=event.starts_at,
    )
    return queue_about(
        "few_booked",
        event,
        envelope,
        now=now,
        terms=terms,
        people=people,
        least=terms.least(event.capacity),
        places=places,
        is_open=now < terms.bookings_close_at,
    )


def alert_late(event: Event, officer: Person, terms: Terms, places: Places, *, now: datetime) -> bool:
    """Queue the email about a late cancellation that leaves a date half empty.

    Returns False if the officer has already had one about this date today.
    """
    envelope = Envelope(
        f"half-empty:{event.id}:{london_date(now).isoformat()}:{officer.id}",
        (officer.name, officer.email),
        expires_at=event.starts_at,
    )
    is_open = now < terms.bookings_close_at
    return queue_about("half_empty", event, envelope, now=now, terms=terms, places=places, is_open=is_open)
