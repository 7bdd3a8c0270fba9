"""Which mail tells of which change to a booking, and to whom."""

from collections.abc import Sequence
from datetime import datetime

from training_hub.access import Permission, Scope, scopes
from training_hub.bookings import calendar, queries
from training_hub.bookings.emails.queueing import link_to, queue_about, queue_for
from training_hub.bookings.models import FLAGS, Booking, BookingChange, Interest, Status
from training_hub.bookings.rules import Terms, approval_reminder_key, approval_version
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import Times, times_of
from training_hub.london import next_working_moment
from training_hub.mail import outbox
from training_hub.mail.models import Urgency
from training_hub.people.models import Person
from training_hub.policies.rules import Approval

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
        position=queries.waiting_position(booking) if waits else None,
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


def _name_of(by: Person | None) -> str:
    """Who did it, as a mail says it: officers act for the team, everyone else for themselves."""
    if by is None:
        return ""
    return "The training team" if Scope.ALL in scopes(by, Permission.CANCEL_BOOKINGS) else by.name


def ask_manager(booking: Booking, *, now: datetime, again: bool = False) -> bool:
    """Queue the mail that asks the line manager to approve a request, or reminds them; False where queued before."""
    # One address is asked once; whoever is named in its place is asked too.
    asked, reminded = _approval_keys(booking)
    # Whoever is named again after all may never have got the first mail: it was dropped if it had not left.
    outbox.allow_again(asked)
    first = booking.history[0].by
    return queue_for(
        "approval_reminder" if again else "approval_asked",
        booking,
        key=reminded if again else asked,
        now=now,
        to=(booking.manager_name, booking.manager_email),
        link=link_to("approve", "approve", booking, approval_version(booking)),
        carries_key=True,
        # A lead, or a colleague, may have asked in the person's name.
        arranged_by=_name_of(first) if first is not None and first.id != booking.person_id else "",
        urgency=Urgency.REMINDER if again else Urgency.CHANGE,
        leaves_at=next_working_moment(now) if again else None,
        expires_at=booking.decide_by,
    )


def ask_no_longer(booking: Booking) -> None:
    """Take back what has not left yet to a line manager in whose place another is asked, or who has nothing to decide
    any more."""
    asked, reminded = _approval_keys(booking)
    outbox.take_back(reminded)
    outbox.drop(asked, reminded)


def _approval_keys(booking: Booking) -> tuple[str, str]:
    version = approval_version(booking)
    return f"booking:{booking.reference}:approval:{version}", approval_reminder_key(
        booking.reference, version
    )


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


def tell_runs_again(booking: Booking, *, now: datetime, position: int | None) -> bool:
    """Queue the mail that tells someone who had asked that the course runs again: a place is held for them, or they
    wait for one; False where told before."""
    is_offered = booking.status is Status.OFFERED
    return queue_for(
        "runs_again_offered" if is_offered else "runs_again_waiting",
        booking,
        key=f"booking:{booking.reference}:runs-again",
        now=now,
        link=link_to("offers", "offer", booking) if is_offered else "",
        carries_key=is_offered,
        # As for any offer: a mail of its own says that it has run out.
        expires_at=booking.decide_by if is_offered else None,
        position=position,
    )


def tell_of_another_date(
    turn: Booking, event: Event, terms: Terms, room: queries.RoomFor, *, gives_way: bool, now: datetime
) -> bool:
    """Queue the mail that tells someone who waits at another date (`turn`) that `event` has places; False where told
    before. `gives_way` where that turn ends once they have a place."""
    return queue_about(
        event,
        "another_date",
        (turn.person.name, turn.person.email),
        terms,
        key=queries.another_date_key(event.id, turn.person_id),
        now=now,
        # Once bookings have closed it helps nobody.
        expires_at=terms.bookings_close_at,
        turn=turn,
        gives_way=gives_way,
        left=room.places.capacity - room.taken,
        asks_manager=terms.policies.approval is Approval.MANAGER,
    )


def can_be_booked_key(interest: Interest, event: Event) -> str:
    """The key of the mail that tells somebody who had asked that a date can be booked, such as "interest:4:event:7"."""
    return f"interest:{interest.id}:event:{event.id}"


def tell_can_be_booked(interest: Interest, event: Event, *, now: datetime) -> bool:
    """Queue the mail that tells someone who had asked that the course runs again, where they have to book themselves
    because their line manager has to approve it; False where told before."""
    return queue_about(
        event,
        "runs_again",
        (interest.person.name, interest.person.email),
        queries.terms_for(event),
        key=can_be_booked_key(interest, event),
        now=now,
    )
