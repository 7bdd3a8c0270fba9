"""What a page offers: the one thing that a person can do about a course date."""

from dataclasses import dataclass
from datetime import date, datetime

from training_hub.bookings.rules.availability import Places, RoomFor


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
