"""The people behind a figure as a file, one row for each booking: CSV and XLSX, written as the rows are read.

However long the list, no more of it is in memory than a few hundred rows, and what people need is in none of it.
"""

import csv
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import IO, Any, cast

import xlsxwriter

from training_hub.bookings.models.status import OUTCOME_OF, Status
from training_hub.london import london_date
from training_hub.tables.table import SAFE, neutral

HEAD: dict[str, int] = {
    "Booking": 14,
    "Course": 46,
    "First day": 12,
    "Agency when booking": 34,
    "Name": 26,
    "Email": 36,
    "Outcome": 16,
    "Walk-in": 9,
    "Evaluation due": 15,
    "Evaluation returned": 19,
}
"""What a row tells, and how wide a workbook shows it, in letters."""
FIRST_DAY = list(HEAD).index("First day")
MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""
DAY_NOUGHT = date(1899, 12, 30)
"""The day from which workbooks count."""

# Many people come to one date: its day in London is worked out once.
_day = lru_cache(maxsize=4096)(london_date)


def cells_of(row: Any) -> tuple[Any, ...]:
    """One booking: what each column of HEAD holds, the first day as a date, all else as words."""
    due = row.status is Status.COMPLETED and row.is_evaluated
    return (
        row.reference,
        neutral(row.course),
        _day(row.starts_at),
        neutral(row.agency),
        neutral(row.person),
        neutral(row.email),
        OUTCOME_OF[row.status].label,
        "yes" if row.is_walk_in else "",
        "yes" if due else "",
        "yes" if due and row.returned_at else "",
    )


def written(rows: Iterable[Any], kind: str) -> IO[bytes]:
    """The file, open at its beginning; it is gone when it is closed.

    It is whole before the first byte leaves: one that broke off in the middle would look like a shorter list.
    """
    file = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115 - closed by whoever is handed it
    WRITERS[kind](rows, file)
    file.seek(0)
    return file


def _csv(rows: Iterable[Any], file: IO[bytes]) -> None:
    with open(file.fileno(), "w", encoding="utf-8", newline="", closefd=False) as out:
        out.write(MARK)
        writer = csv.writer(out)
        writer.writerow(HEAD)
        writer.writerows(map(cells_of, rows))


def _xlsx(rows: Iterable[Any], file: IO[bytes]) -> None:
    # Row by row to the disk: in memory, 100,000 rows would be hundreds of megabytes.
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **SAFE})
    head = book.add_format({"bold": True, "bg_color": "#0b5563", "font_color": "#ffffff"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    sheet = book.add_worksheet("People")
    sheet.freeze_panes(1, 0)
    for column, (title, width) in enumerate(HEAD.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(cells_of(row)):
            if column == FIRST_DAY:
                sheet.write_number(number, column, (cell - DAY_NOUGHT).days, day)
            elif cell:
                sheet.write_string(number, column, cell)
    book.close()


WRITERS: dict[str, Callable[[Iterable[Any], IO[bytes]], None]] = {"csv": _csv, "xlsx": _xlsx}
PEOPLE_FILES = ("csv", "xlsx")
