"""What lists show about a course date."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from training_hub.bookings.rules.availability import Availability
from training_hub.catalogue.models import place_name


@dataclass(frozen=True, slots=True)
class DateRow:
    """One upcoming date in the programme: published, and of a listed course."""

    id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    is_online: bool
    venue: str | None
    slug: str
    title: str

    is_called_off: ClassVar[bool] = False
    is_published: ClassVar[bool] = True
    is_listed: ClassVar[bool] = True

    @property
    def place(self) -> str:
        """Where the date is, in words."""
        return place_name(self.is_online, self.venue)


@dataclass(frozen=True, slots=True)
class DateCard:
    """One date of the programme, and whether the reader can book it."""

    row: DateRow
    availability: Availability
