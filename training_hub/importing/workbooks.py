"""Reads an XLSX file. An XLSX file is a ZIP of XML, and a small one can fill the memory when unpacked. So
its size is measured first."""

import io
import re
import zipfile

from python_calamine import CalamineError, CalamineWorkbook

from training_hub.errors import Refused
from training_hub.importing.models import Cell

LARGEST_INSIDE = 150 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 500_000, 100, 6_000_000
MOST_TEXT = 400 * 1024 * 1024
"""How much text all cells together may hold. Without a limit, a million cells could share one long text."""

CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,4})(\d{1,9})\"")
TEXT = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)


class Unreadable(Refused):
    """The file cannot be read as a table of bookings."""


def rows_of_workbook(content: bytes, name: str) -> list[tuple[int, list[Cell]]]:
    """The rows of the first sheet with their numbers. Raises Unreadable if the file is too large or no workbook."""
    broken = Unreadable(f"{name} is not a whole Excel workbook: save it again as .xlsx, or as “CSV UTF-8”.")
    try:
        _weigh(content, name)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            if not book.sheet_names:
                raise broken
            sheet = book.get_sheet_by_index(0)
            rows = sheet.to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise broken from error
    except BaseException as error:
        # A crash of the reader raises this, which is not an Exception.
        if type(error).__name__ == "PanicException":
            raise broken from error
        raise
    return [(number, [_cell(cell) for cell in row]) for number, row in enumerate(rows, start=1)]


def _weigh(content: bytes, name: str) -> None:
    too_large = Unreadable(f"{name} is too large when it is unpacked: divide it into several files.")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = packed.infolist()
        if sum(member.file_size for member in members) > LARGEST_INSIDE or len(members) > 5000:
            raise too_large
        # Unpack each member once, to the size it declares. If it declares too little, its checksum fails.
        longest = cells = 0
        for member in members:
            text = packed.read(member)
            if re.search(r"sharedstrings\.xml$", member.filename, re.IGNORECASE):
                longest = max((found.end() - found.start() for found in TEXT.finditer(text)), default=0)
            elif re.search(r"sheets?/[^/]+\.xml$", member.filename, re.IGNORECASE):
                for found in CELL.finditer(text):
                    cells += 1
                    # The reader fills gaps with empty cells, so a single cell far out could fill the memory.
                    if int(found[2]) > MOST_ROWS or _column(found[1]) > MOST_COLUMNS:
                        raise too_large
        if cells > MOST_CELLS or cells * longest > MOST_TEXT:
            raise too_large


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(cell: object) -> Cell:
    # Excel has no whole numbers: the reader returns 24 as 24.0.
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell  # type: ignore[return-value]  # other types are refused by the column
