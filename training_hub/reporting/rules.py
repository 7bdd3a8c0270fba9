"""The counting rules: from counts of each event to rows, months and totals, without a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

from training_hub.bookings.models.status import FLAGS, GIVEN_UP, OUTCOME_OF, OUTCOMES, Status
from training_hub.reporting.models import Figures


@dataclass(frozen=True, kw_only=True)
class EventCount:
    """One event in the figures, with its bookings counted by status."""

    course_id: int
    month: date
    capacity: int
    ran: bool
    """Whether the event is over and was not called off."""
    is_evaluated: bool
    booked: Mapping[Status, int] = field(default_factory=dict)
    """How many bookings that were ever confirmed have each status, without walk-ins."""
    walk_ins: Mapping[Status, int] = field(default_factory=dict)
    returned: int = 0
    """How many completed places, including walk-ins, have returned the evaluation."""


def figures_of(event: EventCount) -> Figures:
    """The figures of one event."""
    outcomes = {**dict.fromkeys(OUTCOME_OF, 0), **event.booked}
    # A walk-in counts as present even before the register shows how much of the course they attended.
    walk_ins = sum(number for status, number in event.walk_ins.items() if FLAGS[status].has_place)
    completing = event.walk_ins.get(Status.COMPLETED, 0)
    return Figures(
        outcomes=outcomes,
        walk_ins=walk_ins,
        walk_ins_completed=completing,
        events=1,
        capacity=event.capacity if event.ran else 0,
        evaluations_due=outcomes[Status.COMPLETED] + completing if event.is_evaluated else 0,
        evaluations_returned=event.returned if event.is_evaluated else 0,
    )


def total(figures: Iterable[Figures]) -> Figures:
    """The sum of `figures`, or zeros if there are none."""
    # Sum each field over all events. Adding the events one by one would make a thousand Figures for a year.
    rows = list(figures)
    numbers = [field.name for field in fields(Figures) if field.name != "outcomes"]
    return Figures(
        outcomes={status: sum(row.of(status) for row in rows) for status in OUTCOME_OF},
        **{name: sum(getattr(row, name) for row in rows) for name in numbers},
    )


def reconciliation(figures: Figures) -> str:
    """The sentence that proves the figures: "1,657 booked = 1,245 completed + 0 partial + …"."""
    parts = " + ".join(f"{figures.of(outcome.status):,} {outcome.label.lower()}" for outcome in OUTCOMES)
    return f"{figures.booked:,} booked = {parts}"


def room_identity(figures: Figures) -> str:
    """The second proof: booked, less people who did not come, gives the people in the room."""
    absent = [outcome for outcome in OUTCOMES if not FLAGS[outcome.status].in_room]
    # Places given up or called off come first.
    absent.sort(key=lambda outcome: outcome.status not in GIVEN_UP)
    left = "".join(f" − {figures.of(outcome.status):,} {outcome.label.lower()}" for outcome in absent)
    return (
        f"{figures.booked:,} booked{left} + {figures.walk_ins:,} walk-ins"
        f" = {figures.in_the_room:,} people in the room"
    )


def period_before(first: date, last: date) -> tuple[date, date]:
    """The period to compare with: for financial years the years just before, else the same number of days."""
    if (first.month, first.day) == (4, 1) and (last.month, last.day) == (3, 31):
        years = last.year - first.year
        return first.replace(year=first.year - years), last.replace(year=last.year - years)
    length = last - first
    return first - length - timedelta(days=1), first - timedelta(days=1)


def months_between(first: date, last: date) -> list[date]:
    """The first day of every calendar month that the period touches."""
    months, month = [], first.replace(day=1)
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months
