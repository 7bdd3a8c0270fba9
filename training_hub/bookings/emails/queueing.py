"""What every mail about a booking has in common: its facts, and the link that lets its reader act at once."""

from datetime import datetime
from typing import Any

from flask import current_app

from training_hub.access import link_token
from training_hub.bookings import queries
from training_hub.bookings.models import Booking
from training_hub.bookings.rules import is_open
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import queue


def link_to(path: str, purpose: str, booking: Booking, version: int = 1) -> str:
    """The address of a page that lets whoever has this mail act for this one booking."""
    base_url = current_app.config["SETTINGS"].base_url
    return f"{base_url}/{path}/{link_token(purpose, booking.id, version)}"


def queue_for(
    template: str,
    booking: Booking,
    *,
    key: str,
    now: datetime,
    calendar: str = "",
    urgency: Urgency = Urgency.CHANGE,
    leaves_at: datetime | None = None,
    expires_at: datetime | None = None,
    to: tuple[str, str] | None = None,
    carries_key: bool = False,
    **facts: Any,
) -> bool:
    """Queue a mail about a booking, to its person or to whoever else is named; False where it was queued before."""
    event = booking.event
    terms = queries.terms_for(event)
    return queue(
        template,
        key=key,
        to=to or (booking.person.name, booking.person.email),
        now=now,
        facts={
            "booking": booking,
            "event": event,
            "course": event.course,
            "base_url": current_app.config["SETTINGS"].base_url,
            "terms": terms,
            "takes_bookings": is_open(event, terms, now=now),
            "is_late": terms.is_late(now=leaves_at or now),
            "late_admission": terms.late_admission(event.sessions[0].ends_at),
            **facts,
        },
        urgency=urgency,
        leaves_at=leaves_at,
        expires_at=expires_at,
        calendar=calendar,
        carries_key=carries_key,
    )
