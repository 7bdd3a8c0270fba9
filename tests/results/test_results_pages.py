"""The pages of results: who sees which, what they show, and what they hide."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from tests import make
from tests.conftest import NOW
from tests.evaluation.said import C, all_said, date_of, form, said
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.evaluation.rules.answers import Given
from training_hub.questionnaires.models import Stage
from training_hub.results.rules.small_groups import TOO_FEW

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
YEAR = "from=2025-04-01&to=2026-03-31"


def shift(before: int, now: int) -> dict[str, Given]:
    return {"confidence": Given(value=now, before=before), "objectives": Given(value=now)}


def a_date(*trainers: object, answers: int = 6) -> Event:
    event = date_of(make.course("Neglect"), trainers=trainers)
    asked = form()
    for number in range(answers):
        said(event, asked, shift(2, 4 if number else 2), name=f"Person Number {number}")
    make.booking(event, make.person("Not Returned"), Status.COMPLETED)
    return event


def test_a_page_shows_returned_of_due_and_the_change(app: Flask, signed_in: SignIn) -> None:
    event = a_date()
    page = signed_in(make.officer()).get(f"/results/dates/{event.id}")
    said_there = (
        "85.7% of evaluations returned: 6 of 7 due",
        "+1.7 on average: 5 of 6 people went up, 1 stayed the same, 0 went down.",
        "6 people answered.",
    )
    assert [words for words in said_there if words not in page.text] == []
    assert (page.h1, TOO_FEW in page.text) == ("Neglect", False)


def test_fewer_than_five_are_shown_only_to_officers(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Tia", Role.TRAINER)
    event = a_date(trainer, answers=4)
    paths = (f"/results/dates/{event.id}", f"/results?{YEAR}", f"/results/courses/{event.course.slug}?{YEAR}")
    for who in (trainer, make.person("Mo", Role.HUB_MEMBER)):
        client = signed_in(who)
        for path in paths:
            page = client.get(path)
            assert (page.status, "4 of 5 due" in page.text, "went up" in page.text, "Mean" in page.text) == (
                200,
                True,
                False,
                False,
            )
    assert TOO_FEW in signed_in(trainer).get(paths[0]).text
    assert "3 of 4 people went up" in signed_in(make.officer()).get(paths[0]).text


def test_small_anonymous_groups_show_officers_only_their_count(app: Flask, signed_in: SignIn) -> None:
    event, unnamed = date_of(), form(C.ANONYMOUS)
    all_said(event, unnamed, 5, 4, 3, 2)
    client, path = signed_in(make.officer()), f"/results/dates/{event.id}"
    page = client.get(path)
    assert ("4 of 4 due" in page.text, TOO_FEW in page.text, "I said" in page.text) == (True, True, False)
    all_said(event, unnamed, 1)
    page = client.get(path)
    assert (TOO_FEW in page.text, page.html.count("<blockquote>"), page.text.count("Anonymous")) == (
        False,
        5,
        5,
    )


@pytest.mark.parametrize("kind", list(C))
def test_names_are_shown_as_the_confidentiality_allows(app: Flask, signed_in: SignIn, kind: C) -> None:
    trainer = make.person("Tia", Role.TRAINER)
    event, asked = date_of(trainers=(trainer,)), form(kind)
    for number in range(5):
        said(event, asked, {"change": Given(words=f"Words {number}.")}, name="Zebedee Zorn")
    seen = {}
    for name, who in (
        ("officer", make.officer()),
        ("trainer", trainer),
        ("member", make.person("Mo", Role.HUB_MEMBER)),
    ):
        page = signed_in(who).get(f"/results/dates/{event.id}")
        seen[name] = (page.text.count("Words"), "Zebedee" in page.text)
    assert seen == {
        "officer": (10, kind is not C.ANONYMOUS),
        "trainer": (5, kind is C.ATTRIBUTED),
        "member": (0, False),
    }


def test_nobody_opens_results_that_are_not_theirs(app: Flask, signed_in: SignIn) -> None:
    trainer, other = make.person("Tia", Role.TRAINER), make.person("Tom", Role.TRAINER)
    home, away = make.agency(), make.agency()
    lead = make.person("Lea", Role.AGENCY_LEAD, of=home)
    event = a_date(trainer)
    paths = {
        "date": f"/results/dates/{event.id}",
        "course": f"/results/courses/{event.course.slug}?{YEAR}",
        "trainer": f"/results/trainers/{trainer.id}?{YEAR}",
        "home": f"/results/agencies/{home.id}?{YEAR}",
        "away": f"/results/agencies/{away.id}?{YEAR}",
        "all": f"/results?{YEAR}",
    }
    opened = {}
    member, ann = make.person("Mo", Role.HUB_MEMBER), make.person("Ann")
    for who in (trainer, other, lead, member, ann):
        client = signed_in(who)
        opened[who.name] = {
            name for name, path in paths.items() if client.follow(client.get(path)).status == 200
        }
    assert opened == {
        "Tia": {"date", "course", "trainer", "all"},
        "Tom": {"all"},
        "Lea": {"home", "all"},
        "Mo": set(paths),
        "Ann": set(),
    }


def test_an_agency_lead_sees_whole_years_of_their_own_people(app: Flask, signed_in: SignIn) -> None:
    home = make.agency("Upton School")
    event, asked = date_of(), form()
    all_said(event, asked, 5, 5, 5, 5, 5, agency=home)
    all_said(event, asked, 1, 1, 1, 1, 1)
    page = signed_in(make.person("Lea", Role.AGENCY_LEAD, of=home)).get(
        f"/results/agencies/{home.id}?from=2025-05-01&to=2025-05-05"
    )
    assert (page.h1, "1 April 2025 to 31 March 2026" in page.text) == ("Upton School", True)
    assert ("5 people answered." in page.text, "I said" in page.text) == (True, False)


def test_results_over_time_have_a_row_for_each_quarter(app: Flask, signed_in: SignIn) -> None:
    course = make.course()
    all_said(date_of(course, days_ago=200), form(), 3, 4)
    all_said(date_of(course), form(version=2), 5)
    page = signed_in(make.officer()).get(f"/results/courses/{course.slug}?from=2024-04-01&to=2026-03-31")
    assert "By quarter: 3.5 out of 5 in Oct to Dec 2024, 5.0 in Apr to Jun 2025" in page.text
    assert "Jan to Mar 2025 0 – –" in page.text
    assert "Apr to Jun 2025 1 5.0 Form, version 2" in page.text


def test_imported_returns_count_as_returned_without_answers(app: Flask, signed_in: SignIn) -> None:
    event = a_date()
    said(event, form(name="Other"), None)
    page = signed_in(make.officer()).get(f"/results/dates/{event.id}")
    assert "7 of 8 due" in page.text
    assert "1 of the evaluations returned were imported without answers" in page.text
    assert "6 people answered." in page.text


def test_a_board_and_a_stage_narrow_the_results(app: Flask, signed_in: SignIn) -> None:
    adults, children = make.board("Adults"), make.board("Children")
    all_said(date_of(make.course("One", board=adults)), form(), 5)
    other = date_of(make.course("Two", board=children))
    all_said(other, form(name="Two"), 1)
    all_said(other, form(name="Later", stage=Stage.SIX_WEEKS), 3, 3)
    client = signed_in(make.officer())
    page = client.get(f"/results?board={children.slug}&{YEAR}")
    assert ("Two" in page.text, ">One<" in page.html, "1 person answered." in page.text) == (
        True,
        False,
        True,
    )
    page = client.get(f"/results?stage=six-weeks&{YEAR}")
    assert ("2 of 2 due" in page.text, "2 people answered." in page.text) == (True, True)


def test_a_wrong_period_is_refused_at_its_field(app: Flask, signed_in: SignIn) -> None:
    page = signed_in(make.officer()).get("/results?from=2026-01-01&to=2025-01-01")
    assert (page.status, page.title.startswith("Error: Results")) == (422, True)


def test_the_results_file_has_every_answer_with_its_total(app: Flask, signed_in: SignIn) -> None:
    event = date_of()
    all_said(event, form(), 5, 4, 4)
    client = signed_in(make.officer())
    answer = client.http.get(f"/results/answers.csv?date={event.id}")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    found = [(row["Question key"], row["Answer"], row["Number"], row["People who answered"]) for row in rows]
    assert found == [
        ("objectives", str(point), str(number), "3")
        for point, number in ((1, 0), (2, 0), (3, 0), (4, 2), (5, 1))
    ]
    assert {row["Mean"] for row in rows} == {"4.333"}
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.http.get(f"/results/answers.xlsx?date={event.id}").get_data())
    )
    assert book.sheet_names == ["Results", "About this file"]
    assert signed_in(make.person("Mo", Role.HUB_MEMBER)).get("/results/answers.csv").status == 403


def test_result_pages_take_the_same_queries_for_more_dates(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    trainer = make.person("Tia", Role.TRAINER)
    course, asked, home = make.course(), form(), make.agency()
    event = date_of(course, trainers=(trainer,))
    all_said(event, asked, 5, 4, agency=home)
    client = signed_in(make.officer())
    paths = (
        f"/results?{YEAR}",
        f"/results?by=trainers&{YEAR}",
        f"/results?by=agencies&{YEAR}",
        f"/results/courses/{course.slug}?{YEAR}",
        f"/results/trainers/{trainer.id}?{YEAR}",
        f"/results/agencies/{home.id}?{YEAR}",
        f"/results/dates/{event.id}",
    )
    first = {path: queries(lambda path=path: client.get(path)) for path in paths}  # type: ignore[misc]
    for days in (4, 5):
        all_said(date_of(course, days_ago=days, trainers=(trainer,)), asked, 5, 4, agency=home)
        all_said(date_of(days_ago=days, trainers=(make.person(),)), asked, 5, 4)
    all_said(event, asked, 5, 4, agency=home)
    then = {path: queries(lambda path=path: client.get(path)) for path in paths}  # type: ignore[misc]
    assert then == first
    assert max(first.values()) <= 20


def test_upcoming_course_date_shows_no_results(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NOW + timedelta(days=3))
    page = signed_in(make.officer()).get(f"/results/dates/{event.id}")
    assert (page.status, "No evaluations yet" in page.text) == (200, True)
