"""What every mail about a booking, or a course date, has in common: its facts, and the link that acts at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from training_hub.access import Permission, Scope, link_token, scopes
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries import terms as terms_queries
from training_hub.bookings.rules.availability import is_open
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import Times
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import queue
from training_hub.people.models import Person


def link_to(path: str, purpose: str, booking: Booking, version: int = 1) -> str:
    """The address of a page that lets whoever has this mail act for this one booking."""
    base_url = current_app.config["SETTINGS"].base_url
    return f"{base_url}/{path}/{link_token(purpose, booking.id, version)}"


def queue_for(
    template: str,
    booking: Booking,
    terms: Terms | None = None,
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
    """Queue a mail about a booking, to its person or to whoever else is named; False where it was queued before.

    `terms` are those in force, where they are known already.
    """
    event = booking.event
    terms = terms or terms_queries.terms_for(event)
    return queue_about(
        event,
        template,
        to or (booking.person.name, booking.person.email),
        terms,
        key=key,
        now=now,
        urgency=urgency,
        leaves_at=leaves_at,
        expires_at=expires_at,
        calendar=calendar,
        carries_key=carries_key,
        booking=booking,
        takes_bookings=is_open(event, terms, now=now),
        is_late=terms.is_late(now=leaves_at or now),
        late_admission=terms.late_admission(event.sessions[0].ends_at),
        **facts,
    )


def queue_about(
    event: Event,
    template: str,
    to: tuple[str, str],
    terms: Terms,
    *,
    key: str,
    now: datetime,
    urgency: Urgency = Urgency.CHANGE,
    leaves_at: datetime | None = None,
    expires_at: datetime | None = None,
    calendar: str = "",
    carries_key: bool = False,
    **facts: Any,
) -> bool:
    """Queue a mail about a course date, to somebody who may have no booking there; False where it was queued before."""
    base_url = current_app.config["SETTINGS"].base_url
    return queue(
        template,
        key=key,
        to=to,
        now=now,
        facts={"event": event, "course": event.course, "base_url": base_url, "terms": terms, **facts},
        urgency=urgency,
        leaves_at=leaves_at,
        expires_at=expires_at,
        calendar=calendar,
        carries_key=carries_key,
    )


def _name_of(by: Person | None) -> str:
    """Who did it, as a mail says it: officers act for the team, everyone else for themselves."""
    if by is None:
        return ""
    return "The training team" if Scope.ALL in scopes(by, Permission.CANCEL_BOOKINGS) else by.name


def _tell_calendar(
    booking: Booking,
    entries: Sequence[str],
    sessions: Sequence[Times],
    *,
    key: str,
    is_gone: bool,
    now: datetime,
    first: int = 2,
) -> None:
    """Queue a short mail for each session after the first: a mail has room for one calendar entry."""
    for number, (entry, times) in enumerate(zip(entries, sessions, strict=True), start=first):
        queue_for(
            "session_gone" if is_gone else "session_entry",
            booking,
            key=f"{key}:session:{number}",
            now=now,
            calendar=entry,
            number=number,
            session=times,
        )
