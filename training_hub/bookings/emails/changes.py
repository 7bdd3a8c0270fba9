"""Which mail tells of which change to a booking, and to whom."""

from collections.abc import Sequence
from datetime import datetime

from training_hub.bookings import calendar
from training_hub.bookings.emails.queueing import _name_of, _tell_calendar, link_to, queue_for
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import FLAGS, Status
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import times_of
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
"""A change that is not listed here, such as a mark on the register, tells no one."""


LINKS: dict[Status, tuple[str, str]] = {
    S.OFFERED: ("offers", "offer"),
    S.EVENT_CANCELLED: ("other-dates", "other-dates"),
}
"""Path and purpose of the link that lets whoever gets the mail act at once, without signing in."""


def tell(
    booking: Booking,
    change: BookingChange,
    *,
    by: Person | None,
    now: datetime,
    reason: str = "",
    other_dates: Sequence[Event] = (),
    terms: Terms | None = None,
) -> None:
    """Queue the mail that tells the person of a change of their booking. `change` is stored: its id is in the key."""
    was = change.was
    template = TEMPLATES.get((was, change.became))
    if template is None:
        return
    waits = booking.status is Status.WAITING
    key = f"booking:{booking.reference}:{change.id}:{change.became.value}"
    entries = calendar.messages(booking, was, now=now)
    opens = LINKS.get(change.became)
    if change.became is Status.EVENT_CANCELLED and not other_dates:
        opens = None
    arranger = _arranger(booking, change, by)
    queue_for(
        template,
        booking,
        terms,
        key=key,
        now=now,
        calendar=entries[0] if entries else "",
        had_place=was is not None and FLAGS[was].has_place,
        by_name=_name_of(arranger or by),
        link=link_to(*opens, booking) if opens else "",
        # Whoever did not ask for it can say so without signing in.
        refuse_link=link_to("refuse", "refuse", booking) if arranger is not None else "",
        # Whoever arranged it was not asked what the person needs; a place that moved brings that with it.
        asks_needs=arranger is not None
        and not (booking.follows is not None and booking.follows.person_id == booking.person_id),
        carries_key=opens is not None,
        # An offer that has run out helps nobody: a mail of its own says that it has.
        expires_at=booking.decide_by if booking.status is Status.OFFERED else None,
        decided_by=_name_of(by) or booking.manager_name or booking.manager_email,
        was=was.value if was else "",
        # A person who did it themselves knows why; who had it done to them is told.
        reason=reason if _is_told_why(booking, change, by) else "",
        by_other=by is not None and by.id != booking.person_id,
        position=waiting_list_queries.waiting_position(booking) if waits else None,
        other_dates=other_dates,
    )
    if entries:
        is_gone, later = not booking.flags.has_place, times_of(booking.event)[1:]
        _tell_calendar(booking, entries[1:], later, key=key, is_gone=is_gone, now=now)


def _arranger(booking: Booking, change: BookingChange, by: Person | None) -> Person | None:
    """Who arranged a place, or a turn, that its person did not ask for; None where they asked for it themselves."""
    if change.was is Status.REQUESTED and change.became in {Status.CONFIRMED, Status.WAITING}:
        by = booking.history[0].by
    elif change.was is not None:
        return None
    return by if by is not None and by.id != booking.person_id else None


def _is_told_why(booking: Booking, change: BookingChange, by: Person | None) -> bool:
    return change.became is Status.DECLINED or (by is not None and by.id != booking.person_id)
