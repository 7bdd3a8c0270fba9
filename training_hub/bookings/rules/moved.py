"""Whether a date that moved still asks its people if they can come, and what their answer comes to."""

from datetime import datetime

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.rules.claims import Decided
from training_hub.catalogue.models import Event
from training_hub.errors import Refused


class Overtaken(Refused):
    """The date has moved again since this was asked."""


def is_asked(booking: Booking) -> bool:
    """Whether the person of `booking` has yet to say if they can come to the date as it is now.

    Until they do, they may give the place up in time whatever the notice: it was the hub that moved the date.
    """
    return booking.asked_sequence is not None


def is_excused(booking: Booking) -> bool:
    """Whether the person of `booking` may give it up in time whatever the notice: they have yet to answer a move, or
    somebody else arranged it and they have not made it theirs."""
    return is_asked(booking) or booking.is_arranged


def check_answer(booking: Booking, event: Event, sequence: int, *, now: datetime) -> None:
    """Raises Decided, or Overtaken, unless the move that raised the event's sequence to `sequence` still asks
    `booking` for an answer."""
    if event.is_called_off:
        raise Decided("The course date has been called off since, so there is nothing to answer.")
    if not booking.flags.has_place:
        raise Decided("You no longer have a place on this course date, so there is nothing to answer.")
    if now >= event.starts_at:
        raise Decided("The course has started, so it is too late to answer.")
    if booking.asked_sequence is None and sequence == event.sequence:
        raise Decided("You have said that you can still come. Your place is kept.")
    if booking.asked_sequence != sequence:
        raise Overtaken("This course date has been changed again since. Look at how it stands now.")
