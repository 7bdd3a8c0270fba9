"""A report as an XLSX workbook, with sheets for each table, for the notes and for the definitions."""

from collections.abc import Sequence
from datetime import date
from typing import IO, Any

import xlsxwriter

from training_hub.tables.table import Cell, Kind, Rate, Report, Table, neutral

OPTIONS = {
    # Write row by row to the disk. In memory, 100,000 rows would take hundreds of megabytes.
    "constant_memory": True,
    # Keep text as text, even if it looks like a formula or a link.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
DAY_ZERO = date(1899, 12, 30)
"""The day from which workbooks count days."""
Look = dict[str, str | int]

HEAD: Look = {
    "bold": True,
    "bg_color": "#0b5563",
    "font_color": "#ffffff",
    "text_wrap": True,
    "valign": "top",
}
LOOKS: dict[Kind, Look] = {
    Kind.PROSE: {"text_wrap": True},
    Kind.COUNT: {"num_format": "#,##0"},
    Kind.RATE: {"num_format": "0.0%"},
    Kind.DAY: {"num_format": "yyyy-mm-dd", "align": "left"},
}


def write(report: Report, file: IO[bytes]) -> None:
    """Write the report as a workbook."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    title = f"{report.title}, {report.period_words}" if report.period else report.title
    book.set_properties({"title": title, "created": report.as_at})
    for table in report.tables:
        _sheet(book, table)
    if report.notes:
        _words(book, "About this file", [(note,) for note in report.notes])
    if report.definitions:
        _words(book, "What the words mean", report.definitions)
    book.close()


def _sheet(book: Any, table: Table) -> None:
    sheet = book.add_worksheet(table.title[:31])
    sheet.freeze_panes(1, 0 if table.total is None else 1)
    head = book.add_format(HEAD)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.head, head)
    kinds = [column.kind for column in table.columns]
    # Align short cells to the top, next to cells with many lines.
    top: Look = {"valign": "top"} if Kind.PROSE in kinds else {}
    styles = [{**top, **LOOKS.get(kind, {})} for kind in kinds]
    plain = [book.add_format(style) if style else None for style in styles]
    number = 0
    for number, row in enumerate(table.rows, start=1):
        _row(sheet, number, row, plain)
    if table.total is not None:
        number += 1
        bold: Look = {"bold": True, "top": 1}
        _row(sheet, number, table.total, [book.add_format({**bold, **LOOKS.get(kind, {})}) for kind in kinds])
    for place, note in enumerate(table.notes, start=number + 2):
        sheet.write_string(place, 0, note)


def _row(sheet: Any, number: int, row: Sequence[Cell], looks: Sequence[Any]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(number, column, neutral(cell), looks[column])
        elif isinstance(cell, date):
            sheet.write_number(number, column, (cell - DAY_ZERO).days, looks[column])
        elif isinstance(cell, Rate):
            if cell.value is None:
                sheet.write_string(number, column, "–", looks[column])
            else:
                sheet.write_number(number, column, cell.value, looks[column])
        elif cell is not None:
            sheet.write_number(number, column, cell, looks[column])


def _words(book: Any, title: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = book.add_worksheet(title)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    last = max(map(len, rows)) - 1
    sheet.set_column(0, last, 18)
    sheet.set_column(last, last, 100)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text, wrapped if column == last else bold)
