"""Queue any email about a booking or a course date: the facts that all of them have, and links that need no sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from training_hub.access import Permission, Scope, link_token, scopes
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import is_open
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import Times
from training_hub.mail.outbox import Envelope, queue
from training_hub.people.models import Person


def link_to(path: str, purpose: str, booking: Booking, version: int = 1) -> str:
    """The address of a page on which anyone with this link can act for this booking, without signing in."""
    return f"{_base_url()}/{path}/{link_token(purpose, booking.id, version)}"


def to_person(booking: Booking) -> tuple[str, str]:
    """The name and the address of the person who is booked."""
    return booking.person.name, booking.person.email


def name_of(by: Person | None) -> str:
    """The name of the person who made a change, for an email. For officers, "The training team"."""
    if by is None:
        return ""
    return "The training team" if Scope.ALL in scopes(by, Permission.CANCEL_BOOKINGS) else by.name


def queue_about(
    template: str,
    event: Event,
    envelope: Envelope,
    *,
    now: datetime,
    terms: Terms | None = None,
    **facts: Any,
) -> bool:
    """Queue an email about a course date. Returns False if its key was queued before.

    Passing `terms` saves a query.
    """
    about = {
        "event": event,
        "course": event.course,
        "terms": terms or terms_for(event),
        "date_href": f"{_base_url()}/dates/{event.id}",
        "course_href": f"{_base_url()}/courses/{event.course.slug}",
    }
    return queue(template, about | facts, envelope, now=now)


def queue_for(
    template: str,
    booking: Booking,
    envelope: Envelope,
    *,
    now: datetime,
    terms: Terms | None = None,
    **facts: Any,
) -> bool:
    """Queue an email about a booking. Returns False if its key was queued before."""
    event = booking.event
    terms = terms or terms_for(event)
    about = {
        "booking": booking,
        "booking_href": f"{_base_url()}/bookings/{booking.reference}",
        "takes_bookings": is_open(event, terms, now=now),
        "is_late": terms.is_late(now=envelope.leaves_at or now),
        "late_admission": terms.late_admission(event.sessions[0].ends_at),
    }
    return queue_about(template, event, envelope, now=now, terms=terms, **about, **facts)


@dataclass(frozen=True)
class LaterSessions:
    """Sessions that need an email of their own, each with its calendar entry: later ones, or removed ones."""

    template: str
    """The template: session_entry or session_gone."""
    entries: Sequence[str]
    times: Sequence[Times]
    first_number: int = 2


def queue_sessions(booking: Booking, sessions: LaterSessions, *, key: str, now: datetime) -> None:
    """Queue a short email for each of `sessions`, because an email can carry only one calendar entry.

    `key` is the key of the email that says what happened.
    """
    pairs = zip(sessions.entries, sessions.times, strict=True)
    for number, (entry, times) in enumerate(pairs, start=sessions.first_number):
        envelope = Envelope(f"{key}:session:{number}", to_person(booking), calendar=entry)
        queue_for(sessions.template, booking, envelope, now=now, number=number, session=times)


def _base_url() -> str:
    # Not url_for, because the worker queues emails too, and has no request from which to build an address.
    return str(current_app.config["SETTINGS"].base_url)
