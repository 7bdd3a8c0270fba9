"""The email that tells people their date has moved."""

from collections.abc import Sequence
from datetime import datetime

from training_hub.bookings import calendar
from training_hub.bookings.emails.queueing import _tell_calendar, link_to, queue_for
from training_hub.bookings.models.booking import Booking
from training_hub.catalogue.rules import Times, times_of


def tell_moved(booking: Booking, was: Sequence[Times], *, now: datetime) -> bool:
    """Queue the mail that tells of a new time or place, with what their calendar needs of it, and asks those with a
    place if they can still come; False where told before.

    `was` is when the sessions were: those that are no more are taken out of the calendar.
    """
    key = f"booking:{booking.reference}:moved:{booking.event.sequence}"
    has_place = booking.flags.has_place
    entries = calendar.invitations(booking, now=now) if has_place else []
    asked = booking.asked_sequence
    is_told = queue_for(
        "event_moved",
        booking,
        key=key,
        now=now,
        calendar=entries[0] if entries else "",
        link=link_to("answer", "answer", booking, asked) if asked is not None else "",
        carries_key=asked is not None,
    )
    if is_told and has_place:
        sessions = times_of(booking.event)
        _tell_calendar(booking, entries[1:], sessions[1:], key=key, is_gone=False, now=now)
        lost = calendar.withdrawals(booking, was, now=now)
        _tell_calendar(
            booking, lost, was[len(sessions) :], key=key, is_gone=True, now=now, first=len(sessions) + 1
        )
    return is_told
