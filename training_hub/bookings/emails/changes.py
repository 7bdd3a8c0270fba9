"""Emails to people about changes to their bookings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from training_hub.bookings import calendar
from training_hub.bookings.emails.queueing import (
    LaterSessions,
    link_to,
    name_of,
    queue_for,
    queue_sessions,
    to_person,
)
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import FLAGS, Status
from training_hub.bookings.queries.waiting_list import waiting_position
from training_hub.bookings.rules.terms import Terms
from training_hub.bookings.rules.wording import reason_of
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import times_of
from training_hub.mail.outbox import Envelope
from training_hub.people.models import Person

S = Status

TEMPLATES: dict[tuple[Status | None, Status], str] = {
    (None, S.REQUESTED): "request_sent",
    (None, S.CONFIRMED): "booking_confirmed",
    (None, S.WAITING): "booking_waiting",
    (S.REQUESTED, S.CONFIRMED): "booking_confirmed",
    (S.REQUESTED, S.WAITING): "booking_waiting",
    (S.REQUESTED, S.DECLINED): "request_declined",
    (S.REQUESTED, S.LAPSED): "request_lapsed",
    (S.REQUESTED, S.WITHDRAWN): "booking_withdrawn",
    (S.REQUESTED, S.EVENT_CANCELLED): "event_called_off",
    (S.WAITING, S.OFFERED): "place_offered",
    (S.WAITING, S.CONFIRMED): "booking_place_found",
    (S.WAITING, S.WITHDRAWN): "booking_withdrawn",
    (S.WAITING, S.EVENT_CANCELLED): "event_called_off",
    (S.OFFERED, S.CONFIRMED): "booking_confirmed",
    (S.OFFERED, S.LAPSED): "offer_lapsed",
    (S.OFFERED, S.WITHDRAWN): "booking_withdrawn",
    (S.OFFERED, S.EVENT_CANCELLED): "event_called_off",
    (S.CONFIRMED, S.CANCELLED): "booking_cancelled",
    (S.CONFIRMED, S.CANCELLED_LATE): "booking_cancelled_late",
    (S.CONFIRMED, S.SUBSTITUTED): "place_passed_on",
    (S.CONFIRMED, S.TRANSFERRED): "place_transferred",
    (S.CONFIRMED, S.WITHDRAWN): "place_taken_back",
    (S.CONFIRMED, S.EVENT_CANCELLED): "event_called_off",
    (S.CANCELLED, S.CONFIRMED): "booking_restored",
    (S.CANCELLED_LATE, S.CONFIRMED): "booking_restored",
    (S.CANCELLED_LATE, S.CANCELLED): "late_cancellation_excused",
    (S.SUBSTITUTED, S.CONFIRMED): "booking_restored",
    (S.TRANSFERRED, S.CONFIRMED): "booking_restored",
    (S.WITHDRAWN, S.WAITING): "booking_waiting",
    (S.LAPSED, S.WAITING): "booking_waiting",
    (S.DECLINED, S.WAITING): "booking_waiting",
}
"""The email for each change of status. Changes that are not listed, such as marks on the register, send no email."""


def tell(
    booking: Booking,
    change: BookingChange,
    *,
    by: Person | None,
    now: datetime,
    other_dates: Sequence[Event] = (),
    terms: Terms | None = None,
) -> None:
    """Queue the email that tells the person of a change to their booking, with its calendar entries.

    Store `change` first, because the email's key contains its id.
    """
    was, became = change.was, change.became
    template = TEMPLATES.get((was, became))
    if template is None:
        return
    entries = calendar.messages(booking, was, now=now)
    envelope = Envelope(
        f"booking:{booking.reference}:{change.id}:{became.value}",
        to_person(booking),
        calendar=entries[0] if entries else "",
        # Not sent once the offer has run out, because another email says that it has.
        expires_at=booking.decide_by if became is Status.OFFERED else None,
    )
    facts = _who_did_it(booking, change, by) | _who_arranged_it(booking, change, by)
    facts |= {
        "was": was.value if was else "",
        "had_place": was is not None and FLAGS[was].has_place,
        "href": _href(booking, other_dates),
        "position": waiting_position(booking) if became is Status.WAITING else None,
        "other_dates": other_dates,
    }
    queue_for(template, booking, envelope, now=now, terms=terms, **facts)
    if entries:
        kind = "session_entry" if booking.flags.has_place else "session_gone"
        later = LaterSessions(kind, entries[1:], times_of(booking.event)[1:])
        queue_sessions(booking, later, key=envelope.key, now=now)


def _href(booking: Booking, other_dates: Sequence[Event]) -> str:
    """The address of a page on which the person can act without signing in. Empty if there is nothing to do."""
    if booking.status is Status.OFFERED:
        return link_to("offers", "offer", booking)
    if booking.status is Status.EVENT_CANCELLED and other_dates:
        return link_to("other-dates", "other-dates", booking)
    return ""


def _who_did_it(booking: Booking, change: BookingChange, by: Person | None) -> dict[str, Any]:
    by_other = by is not None and by.id != booking.person_id
    return {
        "by_name": name_of(by),
        "by_other": by_other,
        "decided_by": name_of(by) or booking.manager_name or booking.manager_email,
        # People who made the change themselves know the reason.
        "reason": reason_of(change.cause, change.why) if by_other or change.became is Status.DECLINED else "",
    }


def _who_arranged_it(booking: Booking, change: BookingChange, by: Person | None) -> dict[str, Any]:
    """What the email says to a person whose place or turn someone else arranged. Empty for everyone else."""
    if change.was is Status.REQUESTED and change.became in {Status.CONFIRMED, Status.WAITING}:
        by = booking.history[0].by
    elif change.was is not None:
        return {}
    if by is None or by.id == booking.person_id:
        return {}
    # A place that moved from another date keeps the person's needs, so they are not asked again.
    is_moved = booking.follows is not None and booking.follows.person_id == booking.person_id
    return {
        "by_name": name_of(by),
        "decline_href": link_to("refuse", "refuse", booking),
        "asks_needs": not is_moved,
    }
