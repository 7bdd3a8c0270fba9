"""Whether a request, an offer or a change can still be decided."""

from datetime import datetime, timedelta
from typing import Protocol
from zlib import crc32

from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.policies.rules import Approval


class Decided(Refused):
    """It is no longer to be decided: somebody has, or it ran out."""


class HasManager(Protocol):
    """A booking, or as much of one as it takes to say who decides."""

    @property
    def manager_email(self) -> str: ...


def approval_version(booking: HasManager) -> int:
    """The version of the link that lets the line manager decide: another manager's address makes it another."""
    return crc32(booking.manager_email.encode())


def approval_reminder_key(reference: str, version: int) -> str:
    """The key of the mail that reminds a line manager, one for each manager that a request names."""
    return f"booking:{reference}:approval-reminder:{version}"


def check_put_back(booking: Booking, became: Status, terms: Terms) -> None:
    """Raises Refused where to put `booking` back on the waiting list would lead to a place that a line manager has to
    approve, and has not."""
    asks = terms.policies.approval is Approval.MANAGER
    if became is Status.WAITING and asks and not booking.was_approved:
        raise Refused("Ask them to book again: their line manager has to approve it.")


def is_standing(booking: Booking, *, now: datetime) -> bool:
    """Whether `booking` is a request or an offer that can still be decided: its time has not run out, and the course,
    which may have been moved nearer, has not started."""
    starts_at = booking.event.starts_at
    stands = booking.status in {Status.REQUESTED, Status.OFFERED}
    return stands and now < min(booking.decide_by or starts_at, starts_at)


def check_request(booking: Booking, *, now: datetime) -> None:
    """Raises Decided, with what has become of it, unless `booking` is a request that waits for a decision."""
    if booking.status is Status.REQUESTED and is_standing(booking, now=now):
        if not booking.person.is_active:
            # It is taken back within a minute.
            raise Decided("This person’s account is closed, so there is nothing to decide.")
        return
    if booking.status is Status.EVENT_CANCELLED:
        raise Decided("The course date has been called off, so there is nothing to decide.")
    if booking.was_approved:
        since = "" if booking.flags.is_open else " What it led to has ended since."
        raise Decided(f"This request has been approved already.{since}")
    if booking.status is Status.DECLINED:
        raise Decided("This request has been declined already.")
    if booking.status in {Status.LAPSED, Status.REQUESTED}:
        raise Decided("This request has lapsed, because nobody decided in time.")
    if booking.flags.is_open:
        raise Decided("The training team has decided on this request already.")
    raise Decided("This request has been taken back, so there is nothing to decide.")


DECISION_SHOWN = timedelta(days=30)
"""How long after the decision the link to a request still shows whom, and which course, it was about."""


def is_decision_old(booking: Booking, *, now: datetime) -> bool:
    """Whether the request that `booking` was has been decided, or has run out, longer ago than that is shown."""
    decided = [row.at for row in booking.history if row.was is Status.REQUESTED]
    ended_at = decided[0] if decided else booking.decide_by
    return ended_at is not None and now > ended_at + DECISION_SHOWN


def check_offer(booking: Booking, *, now: datetime) -> None:
    """Raises Decided, with what has become of it, unless `booking` is an offer that still stands."""
    if booking.status is Status.OFFERED and is_standing(booking, now=now):
        return
    if booking.flags.has_place:
        raise Decided("You have taken this place already.")
    if booking.status in {Status.LAPSED, Status.OFFERED}:
        raise Decided("This offer has run out, and the place has gone to the next person.")
    if booking.status is Status.EVENT_CANCELLED:
        raise Decided("The course date has been called off.")
    raise Decided("There is no place held for you any more.")


def is_kept_for(booking: Booking, claim: Booking, *, now: datetime) -> bool:
    """Whether `claim` keeps a place that the one of `booking` can move into: an offer that still stands, or a request
    that holds one, of the same person, and for the same agency, or its share would be another's."""
    is_theirs = (claim.person_id, claim.agency_id) == (booking.person_id, booking.agency_id)
    return is_theirs and (claim.flags.holds_place or claim.is_held) and is_standing(claim, now=now)


def reminder_of_request_at(asked_at: datetime, decide_by: datetime) -> datetime:
    """When a line manager who has not decided is reminded: half way, and not within a day of being asked."""
    return max(asked_at + (decide_by - asked_at) / 2, asked_at + timedelta(days=1))


def is_still_mine(booking: Booking, event: Event, *, now: datetime) -> bool:
    """Whether this is a place that can still be moved, or passed on."""
    return booking.status is Status.CONFIRMED and not booking.is_walk_in and now < event.starts_at


def check_still_mine(booking: Booking, event: Event, *, now: datetime) -> None:
    """Raises Refused unless `booking` is a place that can still be moved, or passed on: until the course starts."""
    if booking.status is not Status.CONFIRMED or booking.is_walk_in:
        raise Refused("This is not a place that can be moved or passed on.")
    if now >= event.starts_at:
        raise Refused("The course has started, so the place can no longer be moved or passed on.")
