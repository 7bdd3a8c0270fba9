"""Rules of the catalogue: addresses, references and possible sessions."""

from datetime import UTC, date, datetime, time

import pytest

from training_hub.catalogue.rules import (
    Times,
    WrongCapacity,
    WrongSessions,
    check_capacity,
    check_sessions,
    moment_of,
    reference_of,
    slug_of,
)


def at(day: int, hour: int) -> datetime:
    return datetime(2025, 6, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Working Together to Safeguard Children", "working-together-to-safeguard-children"),
        ("Managing Allegations (LADO)", "managing-allegations-lado"),
        ("Children’s needs: Llŷn & Żary", "childrens-needs-llyn-zary"),
        ("???", "course"),
        ("abc " * 60, "-".join(["abc"] * 27)),
    ],
)
def test_course_address_comes_from_its_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_event_reference_has_course_initials_and_day() -> None:
    title = "Working Together to Safeguard Children One Day"
    assert reference_of(title, date(2025, 5, 6)) == "WTSCOD-2025-05-06"
    assert reference_of("neglect", date(2025, 5, 6)) == "DATE-2025-05-06"


def test_london_time_differs_from_utc_in_summer_only() -> None:
    assert moment_of(date(2025, 3, 28), time(9, 30)) == datetime(2025, 3, 28, 9, 30, tzinfo=UTC)
    assert moment_of(date(2025, 3, 31), time(9, 30)) == datetime(2025, 3, 31, 8, 30, tzinfo=UTC)


def test_time_skipped_by_the_clock_change_is_refused() -> None:
    with pytest.raises(WrongSessions) as refusal:
        moment_of(date(2025, 3, 30), time(1, 30))
    assert str(refusal.value) == "There is no 01:30 on 30/3/2025: the clocks go forward that night."


def test_repeated_hour_means_the_first() -> None:
    assert moment_of(date(2025, 10, 26), time(1, 30)) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sessions", "sentence"),
    [
        ([], "Enter the date and times of at least one session."),
        ([Times(at(2, 9), at(2, 9))], "Session 1 must end after it starts."),
        ([Times(at(2, 9), at(2, 12)), Times(at(2, 14), at(2, 13))], "Session 2 must end after it starts."),
        (
            [Times(at(3, 9), at(3, 12)), Times(at(2, 9), at(2, 12))],
            "Session 2 is before session 1. Enter the sessions in the order they happen.",
        ),
        (
            [Times(at(2, 9), at(2, 12)), Times(at(2, 11), at(2, 16))],
            "Session 2 starts before session 1 has ended.",
        ),
        ([Times(at(2, 9), at(2, 10))] * 13, "A course date has at most 12 sessions."),
    ],
)
def test_impossible_sessions_are_refused(sessions: list[Times], sentence: str) -> None:
    with pytest.raises(WrongSessions) as refusal:
        check_sessions(sessions)
    assert str(refusal.value) == sentence


def test_sessions_may_be_back_to_back_or_on_several_days() -> None:
    check_sessions([Times(at(2, 9), at(2, 12)), Times(at(2, 12), at(2, 16)), Times(at(9, 9), at(9, 12))])


@pytest.mark.parametrize("capacity", [-1, 501])
def test_impossible_capacity_is_refused(capacity: int) -> None:
    with pytest.raises(WrongCapacity):
        check_capacity(capacity)
    check_capacity(0)
    check_capacity(500)


@pytest.mark.parametrize("year", [1, 1989, 2101, 9999])
def test_session_outside_calendar_years_is_refused(year: int) -> None:
    first = datetime(year, 6, 6, 9, tzinfo=UTC)
    with pytest.raises(WrongSessions, match="Session 1 must be in the years 1990 to 2100"):
        check_sessions([Times(first, first.replace(hour=16))])
