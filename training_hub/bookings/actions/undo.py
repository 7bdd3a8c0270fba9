"""Undo a cancellation, substitution, transfer or lost turn."""

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Undoing:
    """A booking to be undone, the booking that took its place, and who undoes it, when and why."""

    booking: Booking
    after: Booking | None
    by: Person
    now: datetime
    reason: str
    despite_clash: bool


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

    Raises NoRoom where the place has gone, Clash where the person now has a place elsewhere at that time, Refused
    where it cannot be undone.
    """
    after = successor(booking)
    hold(booking.event, *([after.event] if after is not None else []))
    # Passed on or moved by another person just before it was held.
    is_another = successor(booking) is not after
    if is_another or became not in UNDONE.get(booking.status, frozenset()):
        raise Refused("This booking has changed since you opened the page. Look at it again.")
    if booking.is_walk_in:
        raise Refused("Add someone who came without a booking on the register instead.")
    if became is Status.CANCELLED:
        change(booking, became, by=by, now=now, why=reason, undo=True)
        return
    _check_can_return(booking, became, now=now)
    UNDO[booking.status](Undoing(booking, after, by, now, reason, despite_clash))
    change(booking, became, by=by, now=now, why=reason, undo=True)
    for event in {booking.event, *([after.event] if after is not None else [])}:
        pass_on(event, now=now)


def _check_can_return(booking: Booking, became: Status, *, now: datetime) -> None:
    event = booking.event
    if not event.is_published or now >= event.ends_at:
        raise Refused("The course date is over or was called off, so this can no longer be undone.")
    check_account(booking.person)
    check_put_back(booking, became, terms_for(event))
    if open_booking(booking.person_id, event.id) is not None:
        raise Refused("This person now has another booking for this date.")


def _restore_cancelled(undoing: Undoing) -> None:
    _check_clash(undoing)
    _check_room(undoing.booking)


def _take_back_substitute(undoing: Undoing) -> None:
    _check_clash(undoing)
    _take_back(undoing)
    # The colleague's place is this one again, so no other has to be free.
    if undoing.after is None:
        _check_room(undoing.booking)


def _take_back_transfer(undoing: Undoing) -> None:
    # The place at the other date is given up, so it is no clash.
    _check_clash(undoing, but=undoing.after.event_id if undoing.after is not None else 0)
    _take_back(undoing)
    _check_room(undoing.booking)


def _return_to_list(undoing: Undoing) -> None:
    booking = undoing.booking
    if not any(row.became is Status.WAITING for row in booking.history):
        # They were never on the list, and others have been told their position on it.
        booking.asked_at = end_of_list(booking.event, now=undoing.now)


UNDO: dict[Status, Callable[[Undoing], None]] = {
    Status.CANCELLED: _restore_cancelled,
    Status.CANCELLED_LATE: _restore_cancelled,
    Status.SUBSTITUTED: _take_back_substitute,
    Status.TRANSFERRED: _take_back_transfer,
    Status.WITHDRAWN: _return_to_list,
    Status.LAPSED: _return_to_list,
    Status.DECLINED: _return_to_list,
}
"""What to check and take back before a booking that ended is restored."""


def _check_clash(undoing: Undoing, *, but: int = 0) -> None:
    if not undoing.despite_clash:
        check_clash(undoing.booking.person, undoing.booking.event, but=but)


def _check_room(booking: Booking) -> None:
    if not places(booking.event).free:
        raise NoRoom("Every place is now taken. Raise the capacity of the date first.")


def _take_back(undoing: Undoing) -> None:
    after = undoing.after
    if after is None:
        return
    if after.status not in {Status.CONFIRMED, Status.REQUESTED}:
        raise Refused("The place that replaced it is no longer booked, so this cannot be undone.")
    change(after, Status.WITHDRAWN, by=undoing.by, now=undoing.now, why=undoing.reason)
