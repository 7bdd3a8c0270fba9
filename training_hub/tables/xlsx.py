"""A table as an XLSX workbook."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter

from training_hub.tables.table import SAFE, Cell, neutral


def new_workbook(out: io.BytesIO, title: str, *, made_at: datetime) -> xlsxwriter.Workbook:
    """A workbook in which text stays text."""
    book = xlsxwriter.Workbook(out, {"in_memory": True, **SAFE})
    book.set_properties({"title": title, "created": made_at})
    return book


def head_format(book: xlsxwriter.Workbook) -> object:
    """How the first row of every sheet looks."""
    return book.add_format(
        {"bold": True, "bg_color": "#0b5563", "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
    )


def xlsx_table(
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    widths: Sequence[int],
    notes: Sequence[str] = (),
    made_at: datetime,
) -> bytes:
    """A workbook of one table, with notes on a sheet of their own."""
    out = io.BytesIO()
    book = new_workbook(out, title, made_at=made_at)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, head, head_format(book))
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(number, column, cell, wrapped)
            elif cell is not None:
                sheet.write_string(number, column, str(neutral(cell)), wrapped)
    if notes:
        about = book.add_worksheet("About this file")
        about.set_column(0, 0, 100, wrapped)
        for number, note in enumerate(notes):
            about.write_string(number, 0, note)
    book.close()
    return out.getvalue()
