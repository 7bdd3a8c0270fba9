"""End requests, offers and turns that ran out, or can no longer become a place."""

from datetime import datetime
from functools import partial

from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.decline import settle_not_taken
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.claims import claims_of_closed_accounts, run_out
from training_hub.bookings.queries.interest import claims_not_needed, has_coming_place
from training_hub.bookings.rules.claims import is_claim
from training_hub.database import db, each_in_turn

LAPSES = {Status.REQUESTED: Cause.NOT_DECIDED, Status.OFFERED: Cause.NOT_ANSWERED}
"""The claims that have a deadline, and the cause recorded when it passes."""


def lapse_claims(*, now: datetime) -> int:
    """End requests and offers that ran out, and pass on their places. Returns how many.

    The worker runs this each minute.
    """
    return each_in_turn(run_out(now=now), partial(_lapse, now=now))


def _lapse(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    event, was = hold(booking.event), booking.status
    # Someone may have decided or accepted it meanwhile, or offered the place again.
    if was not in LAPSES or booking.decide_by is None or now < booking.decide_by:
        return 0
    change(booking, Status.LAPSED, by=None, now=now, cause=LAPSES[was])
    settle_not_taken(booking, was, by=None, now=now)
    pass_on(event, now=now)
    return 1


def give_up_of_closed(*, now: datetime) -> int:
    """Withdraw the requests, offers and turns of people whose account is closed. Returns how many.

    Places held for them go to the next people. Nobody is emailed about a closed account. The worker runs this
    each minute.
    """
    return each_in_turn(claims_of_closed_accounts(now=now), partial(_give_up, now=now))


def _give_up(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    event = hold(booking.event)
    # The account may have been opened again meanwhile, or the claim decided.
    if booking.person.is_active or not is_claim(booking.status, event, now=now):
        return 0
    was = booking.status
    change(booking, Status.WITHDRAWN, by=None, now=now, cause=Cause.ACCOUNT_CLOSED, quietly=True)
    settle_not_taken(booking, was, by=None, now=now)
    pass_on(event, now=now)
    return 1


def give_up_not_needed(*, now: datetime) -> int:
    """Withdraw offers and turns from asking for a course once the person has a place on it. Returns how many.

    Tells the person, and passes on the place. The worker runs this. Doing it while booking would lock both
    dates, which could deadlock.
    """
    return each_in_turn(claims_not_needed(now=now), partial(_give_up_not_needed, now=now))


def _give_up_not_needed(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    event = hold(booking.event)
    # The person may have accepted the offer meanwhile, or given up the other place.
    is_needed = not has_coming_place(booking.person_id, event.course_id, now=now)
    if is_needed or not is_claim(booking.status, event, now=now):
        return 0
    change(booking, Status.WITHDRAWN, by=None, now=now, cause=Cause.PLACE_ELSEWHERE)
    pass_on(event, now=now)
    return 1
