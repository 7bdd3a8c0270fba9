"""Reads a CSV or XLSX file into lines. Says in one sentence why a file cannot be read."""

import csv
import io
from pathlib import Path

from training_hub.importing.cells import quoted
from training_hub.importing.models import COLUMNS, Cell, Line
from training_hub.importing.workbooks import Unreadable, rows_of_workbook
from training_hub.wording import folded

LARGEST = 50 * 1024 * 1024
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read(file: Path) -> list[Line]:
    """The lines of `file`, without empty ones. Raises Unreadable, with the reason and what to do."""
    if not file.exists():
        raise Unreadable(f"There is no file {file}.")
    if not file.is_file():
        raise Unreadable(f"{file} is not a file.")
    if file.stat().st_size > LARGEST:
        raise Unreadable(f"{file.name} is larger than 50 MB: divide it into several files.")
    content = file.read_bytes()
    if content.startswith(OLD_EXCEL):
        raise Unreadable(
            f"{file.name} is an old or protected Excel file: save it as .xlsx, without a password."
        )
    rows = (
        rows_of_workbook(content, file.name) if content.startswith(ZIP) else _rows_of_csv(content, file.name)
    )
    return _lines(rows, file.name)


Numbered = list[tuple[int, list[Cell]]]


def _rows_of_csv(content: bytes, name: str) -> Numbered:
    text = _decoded(content, name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: Numbered = []
    begins = 1
    try:
        for row in reader:
            rows.append((begins, list(row)))
            # A cell may hold line breaks, so a row's number is the line on which the row begins.
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"{name} is not a well-formed CSV file: line {begins}: {error}.") from error
    return rows


def _decoded(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"{name} is not in UTF-8 (line {line} has a character that is not): "
            "save it again as “CSV UTF-8”, or as .xlsx."
        ) from error
    if "\0" in text:
        raise Unreadable(f"{name} is not a text file: save it again as “CSV UTF-8”, or as .xlsx.")
    return text


def _lines(rows: Numbered, name: str) -> list[Line]:
    filled = [(number, row) for number, row in rows if any(not _is_empty(cell) for cell in row)]
    if not filled:
        raise Unreadable(f"{name} is empty.")
    (_, head), *body = filled
    order = _order(head, name)
    if not body:
        raise Unreadable(f"{name} has a heading and no rows below it.")
    for number, row in body:
        if any(not _is_empty(cell) for cell in row[len(head) :]):
            raise Unreadable(f"{name}: line {number} has more cells than there are columns in the heading.")
    return [
        Line(number, tuple(row[place] if place < len(row) else None for place in order))
        for number, row in body
    ]


def _order(head: list[Cell], name: str) -> list[int]:
    """The position of each column in a row."""
    titles = ["" if _is_empty(cell) else folded(str(cell)) for cell in head]
    while titles and not titles[-1]:
        titles.pop()
    if len(titles) == 1 and (";" in titles[0] or "\t" in str(head[0])):
        raise Unreadable(f"{name} is not divided by commas: save it again as “CSV UTF-8 (comma delimited)”.")
    if wrong := _wrong_columns(titles):
        raise Unreadable(f"The columns of {name} are wrong ({wrong}). They must be: {', '.join(COLUMNS)}.")
    return [titles.index(column) for column in COLUMNS]


def _wrong_columns(titles: list[str]) -> str:
    """A sentence about wrong columns, such as "missing: agency; twice: email"."""
    found = {
        "missing": [column for column in COLUMNS if column not in titles],
        "unknown": [quoted(title) for title in titles if title not in COLUMNS][:10],
        "twice": sorted({title for title in titles if title in COLUMNS and titles.count(title) > 1}),
    }
    return "; ".join(f"{what}: {', '.join(which)}" for what, which in found.items() if which)


def _is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
