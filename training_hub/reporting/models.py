"""The figures of a programme, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from training_hub.bookings.models.status import OUTCOME_OF, CountsAs, Status
from training_hub.tables.table import Rate


@dataclass(frozen=True, kw_only=True)
class Filters:
    """The period of the figures, both days included, and optionally one course."""

    first: date
    last: date
    course_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The counts of a course, a month or a whole programme. All other figures are worked out from these."""

    outcomes: Mapping[Status, int] = field(default_factory=dict)
    """Booked places by outcome."""
    walk_ins: int = 0
    """How many people attended without a booking. `outcomes` leaves them out."""
    walk_ins_completed: int = 0
    events: int = 0
    """How many course dates are in the figures. Those dates are over or were called off."""
    capacity: int = 0
    """How many places the events that ran had."""
    evaluations_due: int = 0
    evaluations_returned: int = 0

    def of(self, status: Status) -> int:
        """How many booked places ended with this outcome."""
        return self.outcomes.get(status, 0)

    def counting_as(self, *kinds: CountsAs) -> int:
        """How many booked places ended in an outcome that counts as one of these kinds."""
        return sum(
            number for status, number in self.outcomes.items() if OUTCOME_OF[status].counts_as in kinds
        )

    @property
    def completed(self) -> int:
        return self.of(Status.COMPLETED)

    @property
    def did_not_attend(self) -> int:
        return self.of(Status.DID_NOT_ATTEND)

    @property
    def not_recorded(self) -> int:
        return self.of(Status.CONFIRMED)

    @property
    def cancelled_by_people(self) -> int:
        """Places that people cancelled, in time or late. Leaves out dates that were called off."""
        return self.counting_as(CountsAs.GIVEN_UP)

    @property
    def booked(self) -> int:
        """The sum of all outcomes."""
        return sum(self.outcomes.values())

    @property
    def trained(self) -> int:
        """Everyone who completed, with or without a booking."""
        return self.completed + self.walk_ins_completed

    @property
    def expected(self) -> int:
        """Booked places that were neither given up nor called off."""
        return self.booked - self.counting_as(CountsAs.GIVEN_UP, CountsAs.CALLED_OFF)

    @property
    def in_the_room(self) -> int:
        """Everyone who was there, wholly or in part."""
        return self.counting_as(CountsAs.THERE) + self.walk_ins

    @property
    def completion_of_booked(self) -> Rate:
        return Rate(self.completed, self.booked)

    @property
    def completion_of_expected(self) -> Rate:
        return Rate(self.completed, self.expected)

    @property
    def dna_of_booked(self) -> Rate:
        return Rate(self.did_not_attend, self.booked)

    @property
    def dna_of_expected(self) -> Rate:
        return Rate(self.did_not_attend, self.expected)

    @property
    def cancellation(self) -> Rate:
        return Rate(self.cancelled_by_people, self.booked)

    @property
    def used(self) -> int:
        """Places that someone took, or that were kept for someone."""
        return self.expected + self.walk_ins

    @property
    def fill(self) -> Rate:
        """Places used, of the capacity of the events that ran."""
        return Rate(self.used, self.capacity)

    @property
    def take_up(self) -> Rate:
        """People in the room, of the capacity of the events that ran."""
        return Rate(self.in_the_room, self.capacity)

    @property
    def return_rate(self) -> Rate:
        """Evaluations returned of those due."""
        return Rate(self.evaluations_returned, self.evaluations_due)


@dataclass(frozen=True, kw_only=True)
class ToCome:
    """Course dates in the period that are not over yet, and so not in the figures."""

    events: int = 0
    places_held: int = 0
    capacity: int = 0
    waiting: int = 0


@dataclass(frozen=True, kw_only=True)
class CourseRow:
    """One course in a report."""

    course_id: int
    course: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The figures of the training programme in a period."""

    first: date
    last: date
    as_at: datetime
    courses: tuple[CourseRow, ...]
    months: Mapping[date, Figures]
    """The figures of each month, by its first day, in order. An event counts in the month in which it starts."""
    totals: Figures
    to_come: ToCome
    before: Figures
    """The totals of the period before, to compare with."""
