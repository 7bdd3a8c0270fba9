"""The email that tells people that their date has moved."""

from collections.abc import Sequence
from datetime import datetime

from training_hub.bookings import calendar
from training_hub.bookings.emails.queueing import (
    LaterSessions,
    link_to,
    queue_for,
    queue_sessions,
    to_person,
)
from training_hub.bookings.models.booking import Booking
from training_hub.catalogue.rules import Times, times_of
from training_hub.mail.outbox import Envelope


def tell_moved(booking: Booking, was: Sequence[Times], *, now: datetime) -> bool:
    """Queue the email about a new time or place, with calendar entries. Returns False if it was queued before.

    The email asks people with a place whether they can still come. `was` holds the former sessions, so that
    calendars can remove those that no longer exist.
    """
    key = f"booking:{booking.reference}:moved:{booking.event.sequence}"
    has_place, asked = booking.flags.has_place, booking.asked_sequence
    entries = calendar.invitations(booking, now=now) if has_place else []
    envelope = Envelope(key, to_person(booking), calendar=entries[0] if entries else "")
    href = link_to("answer", "answer", booking, asked) if asked is not None else ""
    is_told = queue_for("event_moved", booking, envelope, now=now, href=href)
    if is_told and has_place:
        times = times_of(booking.event)
        moved = LaterSessions("session_entry", entries[1:], times[1:])
        lost = LaterSessions(
            "session_gone",
            calendar.withdrawals(booking, was, now=now),
            was[len(times) :],
            first_number=len(times) + 1,
        )
        queue_sessions(booking, moved, key=key, now=now)
        queue_sessions(booking, lost, key=key, now=now)
    return is_told
