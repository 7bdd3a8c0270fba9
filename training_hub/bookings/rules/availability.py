"""Who may have a free place: plain arithmetic on what was counted while the event was held."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.wording import in_words


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


class NoRoom(Refused):
    """Every place is taken."""


class HasPlaces(Protocol):
    """An event, or as much of one as it takes to say how full it is."""

    @property
    def id(self) -> int: ...

    @property
    def capacity(self) -> int: ...


@dataclass(frozen=True)
class Places:
    """How full an event is. Walk-ins stand outside it (domain 3)."""

    capacity: int
    held: int
    """Places that nobody else can have: booked, offered, requested where that holds one, and reserved."""
    waiting: int
    reserved: int = 0
    """Those of them that an agency keeps without saying yet for whom."""

    @property
    def free(self) -> int:
        """Places that someone could have now; imported history may hold more than there are."""
        return max(self.capacity - self.held, 0)

    @property
    def taken(self) -> int:
        """Places that whoever asks now cannot have: a free one with people waiting for it is theirs."""
        return min(self.held + self.waiting, max(self.capacity, self.held))


@dataclass(frozen=True, slots=True)
class RoomFor:
    """How full a course date is for the people of one agency; or, where it is not known whose, of any that has nothing
    there yet."""

    places: Places
    cap: int | None = None
    """The most places that one agency may hold; None where as many as there are."""
    claims: int = 0
    """How many of those who wait could have a free place, and so have it before whoever asks now."""
    is_share_used: bool = False
    """Whether the agency's people have, or wait for, as many places as it may hold."""

    @property
    def taken(self) -> int:
        """Places that nobody who asks now can have: those held, and those that people waiting are about to get."""
        return min(self.places.held + self.claims, max(self.places.capacity, self.places.held))

    @property
    def is_full(self) -> bool:
        """Whether the next to ask would wait."""
        return self.is_share_used or self.taken >= self.places.capacity

    @property
    def is_limited(self) -> bool:
        """Whether they would wait although there is a place, because their agency has its share."""
        return self.is_share_used and self.taken < self.places.capacity


class NotOpen(Refused):
    """The date cannot be booked."""


def is_open(event: Event, terms: Terms, *, now: datetime) -> bool:
    """Whether `event` takes bookings, be it for its waiting list."""
    in_window = now < terms.bookings_close_at and not terms.is_yet_to_open(now=now)
    return event.is_published and event.course.is_listed and in_window


def check_open(event: Event, terms: Terms, *, now: datetime) -> None:
    """Raises NotOpen, with the reason and what to do, where `event` takes no bookings."""
    other_dates = "Look for other dates of the course."
    if event.is_called_off:
        raise NotOpen(f"This course date has been called off. {other_dates}")
    if not event.is_published or not event.course.is_listed:
        raise NotOpen("This course date is not open for booking.")
    if now >= event.ends_at:
        raise NotOpen(f"This course date is over. {other_dates}")
    if now >= event.starts_at:
        raise NotOpen(f"This course date has started. {other_dates}")
    opens = terms.bookings_open_on
    if opens is not None and terms.is_yet_to_open(now=now):
        raise NotOpen(
            f"Bookings for this course date open on {opens:%A} {opens.day} {opens:%B %Y}. Come back on that day."
        )
    if now >= terms.bookings_close_at:
        days = terms.policies.closes_working_days
        notice = f"{in_words(days)} working {'day' if days == 1 else 'days'}"
        raise NotOpen(
            f"Bookings for this course date have closed. They close {notice} before it starts. {other_dates}"
        )


class Offer(enum.Enum):
    """What a course date holds for whoever looks at it; the first that is true."""

    CALLED_OFF = "called off"
    DRAFT = "draft"
    OVER = "over"
    BOOKED = "booked"
    OFFERED = "offered"
    REQUESTED = "requested"
    WAITING = "waiting"
    STARTED = "started"
    UNLISTED = "unlisted"
    NOT_YET = "not yet"
    CLOSED = "closed"
    FULL = "full"
    FREE = "free"


OWN: dict[Status, Offer] = {
    Status.OFFERED: Offer.OFFERED,
    Status.REQUESTED: Offer.REQUESTED,
    Status.WAITING: Offer.WAITING,
}


def offer_of(event: Event, terms: Terms, room: RoomFor, status: Status | None, *, now: datetime) -> Offer:
    """What `event` offers to someone whose open booking there, if any, has this status."""
    if event.is_called_off:
        return Offer.CALLED_OFF
    if not event.is_published:
        return Offer.DRAFT
    if now >= event.ends_at:
        return Offer.OVER
    if status is not None:
        return OWN.get(status, Offer.BOOKED)
    if now >= event.starts_at:
        return Offer.STARTED
    if not event.course.is_listed:
        return Offer.UNLISTED
    if terms.is_yet_to_open(now=now):
        return Offer.NOT_YET
    if now >= terms.bookings_close_at:
        return Offer.CLOSED
    return Offer.FULL if room.is_full else Offer.FREE
