"""The values of an import: the lines of a file, their faults, the stored data, and what would be stored."""

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
    """The cells, in the order of COLUMNS."""


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
    """One line with valid cells. The status CONFIRMED means that no outcome was recorded."""

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
    """An event that is already in the database."""

    id: int
    course_key: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    status: EventStatus
    held: int = 0
    """How many places are taken, without walk-ins."""
    statuses: set[Status] = field(default_factory=set)
    """The statuses of the event's bookings, without withdrawn ones."""


@dataclass(frozen=True, slots=True)
class StoredBooking:
    """The stored booking of one person at one event."""

    status: Status
    is_walk_in: bool
    agency_key: str
    is_returned: bool


@dataclass(slots=True)
class Stored:
    """The stored data that concerns the rows of a file."""

    mark: tuple[int, ...] = ()
    """Numbers that change whenever stored data that an import checks may have changed."""
    courses: dict[str, int] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)
    agencies: dict[str, int] = field(default_factory=dict)
    people: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The id and name of each person, by address."""
    events: dict[str, StoredEvent] = field(default_factory=dict)
    bookings: dict[tuple[str, str], StoredBooking] = field(default_factory=dict)
    """Bookings, by the event's reference and the person's address."""


@dataclass(slots=True)
class Plan:
    """Everything that would be stored if nothing is wrong."""

    new: list[Row] = field(default_factory=list)
    known: int = 0
    courses: dict[str, str] = field(default_factory=dict)
    """The titles of new courses by key. The fields below hold new rows in the same way."""
    agencies: dict[str, str] = field(default_factory=dict)
    events: dict[str, Row] = field(default_factory=dict)
    people: dict[str, Row] = field(default_factory=dict)
    to_name: dict[str, Row] = field(default_factory=dict)
    """People whose address alone is stored so far."""
    called_off: set[str] = field(default_factory=set)
    """References of events that were called off, according to the file."""


@dataclass(frozen=True)
class Imported:
    """How much an import stored, or would store."""

    new: int
    known: int
    courses: int
    events: int
    agencies: int
    people: int
