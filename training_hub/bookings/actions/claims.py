"""Give up requests, offers and turns that can no longer become a place."""

from datetime import datetime
from functools import partial

from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.decline import settle_not_taken
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.claims import claims_of_closed_accounts
from training_hub.bookings.queries.interest import claims_not_needed, has_coming_place
from training_hub.bookings.rules.claims import is_claim
from training_hub.database import db, each_in_turn


def give_up_of_closed(*, now: datetime) -> int:
    """Take back the requests, offers and turns on waiting lists of people whose account is closed; how many.

    The places that they held go to the next. They are not told: they could do nothing about it. Run by the worker each
    minute.
    """
    db.session.rollback()
    return each_in_turn(claims_of_closed_accounts(now=now), partial(_give_up, now=now))


def _give_up(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    event = hold(booking.event)
    # Opened again, or decided, since it was found.
    if booking.person.is_active or not is_claim(booking.status, event, now=now):
        return 0
    was = booking.status
    change(booking, Status.WITHDRAWN, by=None, now=now, cause=Cause.ACCOUNT_CLOSED, quietly=True)
    settle_not_taken(booking, was, by=None, now=now)
    pass_on(event, now=now)
    return 1


def give_up_not_needed(*, now: datetime) -> int:
    """Take back the offers and turns that came of having asked to be told of a course, once their person has a place
    at another date of it; how many.

    The person is told, and what they held goes to the next. Run by the worker each minute: where the place is given,
    the other date is not held, and two that wanted each other's would wait for one another.
    """
    db.session.rollback()
    return each_in_turn(claims_not_needed(now=now), partial(_give_up_not_needed, now=now))


def _give_up_not_needed(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    event = hold(booking.event)
    # Taken, or the other place given up, since it was found.
    is_needed = not has_coming_place(booking.person_id, event.course_id, now=now)
    if is_needed or not is_claim(booking.status, event, now=now):
        return 0
    change(booking, Status.WITHDRAWN, by=None, now=now, cause=Cause.PLACE_ELSEWHERE)
    pass_on(event, now=now)
    return 1
