"""Who may have a free place: plain arithmetic on what was counted while the event was held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Counted(Protocol):
    """How full an event is."""

    @property
    def free(self) -> int: ...

    @property
    def waiting(self) -> int: ...


class Claim(Protocol):
    """Somebody who waits."""

    @property
    def agency_id(self) -> int: ...


OfClaim = TypeVar("OfClaim", bound=Claim)


@dataclass(frozen=True)
class Share:
    """What one agency has at an event: places held, reserved ones included, and people waiting."""

    held: int = 0
    waiting: int = 0
    reserved: int = 0
    """Those of the places held that are without a name."""


NOTHING = Share()


def has_room(counted: Counted, agency_id: int, *, cap: int | None, shares: Mapping[int, Share]) -> bool:
    """Whether someone of this agency who asks now has a place, rather than a turn on the waiting list.

    Whoever waits goes first: a free place with people waiting is theirs, not the latest comer's. Only those count who
    could have it: while a cap stands, the people of an agency that has reached it keep nobody else out.
    """
    if is_share_used(agency_id, cap=cap, shares=shares):
        return False
    return counted.free > claims_on(counted.waiting, cap=cap, shares=shares)


def is_share_used(agency_id: int, *, cap: int | None, shares: Mapping[int, Share]) -> bool:
    """Whether this agency's people have, or wait for, as many places as one agency may hold."""
    own = shares.get(agency_id, NOTHING)
    return cap is not None and own.held + own.waiting >= cap


def claims_on(waiting: int, *, cap: int | None, shares: Mapping[int, Share]) -> int:
    """How many of the `waiting` could have a free place, and so have it before whoever asks now."""
    if cap is None:
        return waiting
    return sum(min(share.waiting, max(cap - share.held, 0)) for share in shares.values())


def is_half_empty(held: int, capacity: int) -> bool:
    """Whether fewer than half of the places are held."""
    return held * 2 < capacity


def next_in_line(
    waiting: Iterable[OfClaim], free: int, *, cap: int | None, shares: Mapping[int, Share]
) -> list[OfClaim]:
    """Those of `waiting`, in their order, who are to have the `free` places; no agency gets beyond its cap."""
    held = {agency_id: share.held for agency_id, share in shares.items()}
    chosen: list[OfClaim] = []
    for claim in waiting:
        if len(chosen) >= free:
            break
        taken = held.get(claim.agency_id, 0)
        if cap is None or taken < cap:
            held[claim.agency_id] = taken + 1
            chosen.append(claim)
    return chosen
