"""What a page offers: the one thing that a person can do about a course date."""

import enum
from dataclasses import dataclass
from datetime import date, datetime

from training_hub.bookings.models import Status
from training_hub.bookings.queries import Places
from training_hub.bookings.rules import Terms
from training_hub.catalogue.models import Event


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


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date of the programme, as a list reads it."""

    id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    is_online: bool
    venue: str | None
    slug: str
    title: str
    closes_at: datetime
    opens_on: date | None = None
    """The day from which it can be booked; None where it can be as soon as it is published."""

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return "Online" if self.is_online else self.venue or "Venue to be confirmed"


@dataclass(frozen=True, slots=True)
class DateCard:
    """One date of the programme with its places."""

    row: DateRow
    places: Places
    is_closed: bool
    is_yet_to_open: bool = False

    @property
    def taken(self) -> int:
        """Places that nobody else can have: those held, and those that people waiting are about to get."""
        return taken(self.places)

    @property
    def is_full(self) -> bool:
        """Whether the next to ask would wait."""
        return self.taken >= self.places.capacity

    @property
    def is_free(self) -> bool:
        """Whether it can be booked now, and the next to ask would have a place."""
        return not (self.is_full or self.is_closed or self.is_yet_to_open)


def taken(places: Places) -> int:
    """Places that nobody else can have: a free one with people waiting for it is theirs."""
    return places.taken


OWN: dict[Status, Offer] = {
    Status.OFFERED: Offer.OFFERED,
    Status.REQUESTED: Offer.REQUESTED,
    Status.WAITING: Offer.WAITING,
}


def offer_of(event: Event, terms: Terms, places: Places, status: Status | None, *, now: datetime) -> Offer:
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
    return Offer.FULL if taken(places) >= places.capacity else Offer.FREE
