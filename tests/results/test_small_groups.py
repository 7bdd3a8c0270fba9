"""Readers who must not see small groups cannot work them out by comparing periods or parts."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations_with_replacement

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.said import C, form, said
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.evaluation.rules.answers import Given
from training_hub.people.models import Agency, Board, Person

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
DAYS = [date(2024, 4, 1), date(2025, 3, 31), date(2025, 4, 1), *(date(2025, 4, day) for day in (8, 15, 22))]


def a_year_and_more(*, trainers: tuple[Person, ...] = ()) -> None:
    """Course dates a week apart, of last year and this, with few people and many, of agencies large and small."""
    asked = form(C.CONFIDENTIAL)
    large, middle, small = (make.agency(name) for name in ("Large", "Middle", "Small"))
    for number, (day, people) in enumerate(
        [
            (date(2024, 6, 3), [large] * 6 + [small]),
            (date(2025, 4, 8), [large] * 5 + [middle] * 4 + [small]),
            (date(2025, 4, 15), [large] * 2),
            (date(2025, 4, 22), [large] * 6 + [middle] * 2 + [small] * 2),
        ]
    ):
        starts = NOW.replace(year=day.year, month=day.month, day=day.day)
        # The second of two trainers is not at the date with two people.
        event = make.event(starts_at=starts, trainers=trainers[: 1 + (len(people) > 2)])
        for which, agency in enumerate(people):
            value = Given(value=1 + (which + number) % 5)
            said(event, asked, {"objectives": value}, agency=agency, at=starts + timedelta(days=which))
    db.session.commit()


def of_every_period(member: PageClient, path: str) -> dict[tuple[date, date], Page]:
    """The page for every period that begins and ends on one of the days."""
    return {
        (first, last): member.get(f"{path}from={first}&to={last}")
        for first, last in combinations_with_replacement(sorted(DAYS), 2)
    }


@pytest.mark.parametrize("by", ["courses", "trainers", "agencies"])
def test_response_rates_show_one_whole_year_for_any_period(app: Flask, signed_in: SignIn, by: str) -> None:
    a_year_and_more(trainers=(make.person("Tia Trainer"), make.person("Tom Trainer")))
    member = signed_in(make.person("Mo", Role.HUB_MEMBER))
    pages = of_every_period(member, f"/results/returns?by={by}&")
    shown = {first: set[str]() for first, _ in pages}
    for (first, _), page in pages.items():
        assert page.status == 200
        shown[first].add(page.text)
    years = {first.year - (first.month < 4): set[str]() for first in shown}
    for first, texts in shown.items():
        years[first.year - (first.month < 4)] |= texts
    # One page for each year: there is nothing to compare.
    assert {year: len(texts) for year, texts in years.items()} == {2024: 1, 2025: 1}


def test_officers_choose_any_period_and_members_whole_years(app: Flask, signed_in: SignIn) -> None:
    a_year_and_more()
    path = "/results/returns?from=2025-04-15&to=2025-04-15"
    officer, member = signed_in(make.officer()), signed_in(make.person("Mo", Role.HUB_MEMBER))
    assert "2 of 2 due" in officer.get(path).text
    page = member.get(path)
    assert ("22 of 22 due" in page.text, "2 of 2 due" in page.text.replace("22 of 22", "")) == (True, False)
    assert "whole financial year" in page.text
    # A year with too few people shows only how many.
    alone = "/results/returns?from=2023-04-01&to=2024-03-31"
    event = make.event(starts_at=NOW.replace(year=2023))
    for value in (1, 2, 3, 4):
        said(event, form(name=f"F{value}"), {"objectives": Given(value=value)})
    db.session.commit()
    assert ("First email" in officer.get(alone).text, "First email" in member.get(alone).text) == (
        True,
        False,
    )
    assert "Fewer than 5 people" in member.get(alone).text


def test_trainers_are_compared_by_course_dates_of_five_or_more(app: Flask, signed_in: SignIn) -> None:
    a_year_and_more(trainers=(make.person("Tia Trainer"), make.person("Tom Trainer")))
    member = signed_in(make.person("Mo", Role.HUB_MEMBER))
    text = member.get("/results/returns?by=trainers&from=2025-04-01&to=2026-03-31").text
    # Tia trained two people without Tom. That date counts for neither, so it is in no difference.
    assert re.findall(r"T\w+ Trainer 100.0% \((\d+) of", text) == ["20", "20"]


def test_agency_results_cover_one_year_and_sum_small_agencies(app: Flask, signed_in: SignIn) -> None:
    a_year_and_more()
    member, officer = signed_in(make.person("Mo", Role.HUB_MEMBER)), signed_in(make.officer())
    found = set()
    for (first, _), page in of_every_period(member, "/results?by=agencies&").items():
        if "More detail" in page.text:
            assert "whole financial year" in page.text
            rows = re.findall(r"(Large|Middle|Small|All others together) [^(]*\((\d+ of \d+)\)", page.text)
            found.add((first.year - (first.month < 4), tuple(" ".join(row) for row in rows)))
    # Middle's six are with Small's three, which the total would otherwise reveal.
    assert found == {
        (2024, ("All others together 7 of 7",)),
        (2025, ("Large 13 of 13", "All others together 9 of 9")),
    }
    text = officer.get("/results?by=agencies&from=2025-04-08&to=2025-04-08").text
    assert re.findall(r"(Large|Middle|Small) [^(]*\((\d+) of", text) == [
        ("Large", "5"),
        ("Middle", "4"),
        ("Small", "1"),
    ]


def test_only_officers_see_agencies_by_board(app: Flask, signed_in: SignIn) -> None:
    a_year_and_more()
    member, officer = signed_in(make.person("Mo", Role.HUB_MEMBER)), signed_in(make.officer())
    board = db.session.scalars(
        select(Board.slug)
        .join(Course, Course.board_id == Board.id)
        .join(Event, Event.course_id == Course.id)
        .where(Event.starts_at == NOW.replace(year=2025, month=4, day=8))
    ).one()
    path = f"/results?by=agencies&from=2025-04-01&to=2026-03-31&board={board}"
    rows = r"(?:Large|Middle|Small|All others together) [^(]*\((\d+ of \d+)\)"
    # The difference between one board and all boards may be one person of an agency.
    assert re.findall(rows, member.get(path).text) == ["13 of 13", "9 of 9"]
    assert (
        "over the whole financial year 1 April 2025 to 31 March 2026, for all boards" in member.get(path).text
    )
    assert re.findall(rows, officer.get(path).text) == ["5 of 5", "4 of 4", "1 of 1"]


def test_an_agencys_page_shows_no_more_than_its_row(app: Flask, signed_in: SignIn) -> None:
    a_year_and_more()
    member, officer = signed_in(make.person("Mo", Role.HUB_MEMBER)), signed_in(make.officer())
    ids = {agency.name: agency.id for agency in db.session.scalars(select(Agency))}
    small = make.person("Lea", Role.AGENCY_LEAD, of=db.session.get_one(Agency, ids["Small"]))
    lead = signed_in(small)

    def told(client: PageClient, name: str, period: str) -> list[str]:
        text = client.get(f"/results/agencies/{ids[name]}?{period}").text
        return [*re.findall(r"\d+ of \d+ due", text), *re.findall(r"Too few people to show", text)]

    last_year, year = "from=2024-04-01&to=2025-03-31", "from=2025-04-01&to=2026-03-31"
    both = "from=2024-04-01&to=2026-03-31"
    few = ["Too few people to show"]
    assert {
        name: [told(member, name, period) for period in (last_year, year, both)]
        for name in ids
        if name in ("Large", "Middle", "Small")
    } == {
        # Last year it had all but one of seven: the total would reveal that one.
        "Large": [few, ["13 of 13 due"], few],
        "Middle": [[], few, few],
        "Small": [few, few, few],
    }
    assert told(officer, "Small", both) == ["4 of 4 due"]
    assert told(lead, "Small", both) == ["4 of 4 due"]
