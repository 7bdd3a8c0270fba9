"""Whether a request, an offer or a place can still be acted on."""

from datetime import datetime

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import FLAGS, Status
from training_hub.catalogue.models import Event
from training_hub.errors import Refused


class Decided(Refused):
    """The request, offer or place has been decided on already, or ran out."""


def is_standing(booking: Booking, *, now: datetime) -> bool:
    """Whether `booking` is a request or an offer that can still be decided.

    The deadline has not passed, and the course has not started, even if it was moved to an earlier day.
    """
    starts_at = booking.event.starts_at
    is_undecided = booking.status in {Status.REQUESTED, Status.OFFERED}
    return is_undecided and now < min(booking.decide_by or starts_at, starts_at)


def is_kept_for(booking: Booking, claim: Booking, *, now: datetime) -> bool:
    """Whether `claim` keeps a place that `booking` can move into.

    True for an offer, or a request that holds a place, if it is for the same person and the same agency.
    """
    is_theirs = (claim.person_id, claim.agency_id) == (booking.person_id, booking.agency_id)
    return is_theirs and (claim.flags.holds_place or claim.is_held) and is_standing(claim, now=now)


def is_still_mine(booking: Booking, event: Event, *, now: datetime) -> bool:
    """Whether `booking` is a place that can still be moved or passed on."""
    return booking.status is Status.CONFIRMED and not booking.is_walk_in and now < event.starts_at


def check_still_mine(booking: Booking, event: Event, *, now: datetime) -> None:
    """Raises Refused unless `booking` is a place that can still be moved or passed on."""
    if booking.status is not Status.CONFIRMED or booking.is_walk_in:
        raise Refused("This is not a place that can be moved or passed on.")
    if now >= event.starts_at:
        raise Refused("The course has started, so the place can no longer be moved or passed on.")


def is_coming(status: Status, event: Event, *, now: datetime) -> bool:
    """Whether `booking` is a place on a course that is not over."""
    return FLAGS[status].has_place and now < event.ends_at


def is_claim(status: Status, event: Event, *, now: datetime) -> bool:
    """Whether `booking` is a request, an offer or a turn, for a course that has not started."""
    return FLAGS[status].is_open and not FLAGS[status].has_place and now < event.starts_at
