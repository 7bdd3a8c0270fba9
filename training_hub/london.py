"""London's days and hours: the dates that people see, and the days on which offices work."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")


def london(moment: datetime) -> datetime:
    """The moment in London time."""
    return moment.astimezone(LONDON)


def london_date(moment: datetime) -> date:
    """The date in London at `moment`."""
    return london(moment).date()


def at_london(day: date, hour: time = time(0)) -> datetime:
    """The moment, in UTC, at which London's clocks show `hour` on `day`."""
    return datetime.combine(day, hour, LONDON).astimezone(UTC)


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """When the London day `first` begins (inclusive), and when `last` ends (exclusive)."""
    return at_london(first), at_london(last + timedelta(days=1))


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date, *, bank_holidays: bool = True) -> bool:
    """Whether `day` is a working day. English bank holidays are days off if `bank_holidays` says so."""
    return day.weekday() < 5 and not (bank_holidays and day in _bank_holidays(day.year))


@lru_cache(maxsize=4096)
def working_days_before(day: date, count: int, *, bank_holidays: bool = True) -> date:
    """The working day `count` working days before `day`. Three before a Tuesday is the Thursday before."""
    while count > 0:
        day -= timedelta(days=1)
        if is_working_day(day, bank_holidays=bank_holidays):
            count -= 1
    return day


def working_days_after(day: date, count: int) -> date:
    """The working day `count` working days after `day`. One after a Friday is the Monday."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def next_working_moment(moment: datetime, opens: time = time(8), closes: time = time(18)) -> datetime:
    """`moment`, or, if offices are shut at that time, the moment when they next open."""
    day, clock = london_date(moment), london(moment).time()
    if is_working_day(day) and clock < opens:
        return at_london(day, opens)
    if is_working_day(day) and clock < closes:
        return moment
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return at_london(day, opens)


def financial_year(day: date) -> tuple[date, date]:
    """The first and the last day of the financial year, April to March, in which `day` lies."""
    year = day.year if day.month >= 4 else day.year - 1
    return date(year, 4, 1), date(year + 1, 3, 31)
