"""A report as a file: JSON, CSV and XLSX. The PDF has a module of its own."""

import io
import json
from typing import Any

from training_hub.reporting.models import Report
from training_hub.reporting.rules import reconciliation, room_identity
from training_hub.reporting.tables import COUNTS, DEFINITIONS, RATES, figures_row, rows_of
from training_hub.tables.csv import csv_table
from training_hub.tables.table import neutral
from training_hub.tables.xlsx import head_format, new_workbook
from training_hub.wording import short_date, short_moment


def period_words(report: Report) -> str:
    """1 April 2019 to 31 March 2020"""
    return f"{short_date(report.first)} to {short_date(report.last)}"


def as_json(report: Report) -> bytes:
    """The report for a program: whole numbers, and rates from 0 to 1, unrounded, or null."""
    value: dict[str, Any] = {
        "period": {"from": report.first.isoformat(), "to": report.last.isoformat()},
        "as_at": report.as_at.isoformat(),
        "totals": figures_row(report.totals),
        "courses": [{"course": row.course, **figures_row(row.figures)} for row in report.courses],
        "still_to_come": {
            "events": report.to_come.events,
            "places_held": report.to_come.places_held,
            "capacity": report.to_come.capacity,
            "waiting": report.to_come.waiting,
        },
    }
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def as_csv(report: Report) -> bytes:
    """The table and nothing else, for a program to read; it begins with the mark by which spreadsheets know UTF-8."""
    return csv_table(
        ["Course", *COUNTS.values(), *RATES.values()],
        ([name, *figures_row(figures).values()] for name, figures in rows_of(report)),
    )


def as_xlsx(report: Report) -> bytes:
    """A workbook: the figures, with their proofs beneath, and what the words mean."""
    out = io.BytesIO()
    book = new_workbook(out, f"Training programme, {period_words(report)}", made_at=report.as_at)
    head = head_format(book)
    plain, whole, rate = book.add_format(), book.add_format({"num_format": "#,##0"}), book.add_format()
    rate.set_num_format("0.0%")
    bold = [book.add_format({"bold": True, "top": 1, **extra}) for extra in _TOTAL]
    sheet = book.add_worksheet("Figures")
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, len(COUNTS) + len(RATES), 12)
    sheet.write_row(0, 0, ["Course", *COUNTS.values(), *RATES.values()], head)
    rows = rows_of(report)
    for number, (name, figures) in enumerate(rows, start=1):
        formats = bold if number == len(rows) else [plain, whole, rate]
        sheet.write_string(number, 0, str(neutral(name)), formats[0])
        for column, (key, value) in enumerate(figures_row(figures).items(), start=1):
            kind = formats[2] if key in RATES else formats[1]
            if value is None:
                sheet.write_string(number, column, "–", kind)
            else:
                sheet.write_number(number, column, value, kind)
    notes = [
        f"Period: {period_words(report)}",
        f"As at: {short_moment(report.as_at)}",
        reconciliation(report.totals),
        room_identity(report.totals),
    ]
    for offset, note in enumerate(notes, start=len(rows) + 2):
        sheet.write_string(offset, 0, note)
    words = book.add_worksheet("What the words mean")
    words.set_column(0, 0, 18)
    words.set_column(1, 1, 100, book.add_format({"text_wrap": True}))
    for number, (word, meaning) in enumerate(DEFINITIONS):
        words.write_string(number, 0, word, book.add_format({"bold": True}))
        words.write_string(number, 1, meaning)
    book.close()
    return out.getvalue()


_TOTAL: list[dict[str, str]] = [{}, {"num_format": "#,##0"}, {"num_format": "0.0%"}]
