"""The people behind a figure, as a report with a row for each booking. It leaves out access and dietary needs."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from training_hub.bookings.models.status import OUTCOME_OF, Status
from training_hub.london import london_date
from training_hub.tables.table import Cell, Column, Kind, Report, Table

COLUMNS = (
    Column(head="Booking", width=14),
    Column(head="Course", width=46),
    Column(head="First day", kind=Kind.DAY),
    Column(head="Agency when booking", width=34),
    Column(head="Name", width=26),
    Column(head="Email", width=36),
    Column(head="Outcome", width=16),
    Column(head="Walk-in", width=9),
    Column(head="Evaluation due", width=15),
    Column(head="Evaluation returned", width=19),
)

# A date has many people, so its day in London is worked out only once.
_day = lru_cache(maxsize=4096)(london_date)


def people_report(rows: Iterable[Any], *, now: datetime) -> Report:
    """A report whose rows are made as they are read, as the list may be too long to hold in memory."""
    return Report(
        title="People", as_at=now, tables=[Table(title="People", columns=COLUMNS, rows=_cells(rows))]
    )


def _cells(rows: Iterable[Any]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        due = row.status is Status.COMPLETED and row.is_evaluated
        yield (
            row.reference,
            row.course,
            _day(row.starts_at),
            row.agency,
            row.person,
            row.email,
            OUTCOME_OF[row.status].label,
            "yes" if row.is_walk_in else "",
            "yes" if due else "",
            "yes" if due and row.returned_at else "",
        )
