"""Reading the cells of each column. Each function returns the value, or raises Wrong with the reason."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from training_hub.bookings.models.status import OUTCOMES, Status
from training_hub.catalogue.rules import MOST_PLACES
from training_hub.errors import Refused
from training_hub.importing.models import Cell
from training_hub.people.rules import work_address

FORMULA = ("=", "+", "-", "@")
FIRST_YEAR, LAST_YEAR = 1990, 2100
STATUSES = {words: outcome.status for outcome in OUTCOMES for words in outcome.imported_as}


class Wrong(Exception):  # noqa: N818 - what is wrong with a cell, to be gathered with the rest
    """The cell holds no valid value for its column."""


def quoted(text: str) -> str:
    """A cell's text in quotes, made safe to print: shortened, and without control characters."""
    return "“" + "".join(letter if letter.isprintable() else "?" for letter in text[:60]) + "”"


def words(most: int) -> Callable[[Cell], str]:
    """A reader of required text of at most `most` letters."""

    def read(cell: Cell) -> str:
        text = _text(cell)
        if not text:
            raise Wrong("is empty")
        # Titles are compared after case folding, which can make a text longer.
        if max(len(text), len(text.casefold())) > most:
            raise Wrong(f"is longer than {most} letters")
        if text.startswith(FORMULA):
            raise Wrong(f"begins with “{text[0]}”, which a spreadsheet would take for a formula")
        if not text.isprintable():
            raise Wrong("holds a character that cannot be printed")
        return text

    return read


def person(cell: Cell) -> str:
    """A person's name. Refuses a number, because a formula without a stored result reads as one."""
    name = words(200)(cell)
    if not any(letter.isalpha() for letter in name):
        raise Wrong(f"“{name}” is not a name")
    return name


def day(cell: Cell) -> date:
    """A day, from a date cell, 2019-04-25 or 25/04/2019."""
    if isinstance(cell, datetime):
        if (cell.hour, cell.minute, cell.second) != (0, 0, 0):
            raise Wrong("has a time of day; give only the day")
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        found = _day_of(_text(cell))
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(f"is not in the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


@lru_cache(maxsize=4096)
def _day_of(text: str) -> date:
    if not text:
        raise Wrong("is empty")
    for form, length in (("%Y-%m-%d", 10), ("%d/%m/%Y", 10)):
        try:
            if len(text) == length and text.isascii():
                return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Wrong(f"{quoted(text)} is not a day such as 2019-04-25 or 25/04/2019")


def places(cell: Cell) -> int:
    """A whole number of places."""
    text = _text(cell)
    if not text:
        raise Wrong("is empty")
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Wrong(f"{quoted(text)} is not a whole number")
    if not 1 <= int(text) <= MOST_PLACES:
        raise Wrong(f"is not between 1 and {MOST_PLACES}")
    return int(text)


def address(cell: Cell) -> str:
    """An email address as it is stored."""
    text = _text(cell)
    if not text:
        raise Wrong("is empty")
    return _address_of(text)


@lru_cache(maxsize=200_000)
def _address_of(text: str) -> str:
    try:
        found = work_address(text)
    except Refused:
        found = ""
    if not found or len(found) > 254:
        raise Wrong(f"{quoted(text)} is not an email address")
    return found


def outcome(cell: Cell) -> Status:
    """The outcome of the place, or CONFIRMED if none was recorded."""
    text = _text(cell).casefold()
    if text not in STATUSES:
        known = ", ".join(name for name in STATUSES if name)
        raise Wrong(f"{quoted(text)} is not one of: {known}; or empty")
    return STATUSES[text]


def flag(word: str) -> Callable[[Cell], bool]:
    """A reader of a cell that holds this word or nothing."""

    def read(cell: Cell) -> bool:
        text = _text(cell).casefold()
        if text not in ("", word):
            raise Wrong(f"{quoted(text)} is neither “{word}” nor empty")
        return bool(text)

    return read


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return " ".join(str(cell).split())
