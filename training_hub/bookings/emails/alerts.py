"""What officers and agencies are told of a course date: too few people, a room half empty, places without a name."""

from datetime import datetime
from typing import Any

from training_hub.bookings.emails.queueing import queue_about
from training_hub.bookings.rules import availability as availability_rules
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.london import london_date
from training_hub.mail.models import Urgency
from training_hub.people.models import Person


def few_key(event_id: int, terms: Terms, officer_id: int) -> str:
    """The key of what an officer is told of a date with too few people, such as "few:7:2025-06-05:3": once a day that
    it is moved to."""
    return f"few:{event_id}:{terms.starts_on.isoformat()}:{officer_id}"


def alert_few(
    event: Event,
    officer: Person,
    terms: Terms,
    people: int,
    places: availability_rules.Places,
    *,
    now: datetime,
    leaves_at: datetime,
) -> bool:
    """Queue the mail that tells an officer that too few people have a place; False where told before."""
    return _tell_officer(
        "few_booked",
        officer,
        event,
        terms,
        places,
        key=few_key(event.id, terms, officer.id),
        now=now,
        urgency=Urgency.REMINDER,
        leaves_at=leaves_at,
        people=people,
        least=terms.least(event.capacity),
    )


def alert_late(
    event: Event, officer: Person, terms: Terms, places: availability_rules.Places, *, now: datetime
) -> bool:
    """Queue the mail that tells an officer of a late cancellation that leaves a room half empty; False where they were
    told of one at this event today."""
    key = f"half-empty:{event.id}:{london_date(now).isoformat()}:{officer.id}"
    return _tell_officer("half_empty", officer, event, terms, places, key=key, now=now)


def _tell_officer(
    template: str,
    officer: Person,
    event: Event,
    terms: Terms,
    places: availability_rules.Places,
    *,
    key: str,
    now: datetime,
    urgency: Urgency = Urgency.CHANGE,
    leaves_at: datetime | None = None,
    **facts: Any,
) -> bool:
    return queue_about(
        event,
        template,
        (officer.name, officer.email),
        terms,
        key=key,
        now=now,
        urgency=urgency,
        leaves_at=leaves_at,
        # There is nothing left to do about it once the course has started.
        expires_at=event.starts_at,
        places=places,
        is_open=now < terms.bookings_close_at,
        **facts,
    )
