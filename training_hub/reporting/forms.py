"""The period that someone asks for, from the address of the page."""

from dataclasses import dataclass
from datetime import date, datetime

from werkzeug.datastructures import MultiDict

from training_hub.errors import Refused
from training_hub.london import financial_year, london_date
from training_hub.reporting.rules import check_period


@dataclass(frozen=True)
class Period:
    """What was asked for, and what is wrong with it."""

    first: date
    last: date
    error: str = ""


def period_of(arguments: MultiDict[str, str], *, now: datetime) -> Period:
    """The period `from` … `to` of an address; the present financial year where it says nothing (domain 4.10)."""
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
