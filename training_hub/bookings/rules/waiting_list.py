"""Why someone who waits for a place does or does not have an offer, in one sentence for the hub's officers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.availability import NOTHING, Share, next_in_line
from training_hub.bookings.rules.claims import Decided, is_standing
from training_hub.wording import in_words, plural, short_date, short_moment


class Turn(Protocol):
    """Somebody's turn on a waiting list."""

    @property
    def id(self) -> int: ...

    @property
    def agency_id(self) -> int: ...


class Offered(Protocol):
    """A free place that somebody who waited was offered, and what has become of it."""

    @property
    def status(self) -> Status: ...

    @property
    def decide_by(self) -> datetime | None: ...

    @property
    def changed_at(self) -> datetime: ...


@dataclass(frozen=True, kw_only=True)
class ListState:
    """All that decides whether a free place reaches those who wait for a course date."""

    free: int
    shares: Mapping[int, Share]
    is_published: bool = True
    is_closed: bool = False
    is_paused: bool = False
    is_manual: bool = False
    cap: int | None = None
    cap_ends_on: date | None = None

    @property
    def stopped(self) -> str:
        """Why free places go to nobody by themselves, in a sentence; empty where they do."""
        if not self.is_published:
            return "The course date is not in the programme"
        if self.is_closed:
            return "Bookings have closed"
        if self.is_paused:
            return "The list is paused"
        return "The list is run by hand" if self.is_manual else ""


FREE = "A place is free, and goes to them within a few minutes"
NEXT = "Next in line: nothing is free"


def why_waiting(waiting: Sequence[Turn], state: ListState) -> list[str]:
    """Why each of `waiting`, in their order, has no offer: one sentence each.

    Who is next, and whom a cap keeps back, is as `next_in_line` says, which passes the places on.
    """
    if state.stopped:
        return [state.stopped] * len(waiting)
    # Everybody who could have a place if there were enough: whom the cap keeps back is before nobody.
    able = next_in_line(waiting, len(waiting), cap=state.cap, shares=state.shares)
    before = {turn.id: number for number, turn in enumerate(able)}
    return [_of(turn, before.get(turn.id), state) for turn in waiting]


def _of(turn: Turn, before: int | None, state: ListState) -> str:
    if before is None:
        capped = plural(state.cap or 0, "place")
        until = f" until {short_date(state.cap_ends_on)}" if state.cap_ends_on else ""
        if state.shares.get(turn.agency_id, NOTHING).held >= (state.cap or 0):
            return f"Their agency has reached its {capped}{until}"
        return f"With those before them, their agency reaches its {capped}{until}"
    if before < state.free:
        return FREE
    if not before:
        return NEXT
    return (
        "One person is before them"
        if before == 1
        else f"{in_words(before).capitalize()} people are before them"
    )


def what_became_of_offer(offered: Offered) -> str:
    """Whether the offer of a free place still stands, ran out or was refused, and when, in a sentence."""
    if offered.status is Status.OFFERED:
        return (
            f"Has an offer until {short_moment(offered.decide_by)}" if offered.decide_by else "Has an offer"
        )
    if offered.status is Status.LAPSED:
        return f"Let the offer run out on {short_moment(offered.changed_at)}"
    return f"Refused the offer on {short_moment(offered.changed_at)}"


def no_longer_waits(status: Status, name: str, decide_by: datetime | None) -> str:
    """What has become of someone who is to be picked from a waiting list and is not on it any more."""
    if status is Status.OFFERED:
        until = f", and can take it until {short_moment(decide_by)}" if decide_by else ""
        return f"{name} has been offered a place{until}."
    if status is Status.CONFIRMED:
        return f"{name} has a place already."
    return f"{name} is no longer waiting for a place."


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
