"""Emails to training leads about their agency's reserved places."""

from datetime import datetime
from typing import Any

from training_hub.bookings.emails.queueing import queue_about
from training_hub.bookings.queries import terms as terms_queries
from training_hub.catalogue.models import Event
from training_hub.mail.models import Urgency
from training_hub.people.models import Agency, Person


def tell_released(
    person: Person, event: Event, agency: Agency, number: int, *, last: int, now: datetime
) -> bool:
    """Queue the mail that tells an agency that the places it kept are free again; `last` names what was released."""
    key = f"reserved:{event.id}:{agency.id}:{person.id}:released:{last}"
    return _queue_reserved("reserved_released", person, event, agency, number, key=key, now=now)


def remind_of_reserved(
    person: Person,
    event: Event,
    agency: Agency,
    number: int,
    *,
    now: datetime,
    leaves_at: datetime,
    expires_at: datetime,
) -> bool:
    """Queue the mail that says that places without a name are soon released; False where it was queued before."""
    key = f"reserved:{event.id}:{agency.id}:{person.id}:soon:{expires_at:%Y-%m-%d}"
    return _queue_reserved(
        "reserved_soon",
        person,
        event,
        agency,
        number,
        key=key,
        now=now,
        urgency=Urgency.REMINDER,
        leaves_at=leaves_at,
        # Once they are released there is nobody left to name.
        expires_at=expires_at,
    )


def _queue_reserved(
    template: str,
    person: Person,
    event: Event,
    agency: Agency,
    number: int,
    *,
    key: str,
    now: datetime,
    **how: Any,
) -> bool:
    to, terms = (person.name, person.email), terms_queries.terms_for(event)
    return queue_about(event, template, to, terms, key=key, now=now, agency=agency, number=number, **how)
