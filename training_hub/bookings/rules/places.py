"""The places of a course date, each agency's share of them, and who is next for an available one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar


class Turn(Protocol):
    """A turn on a waiting list."""

    @property
    def agency_id(self) -> int: ...


OfTurn = TypeVar("OfTurn", bound=Turn)


@dataclass(frozen=True)
class Places:
    """How full an event is. Walk-ins are not counted."""

    capacity: int
    held: int
    """Places that nobody else can have: booked, offered, reserved, and held by a request."""
    waiting: int
    reserved: int = 0
    """The held places that agencies have reserved without a name."""

    @property
    def free(self) -> int:
        """Places that nobody holds. Never below 0, although imported history may hold more places than there are."""
        return max(self.capacity - self.held, 0)

    @property
    def taken(self) -> int:
        """Places that a new person cannot have, because available ones first go to the people waiting."""
        return min(self.held + self.waiting, max(self.capacity, self.held))

    @property
    def is_half_empty(self) -> bool:
        """Whether fewer than half of the places are held."""
        return self.held * 2 < self.capacity


@dataclass(frozen=True)
class Share:
    """What one agency has at an event: places held, reserved ones included, and people waiting."""

    held: int = 0
    waiting: int = 0
    reserved: int = 0
    """How many of the held places have no name."""


NOTHING = Share()


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that was counted about one event."""

    places: Places
    cap: int | None = None
    """The most places that one agency may hold now. None for no limit."""
    shares: Mapping[int, Share] = field(default_factory=dict)
    """What each agency has, by its id. Needed only if there is a cap."""

    @property
    def first(self) -> int:
        """How many of the people waiting could have an available place, and so get one before anyone new.

        People whose agency has reached the cap keep nobody else out.
        """
        if self.cap is None:
            return self.places.waiting
        return sum(min(share.waiting, max(self.cap - share.held, 0)) for share in self.shares.values())

    def share_left(self, agency_id: int | None) -> int | None:
        """How many more bookings the agency may have, waiting included. None for no limit, or an unknown agency."""
        if self.cap is None or agency_id is None:
            return None
        own = self.shares.get(agency_id, NOTHING)
        return max(self.cap - own.held - own.waiting, 0)


def next_in_line(
    waiting: Iterable[OfTurn], free: int, *, cap: int | None, shares: Mapping[int, Share]
) -> list[OfTurn]:
    """The people in `waiting`, in order, who get the `free` places. No agency goes above its limit."""
    held = {agency_id: share.held for agency_id, share in shares.items()}
    chosen: list[OfTurn] = []
    for turn in waiting:
        if len(chosen) >= free:
            break
        taken = held.get(turn.agency_id, 0)
        if cap is None or taken < cap:
            held[turn.agency_id] = taken + 1
            chosen.append(turn)
    return chosen
