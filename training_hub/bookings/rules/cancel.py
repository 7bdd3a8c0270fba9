"""Whether a booking can be cancelled, and whether that is late."""

from datetime import datetime

from training_hub.bookings.models.status import FLAGS, Status
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.errors import Refused


class TooLate(Refused):
    """It is too late to cancel the booking."""


class AlreadyOver(Refused):
    """The booking has already ended, so there is nothing to cancel."""


def cancelled_status(
    was: Status, event: Event, terms: Terms, *, now: datetime, is_excused: bool = False
) -> Status:
    """The status of a booking cancelled at `now`. Raises TooLate once the event has started.

    If `is_excused`, the cancellation is never late: someone else booked the place, or the hub moved the date.
    """
    if not FLAGS[was].is_open or FLAGS[was].is_outcome:
        raise AlreadyOver("This booking has already ended, so there is nothing to cancel.")
    if now >= event.starts_at:
        raise TooLate(
            "The course has started, so the place can no longer be cancelled. Tell the trainer instead."
        )
    if was is not Status.CONFIRMED:
        return Status.WITHDRAWN
    return Status.CANCELLED_LATE if terms.is_late(now=now) and not is_excused else Status.CANCELLED


def is_cancellable(status: Status, event: Event, *, now: datetime) -> bool:
    """Whether a booking with this status can still be cancelled."""
    return FLAGS[status].is_open and not FLAGS[status].is_outcome and now < event.starts_at
