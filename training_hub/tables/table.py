"""The parts of a report as plain values: cells, columns, tables and pictures."""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from training_hub.wording import short_date

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing


class Rate(NamedTuple):
    """A part of a whole, such as 526 of 1,245. It is always shown with both counts."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """From 0 to 1. None if there is nothing to divide by."""
        return self.part / self.whole if self.whole else None


Cell = str | int | float | date | Rate | None


class Kind(enum.Enum):
    """What the cells of a column hold."""

    NAME = "words on one line"
    PROSE = "words on many lines"
    COUNT = "a whole number"
    NUMBER = "a number"
    RATE = "a rate"
    DAY = "a day"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its heading, and what its cells hold."""

    head: str
    key: str = ""
    """The column's name in JSON, and in links to the people behind its numbers."""
    kind: Kind = Kind.NAME
    width: int = 12
    """The column's width in a workbook, in letters."""
    has_people: bool = False
    """Whether the people behind each of its numbers can be listed."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Columns, rows and optionally a total. Rows may be an iterator, if there are too many to hold in memory."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    total: Sequence[Cell] | None = None
    key: str = "rows"
    """The table's name in JSON."""
    row_ids: Sequence[int] = ()
    """The id behind each row, for links to the people behind its numbers."""
    notes: Sequence[str] = ()

    def pick(self, title: str, keys: Iterable[str], *, notes: Sequence[str] = ()) -> "Table":
        """The table with only these columns, for a page or a sheet of paper."""
        places = {column.key: place for place, column in enumerate(self.columns)}
        chosen = itemgetter(*(places[key] for key in keys))
        return replace(
            self,
            title=title,
            columns=chosen(self.columns),
            rows=[chosen(row) for row in self.rows],
            total=None if self.total is None else chosen(self.total),
            notes=notes,
        )


@dataclass(frozen=True)
class Picture:
    """A chart under its message. `draw` takes a width in pixels. Without rows there is only the message."""

    key: str
    title: str
    draw: "Callable[[float], Drawing] | None"


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that the page and the CSV, XLSX, PDF and JSON files show. CSV has only the first table."""

    title: str
    as_at: datetime
    tables: Sequence[Table]
    period: tuple[date, date] | None = None
    partnership: str = ""
    address: str = ""
    """The address of the page with the same content, which the PDF names as its accessible version."""
    notes: Sequence[str] = ()
    definitions: Sequence[tuple[str, str]] = ()
    headlines: Sequence[tuple[str, str]] = ()
    """Large figures, each with its label."""
    printed: Sequence[Table] = ()
    """The tables as shown on a page or a sheet of paper."""
    pictures: Sequence[Picture] = ()
    also: Mapping[str, Any] = field(default_factory=dict)
    """Values that only the JSON file has."""

    @property
    def period_words(self) -> str:
        """1 April 2019 to 31 March 2020"""
        return " to ".join(map(short_date, self.period or ()))


DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """Text made safe, so that no spreadsheet takes it for a formula: "=1+1" becomes "'=1+1"."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
