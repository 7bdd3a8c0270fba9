"""Formatted values."""

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask, render_template_string

from training_hub import wording as filters

SUMMER = datetime(2025, 5, 6, 8, 30, tzinfo=UTC)
WINTER = datetime(2025, 12, 1, 9, 30, tzinfo=UTC)


def test_moment_is_shown_in_london_time() -> None:
    assert [filters.moment(SUMMER), filters.moment(WINTER)] == [
        "Tuesday 6 May 2025, 9:30am",
        "Monday 1 December 2025, 9:30am",
    ]


def test_moment_near_midnight_uses_the_london_day() -> None:
    late = datetime(2025, 5, 6, 23, 15, tzinfo=UTC)
    assert (filters.date(late), filters.short_date(late), filters.time(late)) == (
        "Wednesday 7 May 2025",
        "7 May 2025",
        "12:15am",
    )


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (time(0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(9), "9am"),
        (time(11, 59), "11:59am"),
        (time(12), "midday"),
        (time(12, 30), "12:30pm"),
        (time(14), "2pm"),
        (time(23, 5), "11:05pm"),
    ],
)
def test_a_time_of_day_is_written_as_people_say_it(clock: time, words: str) -> None:
    assert filters.time(clock) == words


def test_midnight_deadline_reads_as_the_day_before() -> None:
    midnight = datetime(2025, 5, 13, 23, 0, tzinfo=UTC)
    assert [filters.deadline(SUMMER), filters.deadline(midnight)] == [
        "Tuesday 6 May 2025, 9:30am",
        "Tuesday 13 May 2025, 11:59pm",
    ]


def test_span_within_a_day_names_the_day_once() -> None:
    end = datetime(2025, 5, 6, 15, 30, tzinfo=UTC)
    next_day = datetime(2025, 5, 7, 12, 0, tzinfo=UTC)
    assert [filters.span(SUMMER, end), filters.span(SUMMER, next_day)] == [
        "Tuesday 6 May 2025, 9:30am to 4:30pm",
        "Tuesday 6 May 2025, 9:30am to Wednesday 7 May 2025, 1pm",
    ]


def test_a_date_stays_the_date_that_it_is() -> None:
    day = date(2025, 3, 30)
    assert (filters.date(day), filters.iso_date(day), filters.month_year(day)) == (
        "Sunday 30 March 2025",
        "2025-03-30",
        "March 2025",
    )


def test_a_rate_prints_its_denominator_and_without_one_is_a_dash() -> None:
    assert [filters.rate(526, 1245), filters.rate(0, 12), filters.rate(0, 0)] == [
        "42.2% (526 of 1,245)",
        "0.0% (0 of 12)",
        "–",
    ]


def test_percentage_of_nothing_is_a_dash() -> None:
    assert [filters.percentage(None), filters.percentage(0.0), filters.percentage(526 / 1245)] == [
        "–",
        "0.0%",
        "42.2%",
    ]


def test_counts_carry_commas_and_their_noun() -> None:
    assert [
        filters.count(1657),
        filters.plural(1, "place"),
        filters.plural(0, "place"),
        filters.plural(1245, "place"),
        filters.plural(2, "person", "people"),
    ] == ["1,657", "1 place", "0 places", "1,245 places", "2 people"]


def test_templates_have_each_formatter(app: Flask) -> None:
    words = render_template_string("{{ at|moment }}; {{ rate(1, 4) }}; {{ 3|plural('place') }}", at=SUMMER)
    assert words == "Tuesday 6 May 2025, 9:30am; 25.0% (1 of 4); 3 places"
