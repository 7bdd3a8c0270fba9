"""The period that a page's address asks for, and links to financial years."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from training_hub.errors import Refused
from training_hub.london import financial_year, london_date

LONGEST_PERIOD = timedelta(days=366 * 10)
YEARS_OFFERED = 8


@dataclass(frozen=True)
class Period:
    """The period that a reader chose, and the error if it is not valid."""

    first: date
    last: date
    error: str = ""

    @property
    def query(self) -> dict[str, Any]:
        """The period as the query of an address."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    @property
    def year(self) -> "Period":
        """The whole financial year in which the period begins."""
        return Period(*financial_year(self.first), self.error)


def period_of(arguments: MultiDict[str, str], *, now: datetime) -> Period:
    """The period `from` … `to` in an address. Parts left out come from the present financial year."""
    default = financial_year(london_date(now))
    try:
        first = _day(arguments.get("from", ""), "from") or default[0]
        last = _day(arguments.get("to", ""), "to") or (
            default[1] if first <= default[1] else financial_year(first)[1]
        )
        check_period(first, last)
    except Refused as error:
        return Period(*default, str(error))
    return Period(first, last)


def check_period(first: date, last: date) -> None:
    """Raises Refused if the period from `first` to `last` ends before it begins or is too long."""
    if last < first:
        raise Refused("The period ends before it begins. Choose a last day that is on or after the first.")
    if last - first > LONGEST_PERIOD:
        raise Refused("The period is longer than ten years. Choose a shorter one.")


def years(
    period: Period, href: Callable[[dict[str, Any]], str], *, now: datetime
) -> list[tuple[str, str, bool]]:
    """The financial years to choose from, the present one first: name, address, and whether the page shows it."""
    first, last = financial_year(london_date(now))
    found = []
    for back in range(YEARS_OFFERED):
        year = Period(first.replace(year=first.year - back), last.replace(year=last.year - back))
        label = f"{year.first.year}-{year.last.year % 100:02}"
        found.append((label, href(year.query), (year.first, year.last) == (period.first, period.last)))
    return found


def _day(text: str, name: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"The “{name}” day must be a real date, such as 2025-04-01.") from None
    if not 1990 <= day.year <= 2200:
        raise Refused(f"The “{name}” day must be between 1990 and 2200.")
    return day
