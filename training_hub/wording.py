"""Values as people read them: dates, counts, rates, plurals, numbers in words."""

from collections.abc import Sequence
from datetime import date as Date
from datetime import datetime, timedelta
from datetime import time as Time

from training_hub.london import london

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def folded(text: str) -> str:
    """The text for comparing names, without differences in case and repeated spaces."""
    return " ".join(text.split()).casefold()


def in_words(number: int) -> str:
    """A number for a sentence: in words up to "nine", then in figures such as "10"."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


# Not strftime, whose names depend on the server's locale, and whose numbers have leading zeros.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NOTHING = "–"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""The characters of references, numbers and codes. None is easily misread, or misheard on the telephone."""


def date(value: Date | datetime) -> str:
    """Tuesday 6 May 2025"""
    day = _day(value)
    return f"{WEEKDAYS[day.weekday()]} {short_date(day)}"


def short_date(value: Date | datetime) -> str:
    """6 May 2025"""
    day = _day(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def weekday(value: Date | datetime) -> str:
    """Tuesday"""
    return WEEKDAYS[_day(value).weekday()]


def month(value: Date | datetime) -> str:
    """May"""
    return MONTHS[_day(value).month - 1]


def month_year(value: Date | datetime) -> str:
    """May 2025"""
    day = _day(value)
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_of_month(value: Date | datetime) -> str:
    """6"""
    return str(_day(value).day)


def iso_date(value: Date | datetime) -> str:
    """2025-05-06, for <time datetime=…> and for hidden fields"""
    return _day(value).isoformat()


def time(value: datetime | Time) -> str:
    """9:30am, 2pm, midday, midnight"""
    clock = london(value).time() if isinstance(value, datetime) else value
    if clock.minute == 0 and clock.hour in (0, 12):
        return "midday" if clock.hour else "midnight"
    minutes = f":{clock.minute:02}" if clock.minute else ""
    return f"{clock.hour % 12 or 12}{minutes}{'am' if clock.hour < 12 else 'pm'}"


def times(start: datetime, end: datetime) -> str:
    """9:30am to 4:30pm"""
    return f"{time(start)} to {time(end)}"


def moment(value: datetime) -> str:
    """Tuesday 6 May 2025, 9:30am"""
    return f"{date(value)}, {time(value)}"


def deadline(value: datetime) -> str:
    """Tuesday 6 May 2025, 9:30am

    Midnight, which people take for the end of the wrong day, becomes: Monday 5 May 2025, 11:59pm
    """
    at_midnight = london(value).time() == Time(0)
    return moment(value - timedelta(minutes=1) if at_midnight else value)


def short_moment(value: datetime) -> str:
    """6 May 2025, 9:30am"""
    return f"{short_date(value)}, {time(value)}"


def span(start: datetime, end: datetime) -> str:
    """Tuesday 6 May 2025, 9:30am to 4:30pm

    Over several days: Tuesday 6 May 2025, 9:30am to Wednesday 7 May 2025, 1pm
    """
    if _day(start) == _day(end):
        return f"{moment(start)} to {time(end)}"
    return f"{moment(start)} to {moment(end)}"


def count(value: int) -> str:
    """1,657"""
    return f"{value:,}"


def percentage(value: float | None) -> str:
    """42.2% for 0.4224, or – for None, if there was nothing to divide by"""
    return NOTHING if value is None else f"{value * 100:,.1f}%"


def rate(numerator: int, denominator: int) -> str:
    """42.2% (526 of 1,245), or – if the denominator is 0"""
    if denominator == 0:
        return NOTHING
    return f"{percentage(numerator / denominator)} ({count(numerator)} of {count(denominator)})"


def plural(number: int, one: str, many: str = "") -> str:
    """1 place, 3 places. `many` is for irregular plurals: 2 people"""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """Words as a list: "3, 5 and 6"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _day(value: Date | datetime) -> Date:
    """The London date of a time. A date is returned unchanged."""
    return london(value).date() if isinstance(value, datetime) else value
