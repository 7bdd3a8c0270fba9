"""What a page offers: the one thing that a person can do about a course date."""

import enum
from dataclasses import dataclass
from datetime import date, datetime

from training_hub.bookings.models import Status
from training_hub.bookings.queries import Places, RoomFor
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
    cap: int | None = None
    """The most places that one agency may hold now; None where as many as there are."""

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return "Online" if self.is_online else self.venue or "Venue to be confirmed"


@dataclass(frozen=True, slots=True)
class DateCard:
    """One date of the programme with its places."""

    row: DateRow
    room: RoomFor
    is_closed: bool
    is_yet_to_open: bool = False

    @property
    def places(self) -> Places:
        """How many places there are, and who has them."""
        return self.room.places

    @property
    def is_full(self) -> bool:
        """Whether whoever looks would wait if they asked."""
        return self.room.is_full

    @property
    def is_free(self) -> bool:
        """Whether it can be booked now, and whoever looks would have a place."""
        return not (self.is_full or self.is_closed or self.is_yet_to_open)


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
