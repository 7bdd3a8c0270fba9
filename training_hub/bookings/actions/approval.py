"""Requests: a line manager, or a hub officer, approves or declines them, and what nobody decides lapses."""

from datetime import datetime
from functools import partial

from training_hub.bookings import emails, queries
from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.places import is_room, pass_on
from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules import check_request, reminder_of_request_at
from training_hub.database import db, each_in_turn
from training_hub.people.models import Person


def approve(booking: Booking, *, by: Person | None, now: datetime) -> None:
    """Approve a request: it becomes a place if one is held or free, else a turn on the waiting list.

    `by` is None for the line manager, who needs no account. Raises Decided where it is no longer to be decided.
    """
    event = hold(booking.event)
    check_request(booking, now=now)
    terms = queries.terms_for(event)
    has_place = booking.is_held or is_room(event, booking.agency, terms, now=now)
    if not has_place:
        # Whoever asked and had to be approved waits from the moment of the approval: others were told their turn.
        booking.asked_at = max(now, queries.last_asked_at(event) or now)
    became = Status.CONFIRMED if has_place else Status.WAITING
    change(booking, became, by=by, now=now, why=_decided("Approved", booking, by))


def decline(booking: Booking, *, by: Person | None, now: datetime, reason: str) -> None:
    """Decline a request; the person is told why. A place that was held goes on to the next."""
    event = hold(booking.event)
    check_request(booking, now=now)
    change(booking, Status.DECLINED, by=by, now=now, why=reason)
    pass_on(event, now=now)


def _decided(word: str, booking: Booking, by: Person | None) -> str:
    return f"{word} by {booking.manager_name or booking.manager_email}" if by is None else ""


def ask_another_manager(booking: Booking, *, name: str, email: str, now: datetime) -> None:
    """Ask somebody else to approve; the link that the first was sent stops working."""
    hold(booking.event)
    check_request(booking, now=now)
    booking.manager_name, booking.manager_email = name, email
    emails.ask_manager(booking, now=now)


def remind_managers(*, now: datetime) -> int:
    """Remind the line managers who have not decided, half way; how many. Run by the worker each minute."""
    db.session.rollback()
    return each_in_turn(queries.open_requests(now=now), partial(_remind, now=now))


def _remind(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    hold(booking.event)
    if booking.status is not Status.REQUESTED or booking.decide_by is None or now >= booking.decide_by:
        return 0
    if now < reminder_of_request_at(booking.asked_at, booking.decide_by):
        return 0
    return int(emails.ask_manager(booking, now=now, again=True))


def lapse_requests(*, now: datetime) -> int:
    """End the requests on which nobody decided in time, and pass on the places they held; how many.

    Run by the worker each minute.
    """
    db.session.rollback()
    return each_in_turn(queries.run_out(Status.REQUESTED, now=now), partial(_lapse, now=now))


def _lapse(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    event = hold(booking.event)
    if booking.status is not Status.REQUESTED or booking.decide_by is None or now < booking.decide_by:
        return 0
    change(booking, Status.LAPSED, by=None, now=now, why="Nobody decided in time")
    pass_on(event, now=now)
    return 1
