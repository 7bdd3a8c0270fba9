"""Undo a cancellation, a substitution, a transfer, or the end of a turn."""

from datetime import datetime

from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.eligibility import check_account, check_clash
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.queries.booking import open_booking, successor
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.queries.waiting_list import end_of_list
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
    """Undo how a booking ended: give the place back, excuse a late cancellation, or put its person back on the list.

    Raises NoRoom if someone else has the place now, Clash if the person now has a place elsewhere at that time,
    Refused if it cannot be undone.
    """
    after = successor(booking)
    hold(booking.event, *([after.event] if after is not None else []))
    # Another person passed on or moved the place just before it was locked.
    is_another = successor(booking) is not after
    if is_another or became not in UNDONE.get(booking.status, frozenset()):
        raise Refused("This booking has since changed. Look at it again.")
    if booking.is_walk_in:
        raise Refused("Add someone who came without a booking on the register instead.")
    if became is Status.CANCELLED:
        change(booking, became, by=by, now=now, why=reason, undo=True)
        return
    _check_can_return(booking, became, now=now)
    if became is Status.WAITING:
        _return_to_list(booking, now=now)
    else:
        if not despite_clash:
            # The person gives up the place at the other date, so it does not clash.
            moved = after if booking.status is Status.TRANSFERRED else None
            check_clash(booking.person, booking.event, but=moved.event_id if moved is not None else 0)
        _free_place(booking, after, by=by, now=now, reason=reason)
    change(booking, became, by=by, now=now, why=reason, undo=True)
    for event in {booking.event, *([after.event] if after is not None else [])}:
        pass_on(event, now=now)


def _check_can_return(booking: Booking, became: Status, *, now: datetime) -> None:
    event = booking.event
    if not event.is_published or now >= event.ends_at:
        raise Refused("The course date is over or was called off, so the change can no longer be undone.")
    check_account(booking.person)
    check_put_back(booking, became, terms_for(event))
    if open_booking(booking.person_id, event.id) is not None:
        raise Refused("This person now has another booking for this date.")


def _return_to_list(booking: Booking, *, now: datetime) -> None:
    if not any(row.became is Status.WAITING for row in booking.history):
        # The person was never on the list, and others have been told their position on it.
        booking.asked_at = end_of_list(booking.event, now=now)


def _free_place(booking: Booking, after: Booking | None, *, by: Person, now: datetime, reason: str) -> None:
    """End the booking that replaced `booking`, and check that there is a place for `booking`."""
    if after is not None and booking.status in {Status.SUBSTITUTED, Status.TRANSFERRED}:
        if after.status not in {Status.CONFIRMED, Status.REQUESTED}:
            raise Refused(
                "The place that replaced this one is no longer booked, so the change cannot be undone."
            )
        change(after, Status.WITHDRAWN, by=by, now=now, why=reason)
    # The colleague's place goes back to this booking, so no other place has to be available.
    is_theirs = after is not None and booking.status is Status.SUBSTITUTED
    if not is_theirs and not places(booking.event).free:
        raise NoRoom("Every place is now taken. Raise the capacity of the date first.")
