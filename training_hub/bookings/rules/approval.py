"""Requests that a line manager decides, and for how long the link shows the decision."""

from datetime import datetime, timedelta
from zlib import crc32

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.claims import Decided, is_standing


def approval_version(manager_email: str) -> int:
    """The version of the link for the line manager with this address."""
    return crc32(manager_email.encode())


def check_request(booking: Booking, *, now: datetime) -> None:
    """Raises Decided, with what happened, unless `booking` is a request that can be decided."""
    if booking.status is Status.REQUESTED and is_standing(booking, now=now):
        if not booking.person.is_active:
            # The worker withdraws the request within a minute.
            raise Decided("This person’s account is closed, so there is nothing to decide.")
        return
    if booking.status is Status.EVENT_CANCELLED:
        raise Decided("The course date has been called off, so there is nothing to decide.")
    if booking.was_approved:
        since = "" if booking.flags.is_open else " The booking has since ended."
        raise Decided(f"This request has been approved already.{since}")
    if booking.status is Status.DECLINED:
        raise Decided("This request has been declined already.")
    if booking.status in {Status.LAPSED, Status.REQUESTED}:
        raise Decided("This request has ended, because nobody decided in time.")
    if booking.flags.is_open:
        raise Decided("The training team has decided on this request already.")
    raise Decided("This request has been taken back, so there is nothing to decide.")


DECISION_SHOWN = timedelta(days=30)
"""How long after the decision the link still shows the person and the course."""


def is_decision_old(booking: Booking, *, now: datetime) -> bool:
    """Whether the request was decided, or ran out, too long ago to be shown."""
    decided = [row.at for row in booking.history if row.was is Status.REQUESTED]
    ended_at = decided[0] if decided else booking.decide_by
    return ended_at is not None and now > ended_at + DECISION_SHOWN


def reminder_of_request_at(asked_at: datetime, decide_by: datetime) -> datetime:
    """When a manager is reminded: half way to the deadline, but at least a day after being asked."""
    return max(asked_at + (decide_by - asked_at) / 2, asked_at + timedelta(days=1))
