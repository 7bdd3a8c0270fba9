"""The pages of a course and of a course date."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db

SOON = NOW + timedelta(days=30)
SignIn = Callable[..., PageClient]
Count = Callable[[Callable[[], object]], int]


def actions(page: Page) -> list[str]:
    """The text of the page's buttons."""
    return [
        text for href, text in page.links if href.startswith(("/dates/", "/bookings/")) and ":" not in text
    ]


def fill(event: Event, people: int, waiting: int = 0) -> None:
    for number in range(people + waiting):
        make.booking(event, status=Status.CONFIRMED if number < people else Status.WAITING)


def test_course_page_shows_its_text_and_dates(app: Flask, stranger: PageClient) -> None:
    course = make.course(
        "Managing Neglect",
        aims="To act early.",
        outcomes="See it\nName it",
        audience="Everyone",
        validity_months=24,
    )
    first = make.event(course, starts_at=SOON)
    make.event(course, starts_at=SOON + timedelta(days=1), status=EventStatus.DRAFT, notes="Draft only")
    make.event(make.course("Another course"), starts_at=SOON)
    db.session.commit()
    page = stranger.get(f"/courses/{course.slug}")
    assert page.h1 == "Managing Neglect"
    for words in (
        "To act early.",
        "See it Name it",
        "Everyone",
        "After 2 years",
        "24 of 24 places left",
        "1 upcoming date",
    ):
        assert words in page.text
    assert [href for href, _ in page.links if href.startswith("/dates/")] == [f"/dates/{first.id}"]
    assert stranger.get("/courses/nothing").status == 404


def test_only_officers_see_an_unlisted_course(app: Flask, stranger: PageClient, signed_in: SignIn) -> None:
    course = make.course("Hidden Course", is_listed=False)
    event = make.event(course, starts_at=SOON)
    person, officer = make.person(), make.officer()
    db.session.commit()
    for path in (f"/courses/{course.slug}", f"/dates/{event.id}"):
        assert (stranger.get(path).status, signed_in(person).get(path).status) == (404, 404)
        assert signed_in(officer).get(path).status == 200
    assert actions(signed_in(officer).get(f"/dates/{event.id}")) == []


def test_only_officers_see_a_draft_date(app: Flask, stranger: PageClient, signed_in: SignIn) -> None:
    trainer = make.person("Tom", Role.TRAINER)
    event = make.event(
        make.course("Telling Title"), starts_at=SOON, status=EventStatus.DRAFT, trainers=(trainer,)
    )
    person, member, officer = make.person(), make.person("Hal", Role.HUB_MEMBER), make.officer()
    db.session.commit()
    path = f"/dates/{event.id}"
    refused = [stranger.get(path), *(signed_in(who).get(path) for who in (person, member, trainer))]
    assert [(page.status, "Telling" in page.html) for page in refused] == [(404, False)] * 4
    page = signed_in(officer).get(path)
    assert "This is a draft." in page.text
    assert actions(page) == []


def test_date_page_shows_all_needed_to_decide(app: Flask, stranger: PageClient) -> None:
    trainer = make.person("Tessa Trainer", Role.TRAINER)
    venue = make.venue("Wyvern House")
    venue.directions = "Park behind the building."
    event = make.event(
        make.course("Neglect"), starts_at=SOON, days=2, venue=venue, trainers=(trainer,),
        notes="Bring a notebook.", online_link="https://meet.example.org/secret",
    )  # fmt: skip
    fill(event, 21)
    db.session.commit()
    page = stranger.get(f"/dates/{event.id}")
    assert page.h1 == "Neglect"
    for words in (
        "Session 1: Thursday 5 June 2025, 9:30am to 4:30pm Session 2: Friday 6 June 2025, 9:30am to 4:30pm",
        "Wyvern House 1 High Street, Chester",
        "Park behind the building.",
        "Bring a notebook.",
        "3 of 24 places left",
        "Bookings close at the end of Monday 2 June 2025.",
        "you can cancel without it counting as late until Sunday 1 June 2025, 11:59pm.",
    ):
        assert words in page.text
    assert actions(page) == ["Book this place"]
    assert ("Tessa" in page.html, "secret" in page.html) == (False, False)


def test_a_full_date_offers_its_waiting_list_and_other_dates(app: Flask, stranger: PageClient) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=SOON, capacity=2)
    other = make.event(course, starts_at=SOON + timedelta(days=7))
    make.event(course, starts_at=SOON + timedelta(days=8), status=EventStatus.DRAFT)
    fill(event, 2, 5)
    db.session.commit()
    page = stranger.get(f"/dates/{event.id}")
    assert actions(page) == ["Join the waiting list"]
    assert "Full, 5 waiting" in page.text
    assert [href for href, text in page.links if text.startswith("Book:")] == [f"/dates/{other.id}"]


def test_free_place_with_people_waiting_cannot_be_booked(app: Flask, stranger: PageClient) -> None:
    event = make.event(starts_at=SOON, capacity=3)
    fill(event, 2, 1)
    db.session.commit()
    assert actions(stranger.get(f"/dates/{event.id}")) == ["Join the waiting list"]


@pytest.mark.parametrize(
    ("starts_in", "heading"),
    [
        (timedelta(days=2), "Bookings have closed"),
        (timedelta(hours=-1), "This course date has started"),
        (timedelta(days=-1), "This course date is over"),
    ],
)
def test_closed_bookings_are_stated(
    app: Flask, stranger: PageClient, starts_in: timedelta, heading: str
) -> None:
    event = make.event(starts_at=NOW + starts_in)
    db.session.commit()
    page = stranger.get(f"/dates/{event.id}")
    assert heading in page.text
    assert actions(page) == []
    assert "There is no other date of this course yet." in page.text


def test_bookings_close_at_the_end_of_the_third_working_day(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    # Thursday 5 June; the third working day before is Monday 2 June, which ends at 11pm in UTC.
    event = make.event(starts_at=SOON)
    db.session.commit()
    clock.now = NOW.replace(month=6, day=2, hour=22, minute=59)
    assert actions(stranger.get(f"/dates/{event.id}")) == ["Book this place"]
    clock.now += timedelta(minutes=1)
    assert actions(stranger.get(f"/dates/{event.id}")) == []


def test_called_off_date_does_not_say_why(app: Flask, stranger: PageClient) -> None:
    event = make.event(
        starts_at=SOON, status=EventStatus.CALLED_OFF, called_off_at=NOW, called_off_reason="Tom is ill"
    )
    db.session.commit()
    page = stranger.get(f"/dates/{event.id}")
    assert "This course date was called off" in page.text
    assert "Tom is ill" not in page.text
    assert actions(page) == []


@pytest.mark.parametrize(
    ("status", "heading"),
    [(Status.CONFIRMED, "You have a place"), (Status.WAITING, "You are on the waiting list")],
)
def test_booked_person_gets_a_link_to_the_booking(
    app: Flask, signed_in: SignIn, status: Status, heading: str
) -> None:
    ann, ben = make.person("Ann"), make.person("Ben")
    event = make.event(starts_at=SOON, is_online=True, online_link="https://meet.example.org/secret")
    booking = make.booking(event, ann, status)
    db.session.commit()
    page = signed_in(ann).get(f"/dates/{event.id}")
    assert [href for href, text in page.links if text == "See your booking"] == [
        f"/bookings/{booking.reference}"
    ]
    assert heading in page.text
    assert "secret" not in page.html
    assert actions(signed_in(ben).get(f"/dates/{event.id}")) == ["Book this place"]


def test_date_page_needs_a_fixed_number_of_queries(app: Flask, stranger: PageClient, queries: Count) -> None:
    course = make.course()
    event = make.event(course, starts_at=SOON, days=1, capacity=1)
    fill(event, 1)
    make.event(course, starts_at=SOON + timedelta(days=2))
    db.session.commit()
    one = queries(lambda: stranger.get(f"/dates/{event.id}"))
    one_course = queries(lambda: stranger.get(f"/courses/{course.slug}"))
    fill(event, 0, 3)
    for day in (3, 4):
        fill(make.event(course, starts_at=SOON + timedelta(days=day)), 2)
    db.session.commit()
    assert queries(lambda: stranger.get(f"/dates/{event.id}")) == one
    assert queries(lambda: stranger.get(f"/courses/{course.slug}")) == one_course
