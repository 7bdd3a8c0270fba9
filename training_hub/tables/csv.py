"""A report's first table as CSV, for a program to read."""

import csv
from collections.abc import Sequence
from typing import IO

from training_hub.tables.table import DANGEROUS, Cell, Rate, Report, neutral

BYTE_ORDER_MARK = "\ufeff"
"""The byte order mark by which spreadsheets recognise UTF-8."""


def write(report: Report, file: IO[bytes]) -> None:
    """Write only the report's first table, row by row."""
    table = report.tables[0]
    with open(file.fileno(), "w", encoding="utf-8", newline="", closefd=False) as out:
        out.write(BYTE_ORDER_MARK)
        writer = csv.writer(out)
        writer.writerow([column.head for column in table.columns])
        writer.writerows(map(_plain, table.rows))
        if table.total is not None:
            writer.writerow(_plain(table.total))


def _plain(row: Sequence[Cell]) -> list[object]:
    # Written inline, because a million function calls would add half the time.
    return [
        neutral(cell)
        if isinstance(cell, str) and cell.startswith(DANGEROUS)
        else cell.value
        if isinstance(cell, Rate)
        else cell
        for cell in row
    ]
