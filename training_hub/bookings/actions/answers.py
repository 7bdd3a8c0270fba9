"""What people answer when a date has moved: that they can still come, or that they cannot."""

from datetime import datetime

from training_hub.bookings.actions.changes import hold
from training_hub.bookings.actions.places import cancel
from training_hub.bookings.models import CANNOT_COME, Booking, BookingChange, Status
from training_hub.bookings.rules import check_answer
from training_hub.database import db
from training_hub.people.models import Person


def answer_move(booking: Booking, *, can_come: bool, sequence: int, by: Person, now: datetime) -> None:
    """Say whether the person can still come after the move that raised the event's sequence to `sequence`.

    Who can keeps the place. Who cannot gives it up in time, whatever the notice, and it is passed on. Raises Decided
    where that has been answered or can no longer be, Overtaken where the date has moved again.
    """
    event = hold(booking.event)
    check_answer(booking, event, sequence, now=now)
    if not can_come:
        cancel(booking, by=by, now=now, reason=CANNOT_COME)
        return
    booking.asked_sequence = None
    # No change of status, and yet part of what happened: who answered is who has such a row.
    db.session.add(
        BookingChange(booking=booking, was=Status.CONFIRMED, became=Status.CONFIRMED, at=now, by=by)
    )
