"""Which mail tells of which change to a booking, and to whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from training_hub.access import Permission, Scope, link_token, scopes
from training_hub.bookings import calendar, queries
from training_hub.bookings.models import FLAGS, Booking, BookingChange, Status
from training_hub.bookings.rules import Reminder, Terms, approval_version
from training_hub.catalogue.models import Event
from training_hub.london import london_date
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

LINKS: dict[Status, tuple[str, str]] = {
    S.OFFERED: ("offers", "offer"),
    S.EVENT_CANCELLED: ("other-dates", "other-dates"),
}
"""Path and purpose of the link that lets whoever gets the mail act at once, without signing in."""

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
    opens = LINKS.get(change.became)
    if change.became is Status.EVENT_CANCELLED and not other_dates:
        opens = None
    _queue(
        template,
        booking,
        key=f"booking:{booking.reference}:{change.id}:{change.became.value}",
        now=now,
        calendar=calendar.message(booking, was, now=now),
        had_place=was is not None and FLAGS[was].has_place,
        by_name=_name_of(by),
        link=_link(*opens, booking) if opens else "",
        # Whoever did not ask for it can say so without signing in.
        refuse_link=_link("refuse", "refuse", booking)
        if by is not None and by.id != booking.person_id and (was is None or was is Status.REQUESTED)
        else "",
        carries_key=opens is not None,
        was=was.value if was else "",
        # A person who did it themselves knows why; who had it done to them is told.
        reason=reason if _is_told_why(booking, change, by) else "",
        by_other=by is not None and by.id != booking.person_id,
        position=queries.waiting_position(booking) if waits else None,
        other_dates=other_dates,
    )


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
    what = "approval-reminder" if again else f"approval:{approval_version(booking)}"
    return _queue(
        "approval_reminder" if again else "approval_asked",
        booking,
        key=f"booking:{booking.reference}:{what}",
        now=now,
        to=(booking.manager_name, booking.manager_email),
        link=_link("approve", "approve", booking, approval_version(booking)),
        carries_key=True,
        expires_at=booking.decide_by,
    )


def tell_moved(booking: Booking, *, now: datetime) -> bool:
    """Queue the mail that tells of a new time or place, with the new calendar entry, and asks those with a place if
    they can still come; False where told before."""
    asked = booking.asked_sequence
    return _queue(
        "event_moved",
        booking,
        key=f"booking:{booking.reference}:moved:{booking.event.sequence}",
        now=now,
        calendar=calendar.invitation(booking, now=now) if booking.flags.has_place else "",
        link=_link("answer", "answer", booking, asked) if asked is not None else "",
        carries_key=asked is not None,
    )


def few_key(event_id: int, terms: Terms, officer_id: int) -> str:
    """The key of what an officer is told of a date with too few people, such as "few:7:2025-06-05:3": once a day that
    it is moved to."""
    return f"few:{event_id}:{terms.starts_on.isoformat()}:{officer_id}"


def alert_few(
    event: Event,
    officer: Person,
    terms: Terms,
    people: int,
    places: queries.Places,
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


def alert_late(event: Event, officer: Person, terms: Terms, places: queries.Places, *, now: datetime) -> bool:
    """Queue the mail that tells an officer of a late cancellation that leaves a room half empty; False where they were
    told of one at this event today."""
    key = f"half-empty:{event.id}:{london_date(now).isoformat()}:{officer.id}"
    return _tell_officer("half_empty", officer, event, terms, places, key=key, now=now)


def _tell_officer(
    template: str,
    officer: Person,
    event: Event,
    terms: Terms,
    places: queries.Places,
    *,
    key: str,
    now: datetime,
    urgency: Urgency = Urgency.CHANGE,
    leaves_at: datetime | None = None,
    **facts: Any,
) -> bool:
    base_url = current_app.config["SETTINGS"].base_url
    return queue(
        template,
        key=key,
        to=(officer.name, officer.email),
        now=now,
        facts={
            "event": event,
            "course": event.course,
            "terms": terms,
            "places": places,
            "is_open": now < terms.bookings_close_at,
            "base_url": base_url,
            **facts,
        },
        urgency=urgency,
        leaves_at=leaves_at,
        # There is nothing left to do about it once the course has started.
        expires_at=event.starts_at,
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
