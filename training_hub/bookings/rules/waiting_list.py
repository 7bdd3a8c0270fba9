"""Why someone on a waiting list has no offer, and whether an offer can still be taken."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.claims import Decided, is_standing
from training_hub.bookings.rules.places import NOTHING, Share, next_in_line
from training_hub.wording import short_moment


class Turn(Protocol):
    """One person's turn on a waiting list."""

    @property
    def id(self) -> int: ...

    @property
    def agency_id(self) -> int: ...


class Wait(enum.Enum):
    """Why someone on a waiting list has no offer."""

    UNPUBLISHED = "unpublished"
    CLOSED = "closed"
    PAUSED = "paused"
    BY_HAND = "by hand"
    SHARE_USED = "share used"
    """The person's agency is at its limit."""
    SHARE_SPOKEN_FOR = "share spoken for"
    """The agency will be at its limit once people ahead on the list have a place."""
    FREE = "free"
    """A place is available, and the worker gives it to the person within a minute."""
    IN_LINE = "in line"


@dataclass(frozen=True)
class Waiting:
    """Why one person waits, and how many people are ahead of them."""

    cause: Wait
    before: int = 0


@dataclass(frozen=True, kw_only=True)
class ListState:
    """All that decides whether an available place goes to the people waiting for a course date."""

    free: int
    shares: Mapping[int, Share]
    is_published: bool = True
    is_closed: bool = False
    is_paused: bool = False
    is_manual: bool = False
    cap: int | None = None
    cap_ends_on: date | None = None

    @property
    def stopped(self) -> Wait | None:
        """Why nobody gets a place unless an officer picks them. None if places are passed on automatically."""
        if not self.is_published:
            return Wait.UNPUBLISHED
        if self.is_closed:
            return Wait.CLOSED
        if self.is_paused:
            return Wait.PAUSED
        return Wait.BY_HAND if self.is_manual else None


def why_waiting(waiting: Sequence[Turn], state: ListState) -> list[Waiting]:
    """Why each of `waiting`, in their order, has no offer.

    Uses `next_in_line`, as passing places on does, to find who is next, and who is over an agency's cap.
    """
    if state.stopped is not None:
        return [Waiting(state.stopped)] * len(waiting)
    # Everyone who could have a place if there were enough. A person over the cap does not hold up others.
    able = next_in_line(waiting, len(waiting), cap=state.cap, shares=state.shares)
    before = {turn.id: number for number, turn in enumerate(able)}
    return [_of(turn, before.get(turn.id), state) for turn in waiting]


def _of(turn: Turn, before: int | None, state: ListState) -> Waiting:
    if before is None:
        is_used = state.shares.get(turn.agency_id, NOTHING).held >= (state.cap or 0)
        return Waiting(Wait.SHARE_USED if is_used else Wait.SHARE_SPOKEN_FOR)
    return Waiting(Wait.FREE if before < state.free else Wait.IN_LINE, before)


def no_longer_waits(status: Status, name: str, decide_by: datetime | None) -> str:
    """What has happened to a person who was picked from a waiting list but has left it."""
    if status is Status.OFFERED:
        until = f", and can accept it until {short_moment(decide_by)}" if decide_by else ""
        return f"{name} has been offered a place{until}."
    if status is Status.CONFIRMED:
        return f"{name} has a place already."
    return f"{name} is no longer waiting for a place."


def check_offer(booking: Booking, *, now: datetime) -> None:
    """Raises Decided, with what happened, unless `booking` is an offer that can still be taken."""
    if booking.status is Status.OFFERED and is_standing(booking, now=now):
        return
    if booking.flags.has_place:
        raise Decided("You have accepted this place already.")
    if booking.status in {Status.LAPSED, Status.OFFERED}:
        raise Decided(
            "This offer has run out, and the place has gone to the next person on the waiting list."
        )
    if booking.status is Status.EVENT_CANCELLED:
        raise Decided("The course date has been called off.")
    raise Decided("There is no place held for you any more.")
