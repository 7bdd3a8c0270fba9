"""Courses and venues, as officers manage them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.catalogue import actions
from training_hub.catalogue.models import Course, EventStatus, Level, Venue
from training_hub.catalogue.queries import default_board
from training_hub.catalogue.rules import Taken, Times
from training_hub.database import db
from training_hub.people.models import Board

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]

COURSE = {
    "title": "Managing Child Neglect",
    "level": "core",
    "length": "One day",
    "summary": "See it early.",
    "outcomes": "See it\r\n\r\nName it",
    "validity_months": "36",
    "is_listed": "y",
    "is_evaluated": "y",
}


@pytest.fixture
def officer(app: Flask, signed_in: SignIn) -> PageClient:
    person = make.officer()
    db.session.commit()
    return signed_in(person)


def test_an_officer_adds_a_course_to_a_new_board(app: Flask, officer: PageClient) -> None:
    answer = officer.post("/manage/courses/add", {**COURSE, "new_board": "Children’s Board"})
    assert answer.response.headers["Location"] == "/courses/managing-child-neglect"
    course = db.session.scalar(select(Course))
    assert course is not None
    assert (course.title, course.level, course.validity_months) == (
        "Managing Child Neglect",
        Level.CORE,
        36,
    )
    assert (course.is_listed, course.is_evaluated) == (True, True)
    assert course.outcome_list == ["See it", "Name it"]
    assert default_board() is course.board
    assert (course.board.name, course.board.slug, course.board.is_default) == (
        "Children’s Board",
        "childrens-board",
        True,
    )


def test_course_form_keeps_entries_after_an_error(app: Flask, officer: PageClient) -> None:
    page = officer.post("/manage/courses/add", {**COURSE, "level": "", "validity_months": "1.5"})
    assert page.status == 422
    assert page.title.startswith("Error: Add a course")
    assert [text for href, text in page.links if href.startswith("#") and href != "#main"] == [
        "Choose the board that owns the course",
        "Choose the level",
        "The number of months must be a whole number, such as 1",
    ]
    form = page.form("/manage/courses/add")
    assert (form["title"], form["outcomes"], form["validity_months"]) == (
        "Managing Child Neglect",
        "See it\r\n\r\nName it",
        "1.5",
    )
    assert db.session.scalars(select(Course)).all() == []
    assert db.session.scalars(select(Board)).all() == []


def test_course_titles_are_unique_ignoring_case(app: Flask, officer: PageClient) -> None:
    make.course("Managing child neglect")
    db.session.commit()
    page = officer.post("/manage/courses/add", {**COURSE, "new_board": "Another board"})
    assert page.status == 422
    assert "There is already a course called Managing child neglect." in page.text
    assert db.session.scalar(select(Board).where(Board.name == "Another board")) is None


def test_a_course_keeps_its_address_when_its_title_changes(app: Flask, officer: PageClient) -> None:
    board = make.board()
    actions.add_course(actions.CourseFacts(title="Managing Child Neglect", board=board))
    db.session.commit()
    page = officer.get("/manage/courses/managing-child-neglect")
    answer = officer.send(
        page, "managing-child-neglect", title="Seeing Neglect", length="One day", summary="X"
    )
    assert (answer.h1, answer.status) == ("Seeing Neglect", 200)
    assert db.session.scalars(select(Course.slug)).all() == ["managing-child-neglect"]


def test_titles_that_make_one_address_get_a_number(app: Flask) -> None:
    board = make.board()
    added = [
        actions.add_course(actions.CourseFacts(title=title, board=board))
        for title in ("Neglect", "Neglect!", "Neglect?")
    ]
    assert [course.slug for course in added] == ["neglect", "neglect-2", "neglect-3"]


def test_an_event_without_a_reference_gets_one_that_is_free(app: Flask) -> None:
    course = make.course("Seeing Neglect")
    when = [Times(NOW + timedelta(days=30), NOW + timedelta(days=30, hours=7))]
    added = [actions.add_event(course, actions.EventFacts(sessions=when), now=NOW) for _ in range(2)]
    assert [event.reference for event in added] == ["SN-2025-06-05", "SN-2025-06-05-2"]
    assert [event.status for event in added] == [EventStatus.DRAFT] * 2
    with pytest.raises(Taken):
        actions.add_event(course, actions.EventFacts(sessions=when, reference="SN-2025-06-05"), now=NOW)


def test_a_venue_is_added_once_and_corrected(app: Flask, officer: PageClient) -> None:
    officer.post("/manage/venues/add", {"name": "Wyvern House", "address": "Winsford"})
    again = officer.post("/manage/venues/add", {"name": "wyvern  house", "address": "Elsewhere"})
    assert (again.status, again.form("/manage/venues/add")["address"]) == (422, "Elsewhere")
    venue = db.session.scalars(select(Venue)).one()
    path = f"/manage/venues/{venue.id}"
    assert officer.post(path, {"name": "Wyvern House", "address": "CW7 1AH"}).status == 303
    db.session.expire_all()
    assert [(row.name, row.address) for row in db.session.scalars(select(Venue))] == [
        ("Wyvern House", "CW7 1AH")
    ]
    assert officer.get("/manage/venues").text.count("CW7 1AH") == 1


@pytest.mark.parametrize(
    "path", ["/manage/courses", "/manage/courses/add", "/manage/dates", "/manage/venues"]
)
def test_only_officers_manage_the_catalogue(app: Flask, signed_in: SignIn, path: str) -> None:
    people = [make.person("Ann"), make.person("Tom", Role.TRAINER), make.person("Hal", Role.HUB_MEMBER)]
    db.session.commit()
    assert [signed_in(person).get(path).status for person in people] == [403, 403, 403]


def test_course_list_needs_a_fixed_number_of_queries(
    app: Flask, officer: PageClient, queries: Callable[[Callable[[], Any]], int]
) -> None:
    make.event(starts_at=NOW + timedelta(days=30))
    db.session.commit()
    one = queries(lambda: officer.get("/manage/courses"))
    for _ in range(2):
        make.event(starts_at=NOW + timedelta(days=30))
    db.session.commit()
    assert queries(lambda: officer.get("/manage/courses")) == one


def test_name_of_spaces_is_refused(app: Flask, officer: PageClient) -> None:
    make.board()
    page = officer.post("/manage/courses/add", {**COURSE, "title": "  ", "length": " ", "summary": " "})
    assert page.status == 422
    for words in ("Enter the title of the course", "Enter how long the course is", "Enter a sentence or two"):
        assert words in page.text
    page = officer.post("/manage/venues/add", {"name": "   "})
    assert (page.status, "Enter the name of the venue" in page.text) == (422, True)
    assert db.session.scalars(select(Course)).all() == db.session.scalars(select(Venue)).all() == []


def test_names_are_compared_ignoring_case_in_any_language(app: Flask, officer: PageClient) -> None:
    make.course("Élan Vital")
    make.venue("Żary Hall")
    page = officer.post("/manage/courses/add", {**COURSE, "title": "ÉLAN VITAL", "new_board": "Board"})
    assert (page.status, "There is already a course called Élan Vital." in page.text) == (422, True)
    page = officer.post("/manage/venues/add", {"name": "żary hall"})
    assert (page.status, "There is already a venue called" in page.text) == (422, True)
