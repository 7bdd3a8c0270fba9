"""Which mail tells of which change to a booking, and to whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from training_hub.access import Permission, Scope, link_token, scopes
from training_hub.bookings import calendar, queries
from training_hub.bookings.models import FLAGS, Booking, BookingChange, Status
from training_hub.bookings.rules import Reminder, approval_version, is_open
from training_hub.catalogue.models import Event
from training_hub.london import next_working_moment
from training_hub.mail import outbox
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import queue
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

REMINDERS: dict[Reminder, str] = {
    Reminder.REMINDER: "booking_reminder",
    Reminder.JOINING: "joining_instructions",
}


def reminder_key(reference: str, kind: Reminder) -> str:
    """The key of one booking's mail of this kind, such as "booking:TH-7KQ2M9XD:joining"."""
    return f"booking:{reference}:{kind.value}"


def reminder_keys(reference: str) -> list[str]:
    """The keys of what one booking's person is told before the course date."""
    return [reminder_key(reference, kind) for kind in Reminder]


def tell(
    booking: Booking,
    change: BookingChange,
    *,
    by: Person | None,
    now: datetime,
    reason: str = "",
    other_dates: Sequence[Event] = (),
) -> None:
    """Queue the mail that tells the person of a change of their booking. `change` is stored: its id is in the key."""
    was = change.was
    template = TEMPLATES.get((was, change.became))
    if template is None:
        return
    waits = booking.status is Status.WAITING
    arranger = _arranger(booking, change, by)
    _queue(
        template,
        booking,
        key=f"booking:{booking.reference}:{change.id}:{change.became.value}",
        now=now,
        calendar=calendar.message(booking, was, now=now),
        had_place=was is not None and FLAGS[was].has_place,
        by_name=_name_of(arranger or by),
        link=_link("offers", "offer", booking) if booking.status is Status.OFFERED else "",
        # Whoever did not ask for it can say so without signing in.
        refuse_link=_link("refuse", "refuse", booking) if arranger is not None else "",
        carries_key=booking.status is Status.OFFERED,
        # An offer that has run out helps nobody: a mail of its own says that it has.
        expires_at=booking.decide_by if booking.status is Status.OFFERED else None,
        decided_by=_name_of(by) or booking.manager_name or booking.manager_email,
        was=was.value if was else "",
        # A person who did it themselves knows why; who had it done to them is told.
        reason=reason if _is_told_why(booking, change, by) else "",
        by_other=by is not None and by.id != booking.person_id,
        position=queries.waiting_position(booking) if waits else None,
        other_dates=other_dates,
    )


def _arranger(booking: Booking, change: BookingChange, by: Person | None) -> Person | None:
    """Who arranged a place, or a turn, that its person did not ask for; None where they asked for it themselves."""
    if change.was is Status.REQUESTED and change.became in {Status.CONFIRMED, Status.WAITING}:
        by = booking.history[0].by
    elif change.was is not None:
        return None
    return by if by is not None and by.id != booking.person_id else None


def _is_told_why(booking: Booking, change: BookingChange, by: Person | None) -> bool:
    return change.became is Status.DECLINED or (by is not None and by.id != booking.person_id)


def _name_of(by: Person | None) -> str:
    """Who did it, as a mail says it: officers act for the team, everyone else for themselves."""
    if by is None:
        return ""
    return "The training team" if Scope.ALL in scopes(by, Permission.CANCEL_BOOKINGS) else by.name


def _link(path: str, purpose: str, booking: Booking, version: int = 1) -> str:
    """The address of a page that lets whoever has this mail act for this one booking."""
    base_url = current_app.config["SETTINGS"].base_url
    return f"{base_url}/{path}/{link_token(purpose, booking.id, version)}"


def ask_manager(booking: Booking, *, now: datetime, again: bool = False) -> bool:
    """Queue the mail that asks the line manager to approve a request, or reminds them; False where queued before."""
    # One address is asked once; whoever is named in its place is asked too.
    asked, reminded = _approval_keys(booking)
    return _queue(
        "approval_reminder" if again else "approval_asked",
        booking,
        key=reminded if again else asked,
        now=now,
        to=(booking.manager_name, booking.manager_email),
        link=_link("approve", "approve", booking, approval_version(booking)),
        carries_key=True,
        urgency=Urgency.REMINDER if again else Urgency.CHANGE,
        leaves_at=next_working_moment(now) if again else None,
        expires_at=booking.decide_by,
    )


def ask_no_longer(booking: Booking) -> None:
    """Take back what has not left yet to a line manager in whose place another is asked."""
    asked, reminded = _approval_keys(booking)
    outbox.drop(asked)
    outbox.take_back(reminded)


def _approval_keys(booking: Booking) -> tuple[str, str]:
    about = f"booking:{booking.reference}"
    return f"{about}:approval:{approval_version(booking)}", f"{about}:approval-reminder"


def tell_moved(booking: Booking, *, now: datetime) -> bool:
    """Queue the mail that tells of a new time or place, and the new calendar entry; False where told before."""
    return _queue(
        "event_moved",
        booking,
        key=f"booking:{booking.reference}:moved:{booking.event.sequence}",
        now=now,
        calendar=calendar.invitation(booking, now=now) if booking.flags.has_place else "",
    )


def remind(booking: Booking, kind: Reminder, *, now: datetime, leaves_at: datetime) -> bool:
    """Queue the reminder or the joining instructions; False where they were queued before."""
    return _queue(
        REMINDERS[kind],
        booking,
        key=reminder_key(booking.reference, kind),
        now=now,
        urgency=Urgency.REMINDER,
        leaves_at=leaves_at,
        # A mail server that was away for a week must not send people to a course that is over.
        expires_at=booking.event.starts_at,
    )


def _queue(
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
