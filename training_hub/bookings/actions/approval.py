"""Approve and decline requests for a place, and remind the managers who decide."""

from datetime import datetime
from functools import partial

from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.decline import settle_not_taken
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.emails.approval import ask_manager, ask_no_longer
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.approval import requests_to_remind_of
from training_hub.bookings.queries.availability import availability_at
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.queries.waiting_list import end_of_list
from training_hub.bookings.rules.approval import check_request, reminder_of_request_at
from training_hub.database import db, each_in_turn
from training_hub.errors import Refused
from training_hub.people.actions import name_manager
from training_hub.people.models import Person
from training_hub.people.rules import check_manager, one_line, work_address


def approve(booking: Booking, *, by: Person | None, now: datetime) -> None:
    """Approve a request. It becomes a place if one is held or available, else a turn on the waiting list.

    `by` is None for the line manager, who needs no account. Raises Decided if the request has been decided
    already, Refused if an officer decides on their own request.
    """
    event = hold(booking.event)
    check_request(booking, now=now)
    _check_not_own(booking, by)
    terms = terms_for(event)
    here = availability_at(event, terms, booking.agency_id, now=now)
    has_place, cause = booking.is_held or not here.is_full, None
    if not has_place:
        cause = Cause.AGENCY_SHARE if here.is_limited else None
        # The person joins the end of the list now, because those ahead have already been told their position.
        booking.asked_at = end_of_list(event, now=now)
    became = Status.CONFIRMED if has_place else Status.WAITING
    change(booking, became, by=by, now=now, cause=cause)


def decline(booking: Booking, *, by: Person | None, now: datetime, reason: str) -> None:
    """Decline a request, tell the person why, and pass on the place that it held."""
    event = hold(booking.event)
    check_request(booking, now=now)
    _check_not_own(booking, by)
    change(booking, Status.DECLINED, by=by, now=now, why=reason)
    settle_not_taken(booking, Status.REQUESTED, by=by, now=now)
    pass_on(event, now=now)


def _check_not_own(booking: Booking, by: Person | None) -> None:
    if by is not None and by.id == booking.person_id:
        raise Refused("Someone else has to decide on your own request.")


def ask_another_manager(booking: Booking, *, name: str, email: str, by: Person, now: datetime) -> None:
    """Ask another line manager to approve. The link sent to the previous manager stops working.

    People who do this for themselves also change the manager in their profile. Raises Decided if there is
    nothing to decide, and Refused if the address is not valid, is the person's own, or belongs to a manager who
    was asked already.
    """
    hold(booking.event)
    check_request(booking, now=now)
    email = work_address(email)
    check_manager(email, booking.person.email)
    if email == booking.manager_email:
        raise Refused("This manager has been asked already. Enter another address.")
    ask_no_longer(booking)
    booking.manager_name, booking.manager_email = one_line(name), email
    if by.id == booking.person_id:
        name_manager(booking.person, name=name, email=email, now=now)
    booking.manager_asked_at, booking.manager_reminded_at = now, None
    ask_manager(booking, now=now)


def remind_managers(*, now: datetime) -> int:
    """Remind line managers half way to the deadline. Returns how many. The worker runs this each minute."""
    return each_in_turn(requests_to_remind_of(now=now), partial(_remind, now=now))


def _remind(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    hold(booking.event)
    if booking.status is not Status.REQUESTED or booking.decide_by is None or now >= booking.decide_by:
        return 0
    asked_at = booking.manager_asked_at or booking.asked_at
    if booking.manager_reminded_at or now < reminder_of_request_at(asked_at, booking.decide_by):
        return 0
    booking.manager_reminded_at = now
    return int(ask_manager(booking, now=now, again=True))
