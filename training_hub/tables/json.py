"""A report as JSON for a program to read: whole numbers, and unrounded rates from 0 to 1, or null."""

import json
from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from training_hub.tables.table import Cell, Kind, Rate, Report, Table


def write(report: Report, file: IO[bytes]) -> None:
    """Write the period, the time, the totals of the first table, and the rows of every table under its key."""
    value: dict[str, Any] = {}
    if report.period:
        value["period"] = dict(zip(("from", "to"), map(date.isoformat, report.period), strict=True))
    value["as_at"] = report.as_at.isoformat()
    if report.tables[0].total is not None:
        totals = _row(report.tables[0], report.tables[0].total)
        words = {column.key for column in report.tables[0].columns if column.kind is Kind.NAME}
        value["totals"] = {key: cell for key, cell in totals.items() if key not in words}
    for table in report.tables:
        value[table.key] = [_row(table, row) for row in table.rows]
    value.update(report.also)
    file.write((json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())


def _row(table: Table, row: Sequence[Cell]) -> dict[str, Any]:
    return {column.key: _plain(cell) for column, cell in zip(table.columns, row, strict=True)}


def _plain(cell: Cell) -> str | float | None:
    if isinstance(cell, Rate):
        return cell.value
    return cell.isoformat() if isinstance(cell, date) else cell
