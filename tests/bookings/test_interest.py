"""Asking to be told when a course runs, stopping, and who sees how many people ask."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.event import listen, remove

from tests import make
from tests.bookings.wanting import SOON, letters, still_wanting, wants
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.interest import stop_asking
from training_hub.bookings.actions.register import add_walk_in
from training_hub.bookings.actions.substitute import substitute
from training_hub.bookings.actions.waiting_list import pick
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Prerequisite
from training_hub.database import db
from training_hub.people.models import Person

SignIn = Callable[..., PageClient]
S = Status


def test_interest_is_asked_and_withdrawn_on_course_page(app: Flask, signed_in: SignIn) -> None:
    course, ann = make.course("Neglect"), make.person("Ann")
    browser = signed_in(ann)
    page = browser.get(f"/courses/{course.slug}")
    assert "Tell me when this course next runs" in page.text
    done = browser.send(page, "/tell-me")
    assert "We will tell you when this course next runs" in done.text
    assert "You asked us to on Tuesday 6 May 2025." in done.text
    # Pressed twice.
    assert browser.post(f"/courses/{course.slug}/tell-me").status == 303
    rows = db.session.scalars(select(Interest)).all()
    assert [(row.person, row.agency_id, row.asked_at, row.ended_at) for row in rows] == [
        (ann, ann.agency_id, NOW, None)
    ]
    gone = browser.send(done, "/do-not-tell-me")
    assert "We will not tell you when this course next runs" in gone.text
    assert browser.post(f"/courses/{course.slug}/do-not-tell-me").status == 303
    db.session.expire_all()
    assert [row.ended_at for row in db.session.scalars(select(Interest))] == [NOW]
    again = browser.send(gone, "/tell-me")
    assert "We will tell you when this course next runs" in again.text
    assert (still_wanting(course), letters()) == (["Ann"], [])


def test_interest_is_withdrawn_on_my_bookings(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    (ann,) = wants(course, "Ann")
    browser = signed_in(ann)
    page = browser.get("/bookings")
    assert (
        "Courses you want to hear about" in page.text,
        "You have not booked anything yet" in page.text,
    ) == (
        True,
        False,
    )
    gone = browser.send(page, "/do-not-tell-me")
    assert (gone.h1, "We will not tell you when this course next runs" in gone.text) == ("My bookings", True)
    assert still_wanting(course) == []
    for told, words in (
        ("asked", "We will tell you"),
        ("nonsense", "We will not tell you when this course next runs"),
    ):
        assert words not in browser.get(f"/courses/{course.slug}?told={told}").text


def test_interest_button_is_main_only_without_dates(app: Flask, signed_in: SignIn) -> None:
    nothing, full, free, booked = (make.course(title) for title in ("Nothing", "Full", "Free", "Booked"))
    ann = make.person("Ann")
    make.booking(make.event(full, starts_at=SOON, capacity=1))
    make.event(free, starts_at=SOON)
    make.booking(make.event(booked, starts_at=SOON), ann)
    browser = signed_in(ann)
    small = "If no date suits you"
    seen = {}
    for course in (nothing, full, free, booked):
        text = browser.get(f"/courses/{course.slug}").text
        seen[course.title] = ("Tell me when this course next runs" in text, small in text)
    assert seen == {
        "Nothing": (True, False),
        "Full": (True, False),
        "Free": (True, True),
        "Booked": (False, False),
    }
    answer = browser.post(f"/courses/{booked.slug}/tell-me")
    assert (answer.status, "You have a place on this course already" in answer.text) == (409, True)
    assert still_wanting(booked) == []


def test_interest_asks_strangers_to_sign_in(app: Flask, stranger: PageClient) -> None:
    course = make.course("Neglect")
    make.course("Unlisted", is_listed=False)
    db.session.commit()
    page = stranger.get(f"/courses/{course.slug}")
    assert ("/sign-in?next=/courses/" + course.slug, "Sign in to be told") in page.links
    answer = stranger.post(f"/courses/{course.slug}/tell-me")
    assert (answer.status, answer.response.headers["Location"]) == (303, "/sign-in")
    assert still_wanting(course) == []


def test_interest_refused_where_not_eligible(app: Flask, signed_in: SignIn) -> None:
    first = make.course("Basics")
    course = make.course("Neglect", audience="Social workers.", policies={"sectors": ["health"]})
    db.session.add(Prerequisite(course_id=course.id, needs_id=first.id))
    ann, unlisted = make.person("Ann"), make.course("Unlisted", is_listed=False)
    browser = signed_in(ann)
    answer = browser.post(f"/courses/{course.slug}/tell-me")
    assert (answer.status, answer.h1) == (409, "This course is not open to you")
    for words in (
        "Your agency is listed as “school”.",
        "You need to have completed Basics first.",
        "Social workers.",
    ):
        assert words in answer.text
    assert browser.post(f"/courses/{unlisted.slug}/tell-me").status == 404
    assert browser.post("/courses/nothing/tell-me").status == 404
    assert db.session.scalars(select(Interest)).all() == []


def test_any_place_ends_the_interest(app: Flask) -> None:
    course, other = make.course("Neglect"), make.course("Another course")
    booked, moved, walked_in, picked = wants(course, "Booked", "Moved", "Walked in", "Picked")
    wants(other, "Elsewhere")
    elsewhere = db.session.scalars(select(Person).where(Person.name == "Elsewhere")).one()
    officer = make.officer()
    event = make.event(course, starts_at=SOON, capacity=9)
    book(booked, event, by=booked, now=NOW)
    away = make.booking(event, make.person("Away", of=moved.agency))
    substitute(away, name=moved.name, email=moved.email, by=officer, now=NOW)
    waiting = make.booking(event, picked, S.WAITING)
    pick(waiting, by=officer, now=NOW, outright=True, reason="First")
    assert still_wanting(course) == ["Walked in"]
    add_walk_in(walked_in, event, by=officer, now=SOON)
    assert still_wanting(course) == []
    book(elsewhere, event, by=elsewhere, now=NOW)
    assert still_wanting(other) == ["Elsewhere"]
    ended = db.session.scalars(
        select(Interest.ended_at).where(Interest.course_id == course.id).order_by(Interest.id)
    )
    assert ended.all() == [NOW, NOW, SOON, NOW]


def test_ending_interest_costs_one_statement(app: Flask) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=SOON)
    (ann,) = wants(course, "Ann")
    db.session.commit()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    listen(db.engine, "before_cursor_execute", note)
    book(ann, event, by=ann, now=NOW)
    remove(db.engine, "before_cursor_execute", note)
    about = [
        statement.split()[:2] for statement in seen if {"interest", "interest."} & set(statement.split())
    ]
    assert about == [["UPDATE", "interest"]]


def test_only_officers_see_the_demand(app: Flask, signed_in: SignIn) -> None:
    course, other = make.course("Neglect"), make.course("Another course")
    oak, elm = make.agency("Oak School"), make.agency("Elm School")
    ann, _ben, gone = wants(course, "Ann Archer", "Ben Baker", "Gone", of=oak)
    wants(course, "Cat Cole", of=elm)
    stop_asking(gone, course, now=NOW)
    officer = signed_in(make.officer())
    courses = officer.get("/manage/courses")
    assert "2 want a date" not in courses.text
    assert "3 want a date of Neglect since 27 April 2025" in courses.text
    assert (
        "3 people want this course to run , the first since 27 April 2025."
        in officer.get(f"/courses/{course.slug}").text
    )
    page = officer.get(f"/manage/courses/{course.slug}/interest")
    assert (page.status, page.h1) == (200, "People who want Neglect")
    for words in (
        "3 people have asked",
        "Oak School 2",
        "Elm School 1",
        "Ann Archer",
        "Ben Baker",
        "Cat Cole",
    ):
        assert words in page.text
    assert "Gone" not in page.text
    assert "Nobody has asked" in officer.get(f"/manage/courses/{other.slug}/interest").text
    assert officer.get("/manage/courses/nothing/interest").status == 404
    for person in (
        ann,
        *(make.person(role.value, role, of=oak) for role in Role if role is not Role.HUB_OFFICER),
    ):
        browser = signed_in(person)
        assert browser.get(f"/manage/courses/{course.slug}/interest").status == 403
        text = browser.get(f"/courses/{course.slug}").text
        assert ("want this course to run" in text, "Ben Baker" in text, "Cat Cole" in text) == (
            False,
            False,
            False,
        )
        assert "Ben Baker" not in browser.get("/bookings").text


@pytest.mark.postgres
def test_interest_pages_take_fixed_queries(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    course = make.course("Neglect")
    (ann,) = wants(course, "Ann")
    officer, browser = signed_in(make.officer()), signed_in(ann)
    looks: list[Callable[[], object]] = [
        lambda: officer.get("/manage/courses"),
        lambda: officer.get(f"/manage/courses/{course.slug}/interest"),
        lambda: officer.get(f"/courses/{course.slug}"),
        lambda: browser.get("/bookings"),
    ]
    few = [queries(look) for look in looks]
    wants(course, "Ben", "Cat")
    for title in ("Second", "Third"):
        more = make.course(title)
        wants(more, "Dan")
        db.session.add(Interest(course=more, person=ann, agency_id=ann.agency_id, asked_at=NOW))
    db.session.commit()
    assert [queries(look) for look in looks] == few


def test_the_names_come_fifty_to_a_page(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    wants(course, *(f"Person {number:02}" for number in range(51)))
    officer = signed_in(make.officer())
    first, second = (officer.get(f"/manage/courses/{course.slug}/interest?page={page}") for page in (1, 2))
    assert ("Person 49" in first.text, "Person 50" in first.text) == (True, False)
    assert ("Person 49" in second.text, "Person 50" in second.text) == (False, True)
    assert "Page 2 of 2" in second.text
