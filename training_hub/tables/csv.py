"""A table as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from training_hub.tables.table import BYTE_ORDER_MARK, Cell, neutral


def csv_table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table and nothing else, for a program to read; it begins with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(["" if cell is None else neutral(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue().encode()
