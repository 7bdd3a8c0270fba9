"""Undo a cancellation, substitution, transfer or lost turn."""

from datetime import datetime

from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.eligibility import check_account, check_clash
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries import booking as booking_queries
from training_hub.bookings.queries import terms as terms_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.bookings.rules.availability import NoRoom
from training_hub.bookings.rules.moves import UNDONE, check_put_back
from training_hub.errors import Refused
from training_hub.people.models import Person


def undo(
    booking: Booking,
    became: Status,
    *,
    by: Person,
    now: datetime,
    reason: str,
    despite_clash: bool = False,
) -> None:
    """Undo what became of a booking: give the place back, excuse a late cancellation, put someone back on the list.

    Raises NoRoom where the place has gone meanwhile, Clash where the person has a place elsewhere at that time by now,
    Refused where it cannot be undone.
    """
    after = booking_queries.successor(booking)
    hold(booking.event, *([after.event] if after is not None else []))
    event = booking.event
    # Passed on, or moved, by somebody else in the moment before it was held.
    is_another = booking_queries.successor(booking) is not after
    if is_another or became not in UNDONE.get(booking.status, frozenset()):
        raise Refused("What became of this booking has changed since. Look at it again.")
    if booking.is_walk_in:
        raise Refused("Add someone who came without a booking on the register instead.")
    if became is Status.CANCELLED:
        change(booking, became, by=by, now=now, why=reason, undo=True)
        return
    if not event.is_published or now >= event.ends_at:
        raise Refused("The course date is over or was called off, so this can no longer be undone.")
    check_account(booking.person)
    check_put_back(booking, became, terms_queries.terms_for(event))
    if booking_queries.open_booking(booking.person_id, event.id) is not None:
        raise Refused("This person has another booking for this date by now.")
    if became is Status.CONFIRMED and not despite_clash:
        # The place that came of it is given up for this one.
        is_own = after is not None and after.person_id == booking.person_id
        check_clash(booking.person, event, but=after.event_id if after is not None and is_own else 0)
    if after is not None and booking.status in {Status.SUBSTITUTED, Status.TRANSFERRED}:
        _take_back(booking, after, by=by, now=now, reason=reason)
    # A colleague's place is this one again; any other has to be free.
    was_passed_on = booking.status is Status.SUBSTITUTED and after is not None
    needs_room = became is Status.CONFIRMED and not was_passed_on
    if needs_room and not availability_queries.places(event).free:
        raise NoRoom("Every place is taken by now. Raise the capacity of the date first.")
    if became is Status.WAITING and not any(row.became is Status.WAITING for row in booking.history):
        # They were never on the list, and others have been told their turn on it.
        booking.asked_at = waiting_list_queries.end_of_list(event, now=now)
    change(booking, became, by=by, now=now, why=reason, undo=True)
    for each in {event, *([after.event] if after is not None else [])}:
        pass_on(each, now=now)


def _take_back(booking: Booking, after: Booking, *, by: Person, now: datetime, reason: str) -> None:
    if after.status not in {Status.CONFIRMED, Status.REQUESTED}:
        raise Refused("The place that came of it is no longer booked, so this cannot be undone.")
    change(after, Status.WITHDRAWN, by=by, now=now, why=reason)
