"""The notice rule: worked examples from partnerships, and a check against counting days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_hub.bookings.rules.terms import last_free_day
from training_hub.london import is_working_day
from training_hub.policies.rules import Counting, Days, Policies

MONDAY, TUESDAY = date(2025, 5, 19), date(2025, 5, 20)
DAY = timedelta(days=1)


def notice(
    days: int, unit: str = "working days", counting: str = "clear", bank_holidays: bool = True
) -> Policies:
    return Policies(
        notice_days=days,
        notice_unit=Days(unit),
        notice_counting=Counting(counting),
        notice_skips_bank_holidays=bank_holidays,
    )


def test_two_clear_working_days_before_a_monday_is_wednesday() -> None:
    assert last_free_day(MONDAY, notice(2)) == date(2025, 5, 14)


def test_four_inclusive_working_days_before_tuesday_is_wednesday() -> None:
    assert last_free_day(TUESDAY, notice(4, counting="inclusive")) == date(2025, 5, 14)


def test_less_than_ten_and_ten_or_less_differ_by_one_day() -> None:
    less_than_ten = last_free_day(TUESDAY, notice(10, counting="inclusive"))
    ten_or_less = last_free_day(TUESDAY, notice(10))
    assert (less_than_ten, ten_or_less) == (date(2025, 5, 6), date(2025, 5, 5))


def test_seven_calendar_days_count_weekends() -> None:
    assert last_free_day(TUESDAY, notice(7, "calendar days", "inclusive")) == date(2025, 5, 13)
    assert last_free_day(TUESDAY, notice(7, "calendar days")) == date(2025, 5, 12)


@pytest.mark.parametrize(
    ("policies", "last"),
    [
        (notice(3), date(2025, 5, 20)),
        (notice(3, bank_holidays=False), date(2025, 5, 21)),
        (notice(3, "calendar days"), date(2025, 5, 23)),
    ],
)
def test_a_bank_holiday_moves_only_limits_in_working_days(policies: Policies, last: date) -> None:
    # Monday 26 May 2025 is the spring bank holiday; the course is on the Tuesday after it.
    assert last_free_day(date(2025, 5, 27), policies) == last


@given(
    starts_on=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    count=st.integers(0, 20),
    unit=st.sampled_from(Days),
    counting=st.sampled_from(Counting),
    skips=st.booleans(),
)
def test_the_last_free_day_leaves_just_enough_notice(
    starts_on: date, count: int, unit: Days, counting: Counting, skips: bool
) -> None:
    policies = Policies(
        notice_days=count, notice_unit=unit, notice_counting=counting, notice_skips_bank_holidays=skips
    )

    def enough(day: date) -> bool:
        first = day if counting is Counting.INCLUSIVE else day + DAY
        between = [first + number * DAY for number in range((starts_on - first).days)]
        if unit is Days.WORKING:
            between = [each for each in between if is_working_day(each, bank_holidays=skips)]
        return len(between) >= count and day < starts_on + (
            DAY if counting is Counting.INCLUSIVE else 0 * DAY
        )

    last = last_free_day(starts_on, policies)
    assert enough(last)
    assert not enough(last + DAY)


def test_notice_period_is_written_in_words() -> None:
    assert [
        each.notice_words
        for each in (
            notice(3),
            notice(1),
            notice(7, "calendar days", "inclusive"),
            notice(10, "calendar days"),
        )
    ] == [
        "three clear working days",
        "one clear working day",
        "seven calendar days",
        "10 clear calendar days",
    ]
