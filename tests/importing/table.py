"""Files to import, made in one line."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

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
ORDINARY = {
    "course": "Managing Child Neglect",
    "event": "MCN-1",
    "starts_on": "2019-04-25",
    "capacity": "24",
    "agency": "Hoole Lane Primary School",
    "name": "Ann Lee",
    "email": "ann.lee@example.org",
    "outcome": "completed",
    "walk_in": "",
    "evaluation": "",
}


def row(name: str = "Ann Lee", **cells: Any) -> dict[str, Any]:
    """An ordinary row about this person, with some cells changed."""
    return ORDINARY | {"name": name, "email": f"{name.lower().replace(' ', '.')}@example.org"} | cells


def as_csv(
    file: Path, rows: Iterable[dict[str, Any]], *, encoding: str = "utf-8", columns: Iterable[str] = COLUMNS
) -> Path:
    """The rows as CSV."""
    columns = list(columns)
    with file.open("w", newline="", encoding=encoding) as handle:
        writer = csv.writer(handle)
        writer.writerow(columns)
        writer.writerows([[cells.get(column, "") for column in columns] for cells in rows])
    return file


def as_xlsx(file: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """The rows as a workbook; dates as date cells, numbers as numbers."""
    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        for number, cells in enumerate(rows, start=1):
            for column, name in enumerate(COLUMNS):
                if cells.get(name, "") != "":
                    sheet.write(number, column, cells[name])
    return file
