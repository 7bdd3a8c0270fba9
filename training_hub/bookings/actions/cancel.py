"""Cancel a booking, on time or late."""

from datetime import datetime

from training_hub.bookings.actions.alerts import tell_of_late_cancellation
from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.decline import settle_not_taken
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.cancel import AlreadyOver, cancelled_status
from training_hub.bookings.rules.claims import Decided
from training_hub.bookings.rules.moved import is_excused
from training_hub.people.models import Person


def cancel(
    booking: Booking,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
    cause: Cause | None = None,
    expected: Status | None = None,
) -> None:
    """Cancel a place, on time or late by the notice rule, or end a turn, an offer or a request.

    Not late: someone who has not yet confirmed a moved date, or who never asked for the place. The place goes
    to the first person waiting, or, if the booked person never accepted it, back to the agency that had
    reserved it. Hub officers are told if a late cancellation leaves a date half empty.

    Raises TooLate once the event has started, AlreadyOver if there is nothing to cancel or an unwanted place has
    since been accepted, Decided if the status is no longer the `expected` one.
    """
    event = hold(booking.event)
    if expected is not None and booking.status is not expected and booking.flags.is_open:
        raise Decided("This booking has since changed. Look at it again.")
    terms = terms_for(event)
    excused = is_excused(booking)
    became = cancelled_status(booking.status, event, terms, now=now, is_excused=excused)
    if cause is Cause.NOT_WANTED and not excused and booking.flags.has_place:
        raise AlreadyOver("You have since accepted this place. Cancel it on your booking page.")
    was = booking.status
    change(booking, became, by=by, now=now, cause=cause, why=reason)
    settle_not_taken(booking, was, by=by, now=now)
    passed_on = pass_on(event, now=now)
    if became is Status.CANCELLED_LATE and not passed_on:
        tell_of_late_cancellation(event, terms, by=by, now=now)
