"""Whether people still have to answer a move, and what their answer means."""

from datetime import datetime

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.rules.claims import Decided
from training_hub.catalogue.models import Event
from training_hub.errors import Refused


class Overtaken(Refused):
    """The date has moved again since."""


def is_asked(booking: Booking) -> bool:
    """Whether the person has not yet said if they can come after the last move.

    Until they answer, cancelling is not late, because the hub moved the date.
    """
    return booking.asked_sequence is not None


def is_excused(booking: Booking) -> bool:
    """Whether cancelling is not late, however short the notice.

    True if the person has not answered a move, or has not accepted a place that someone else arranged.
    """
    return is_asked(booking) or booking.is_arranged


def check_answer(booking: Booking, event: Event, sequence: int, *, now: datetime) -> None:
    """Raises Decided or Overtaken unless `booking` still has to answer the move to `sequence`."""
    if event.is_called_off:
        raise Decided("The course date has been called off, so there is nothing to answer.")
    if not booking.flags.has_place:
        raise Decided("You no longer have a place on this course date, so there is nothing to answer.")
    if now >= event.starts_at:
        raise Decided("The course has started, so it is too late to answer.")
    if booking.asked_sequence is None and sequence == event.sequence:
        raise Decided("You have said that you can still come. Your place is kept.")
    if booking.asked_sequence != sequence:
        raise Overtaken("This course date has changed again. Look at it again.")
