"""Booking a place, as someone with a browser does it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.events import other_dates
from training_hub.catalogue.models import EventStatus
from training_hub.database import db
from training_hub.mail.models import Mail

SignIn = Callable[..., PageClient]
NEXT_MONTH = NOW + timedelta(days=30)
"""Thursday 5 June 2025. Its three clear working days are Monday to Wednesday."""


def stored() -> list[tuple[str, Status]]:
    """Who has which booking, in the order in which they were made."""
    db.session.expire_all()
    rows = db.session.scalars(select(Booking).order_by(Booking.id))
    return [(row.person.name, row.status) for row in rows]


def test_booking_takes_four_requests(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=NEXT_MONTH, capacity=24, venue=make.venue("Town Hall"))
    ann = make.person("Ann", of=make.agency("Oak School"), manager_name="Max Manager")
    db.session.commit()
    browser = signed_in(ann)

    ask = browser.get(f"/dates/{event.id}/book")
    assert (ask.status, ask.h1) == (200, "Book a place")
    assert "24 of 24 places are left." in ask.text
    assert "You can cancel without it counting as late until Sunday 1 June 2025, 11:59pm." in ask.text
    assert "The training team and the trainers of this date see what you write here" in ask.text
    for words in ("Oak School", "Max Manager", "Town Hall, 1 High Street, Chester", ann.email):
        assert words in ask.text
    assert stored() == []

    needs_given = {"access_needs": "Step-free access", "dietary_needs": "Halal"}
    done = browser.post(f"/dates/{event.id}/book", {**ask.form("/book"), **needs_given, "step": "confirm"})
    assert done.status == 303
    page = browser.follow(done)
    reference = db.session.scalars(select(Booking.reference)).one()
    assert (page.status, page.h1) == (200, "Your place is booked")
    assert re.search(rf"Your reference <strong>{reference}</strong>", page.html)
    assert stored() == [("Ann", Status.CONFIRMED)]
    needs = db.session.scalars(select(BookingNeeds)).one()
    assert (needs.access, needs.dietary) == ("Step-free access", "Halal")
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.subject, mail.to_email) == ("Booked: Neglect, Thursday 5 June 2025", ann.email)
    assert "Halal" not in mail.text + mail.html + mail.calendar
    assert "METHOD:REQUEST" in mail.calendar


def test_needs_stay_out_of_the_cookie(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    db.session.commit()
    browser = signed_in(ann)
    page = browser.post(f"/dates/{event.id}/book", {"access_needs": "Hearing loop", "step": "confirm"})
    assert page.status == 303
    assert db.session.scalars(select(BookingNeeds.access)).one() == "Hearing loop"
    with browser.http.session_transaction() as session:
        assert "Hearing loop" not in str(dict(session))


def test_needs_that_are_too_long_are_refused_and_kept(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    db.session.commit()
    browser = signed_in(ann)
    page = browser.post(f"/dates/{event.id}/book", {"access_needs": "x" * 501, "step": "confirm"})
    assert (page.status, page.title[:6]) == (422, "Error:")
    assert "Access needs: use 500 characters or fewer" in page.text
    assert page.form("/book")["access_needs"] == "x" * 501
    assert stored() == []


def test_a_button_pressed_twice_books_once(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    db.session.commit()
    browser = signed_in(ann)
    addresses = {
        browser.post(f"/dates/{event.id}/book", {"offered": "place", "step": "confirm"}).response.headers[
            "Location"
        ]
        for _ in range(2)
    }
    assert stored() == [("Ann", Status.CONFIRMED)]
    assert len(addresses) == 1
    assert len(db.session.scalars(select(Mail.id)).all()) == 1


def test_a_person_already_booked_is_sent_to_the_booking(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    booking = make.booking(event, make.person("Ann"))
    db.session.commit()
    page = signed_in(booking.person).get(f"/dates/{event.id}/book")
    assert (page.status, page.response.headers["Location"]) == (303, f"/bookings/{booking.reference}")


def test_a_full_date_offers_the_next_place_on_its_waiting_list(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1)
    make.booking(event)
    make.booking(event, status=Status.WAITING)
    ann = make.person("Ann")
    db.session.commit()
    browser = signed_in(ann)
    ask = browser.get(f"/dates/{event.id}/book")
    assert ask.h1 == "Join the waiting list"
    assert "You would be number 2 on the waiting list." in ask.text
    page = browser.follow(browser.post(f"/dates/{event.id}/book", {**ask.form("/book"), "step": "confirm"}))
    assert page.h1 == "You are on the waiting list"
    assert "The last place has gone" not in page.text
    assert "You are number 2 on the waiting list." in page.text
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.template, mail.calendar) == ("booking_waiting", "")
    assert "You are number 2 on the waiting list." in mail.text


def test_losing_the_last_place_while_booking_is_said(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1)
    ann = make.person("Ann")
    db.session.commit()
    browser = signed_in(ann)
    ask = browser.get(f"/dates/{event.id}/book")
    make.booking(event)
    db.session.commit()
    page = browser.follow(browser.post(f"/dates/{event.id}/book", {**ask.form("/book"), "step": "confirm"}))
    assert page.h1 == "You are on the waiting list"
    assert "Someone else took the last place while you were booking." in page.text
    assert "number 1 on the waiting list" in page.text


CLOSED = [
    ({"starts_at": NOW - timedelta(days=3)}, "This course date is over."),
    ({"starts_at": NOW - timedelta(hours=1)}, "This course date has started."),
    ({"starts_at": NOW + timedelta(days=2)}, "Bookings have closed."),
    ({"starts_at": NEXT_MONTH, "status": EventStatus.CALLED_OFF}, "This course date was called off."),
]


@pytest.mark.parametrize(("facts", "sentence"), CLOSED)
def test_closed_date_says_why_and_shows_other_dates(
    app: Flask, signed_in: SignIn, facts: dict[str, object], sentence: str
) -> None:
    course = make.course("Neglect")
    event = make.event(course, **facts)  # type: ignore[arg-type]
    other = make.event(course, starts_at=NEXT_MONTH + timedelta(days=7))
    ann = make.person("Ann")
    db.session.commit()
    browser = signed_in(ann)
    for page in (
        browser.get(f"/dates/{event.id}/book"),
        browser.post(f"/dates/{event.id}/book", {"step": "confirm", "offered": "place"}),
    ):
        assert (page.status, page.h1) == (409, "You cannot book this date")
        assert sentence in page.text
        assert f"/dates/{other.id}" in [href for href, _ in page.links]
    assert stored() == []
    assert db.session.scalars(select(Mail.id)).all() == []


def test_a_date_that_is_not_published_is_not_there(app: Flask, signed_in: SignIn) -> None:
    event = make.event(make.course("Secret plans"), starts_at=NEXT_MONTH, status=EventStatus.DRAFT)
    ann = make.person("Ann")
    db.session.commit()
    browser = signed_in(ann)
    for page in (
        browser.get(f"/dates/{event.id}/book"),
        browser.post(f"/dates/{event.id}/book", {"step": "confirm"}),
        browser.get("/dates/999999/book"),
    ):
        assert page.status == 404
        assert "Secret plans" not in page.text
    assert stored() == []


def test_bookings_close_three_working_days_before(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    db.session.commit()
    browser = signed_in(ann)
    # The course is on a Thursday; the third working day before it is the Monday, which ends at 11pm in UTC.
    clock.now = NEXT_MONTH.replace(day=2, hour=22, minute=59)
    page = browser.get(f"/dates/{event.id}/book")
    assert page.status == 200
    assert "You can still cancel until the course starts, but it counts as a late cancellation." in page.text
    clock.now = NEXT_MONTH.replace(day=2, hour=23, minute=0)
    assert browser.get(f"/dates/{event.id}/book").status == 409


def test_a_person_without_an_agency_is_sent_to_the_profile(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    ann.agency = None
    db.session.commit()
    browser = signed_in(ann)
    for page in (
        browser.get(f"/dates/{event.id}/book"),
        browser.post(f"/dates/{event.id}/book", {"step": "confirm"}),
    ):
        assert (page.status, page.h1) == (409, "Tell us where you work first")
    assert stored() == []


def test_a_whole_booking_sends_few_kilobytes(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    db.session.commit()
    http = signed_in(ann).http
    headers = {"Accept-Encoding": "gzip"}
    # The browser's requests: the date, the questions, the booking and the page that confirms it.
    answers = [http.get(f"/dates/{event.id}", headers=headers)]
    asked = PageClient(app)
    asked.http = http
    page = asked.get(f"/dates/{event.id}/book")
    answers.append(http.get(f"/dates/{event.id}/book", headers=headers))
    data = {**page.form("/book"), "step": "confirm"}
    answers.append(http.post(f"/dates/{event.id}/book", data=data, headers=headers))
    answers.append(http.get(answers[-1].headers["Location"], headers=headers))
    assert [answer.status_code for answer in answers] == [200, 200, 303, 200]
    assert sum(len(answer.get_data()) for answer in answers) < 60_000


def test_unlisted_course_date_is_shown_to_people_booked(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Hidden Course", is_listed=False)
    event = make.event(course, starts_at=NEXT_MONTH)
    make.event(course, starts_at=NEXT_MONTH + timedelta(days=7))
    booked = make.booking(event, make.person("Ann"))
    browser = signed_in(make.person("Ben"))
    for page in (
        browser.get(f"/dates/{event.id}/book"),
        browser.post(f"/dates/{event.id}/book", {"step": "confirm"}),
    ):
        assert (page.status, "Hidden Course" in page.html) == (404, False)
    answer = signed_in(booked.person).get(f"/dates/{event.id}/book")
    assert (answer.status, answer.response.headers["Location"]) == (303, f"/bookings/{booked.reference}")
    assert stored() == [("Ann", Status.CONFIRMED)]
    assert other_dates(event, now=NOW) == []


def test_call_off_reason_is_for_people_booked(app: Flask, signed_in: SignIn) -> None:
    event = make.event(
        starts_at=NEXT_MONTH, status=EventStatus.CALLED_OFF, called_off_reason="The trainer is in hospital"
    )
    page = signed_in(make.person("Ben")).get(f"/dates/{event.id}/book")
    assert (page.status, "was called off" in page.text, "hospital" in page.text) == (409, True, False)
