"""The values of an import: a line of the file, what is wrong with it, and what would be stored."""

from dataclasses import dataclass, field
from datetime import date, datetime

from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus
from training_hub.wording import folded

COLUMNS = (
    "course",
    "event",
    "starts_on",
    "capacity",
    "agency",
    "name",
    "email",
    "outcome",
    "walk_in",
    "evaluation",
)

Cell = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as read: its number in the file, and its cells."""

    number: int
    cells: tuple[Cell, ...]
    """In the order of COLUMNS."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell of one line."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line that makes sense by itself. CONFIRMED means that no outcome was recorded."""

    line: int
    course: str
    event: str
    starts_on: date
    capacity: int
    agency: str
    name: str
    email: str
    status: Status
    is_walk_in: bool
    is_returned: bool

    @property
    def course_key(self) -> str:
        """The course's title as it is compared."""
        return folded(self.course)

    @property
    def agency_key(self) -> str:
        """The agency's name as it is compared."""
        return folded(self.agency)


@dataclass(slots=True)
class StoredEvent:
    """An event that is in the database already."""

    id: int
    course_key: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    status: EventStatus
    held: int = 0
    """Places taken, apart from walk-ins."""
    statuses: set[Status] = field(default_factory=set)
    """The statuses of its bookings, apart from withdrawn ones."""


@dataclass(frozen=True, slots=True)
class StoredBooking:
    """What is stored about one person at one event."""

    status: Status
    is_walk_in: bool
    agency_key: str
    is_returned: bool


@dataclass(slots=True)
class Stored:
    """What the database holds about the rows of a file."""

    mark: tuple[int, ...] = ()
    """Changes whenever something that matters here does."""
    courses: dict[str, int] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)
    agencies: dict[str, int] = field(default_factory=dict)
    people: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Id and name, by address."""
    events: dict[str, StoredEvent] = field(default_factory=dict)
    bookings: dict[tuple[str, str], StoredBooking] = field(default_factory=dict)
    """By reference of the event and address of the person."""


@dataclass(slots=True)
class Plan:
    """What would be stored, once nothing is wrong."""

    new: list[Row] = field(default_factory=list)
    known: int = 0
    courses: dict[str, str] = field(default_factory=dict)
    """New ones: title by key, and likewise below."""
    agencies: dict[str, str] = field(default_factory=dict)
    events: dict[str, Row] = field(default_factory=dict)
    people: dict[str, Row] = field(default_factory=dict)
    to_name: dict[str, Row] = field(default_factory=dict)
    """People known only by their address so far."""
    called_off: set[str] = field(default_factory=set)
    """References of events that were called off, by what the file says."""


@dataclass(frozen=True)
class Imported:
    """How much an import stored, or would store."""

    new: int
    known: int
    courses: int
    events: int
    agencies: int
    people: int
