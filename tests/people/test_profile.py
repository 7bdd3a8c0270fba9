"""The details that people give once and can correct later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from tests.sign_in.test_signing_in import ask, code_in, errors, newest_mail
from training_hub.bookings.models.booking import Booking
from training_hub.database import db
from training_hub.people.models import Agency, Person, Sector
from training_hub.people.queries import person_by_email

SignedIn = Callable[..., PageClient]

ANSWERS = {
    "name": "Nia New",
    "agency": "",
    "new_agency": "",
    "job_role": "Health visitor",
    "manager_name": "Max Head",
    "manager_email": "Max.Head@Example.org",
}


def first_visit(browser: PageClient, after: str = "/sign-in") -> Page:
    page = browser.follow(browser.get(after))
    page = browser.send(page, "/sign-in", email="nia@example.org")
    return browser.send(page, "/sign-in/code", code=code_in(newest_mail()))


def stored(email: str = "nia@example.org") -> Person:
    db.session.expire_all()
    person = person_by_email(email)
    assert person is not None
    return person


def test_a_new_person_is_asked_once_and_then_goes_on(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    agency = make.agency("Hope Farm Primary")
    page = first_visit(stranger, "/profile/sign-ins")
    assert page.h1 == "Tell us who you are"
    clock.now = NOW + timedelta(minutes=3)
    page = stranger.send(page, "/profile", **{**ANSWERS, "agency": str(agency.id)})
    assert page.h1 == "End all your sign-ins"
    nia = stored()
    assert (nia.name, nia.agency, nia.job_role, nia.manager_name, nia.manager_email, nia.registered_at) == (
        "Nia New",
        agency,
        "Health visitor",
        "Max Head",
        "max.head@example.org",
        clock.now,
    )
    clock.now = NOW + timedelta(days=1)
    again = PageClient(app)
    page = ask(again, "nia@example.org")
    answer = again.post("/sign-in/code", {**page.form("/sign-in/code"), "code": code_in(newest_mail())})
    assert answer.response.headers["Location"] == "/"


def test_unanswered_details_come_before_every_other_page(app: Flask, stranger: PageClient) -> None:
    first_visit(stranger)
    answer = stranger.get("/profile/sign-ins")
    assert answer.response.headers["Location"] == "/profile?next=/profile/sign-ins"
    page = stranger.follow(stranger.post("/sign-out"))
    assert page.h1 == "You are signed out"


def test_an_agency_that_is_not_listed_is_added_as_other(app: Flask, stranger: PageClient) -> None:
    page = first_visit(stranger)
    stranger.send(page, "/profile", **{**ANSWERS, "new_agency": "  Deeside   Youth Trust "})
    agency = stored().agency
    assert agency is not None
    assert (agency.name, agency.sector, agency.is_active) == ("Deeside Youth Trust", Sector.OTHER, True)


def test_a_listed_agency_is_found_in_any_spelling(app: Flask, stranger: PageClient) -> None:
    agency = make.agency("Hope Farm Primary")
    page = first_visit(stranger)
    stranger.send(page, "/profile", **{**ANSWERS, "new_agency": "HOPE  farm primary"})
    assert stored().agency_id == agency.id
    assert db.session.scalars(select(Agency.name)).all() == ["Hope Farm Primary"]


def test_an_agency_no_longer_used_is_neither_offered_nor_taken(app: Flask, stranger: PageClient) -> None:
    closed = make.agency("Closed School")
    closed.is_active = False
    page = first_visit(stranger)
    assert "Closed School" not in page.text
    refused = stranger.send(page, "/profile", **{**ANSWERS, "new_agency": "closed school"})
    assert (refused.status, errors(refused)) == (
        422,
        ["“closed school” is no longer in use. Choose the agency that took its place."],
    )
    refused = stranger.send(page, "/profile", **{**ANSWERS, "agency": str(closed.id)})
    assert refused.status == 422
    assert stored().registered_at is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "  "}, ["Enter your name"]),
        ({"name": "N" * 201}, ["Your name must be 200 letters or fewer"]),
        ({"new_agency": ""}, ["Choose your agency, or enter its name below the list"]),
        ({"agency": "1"}, ["Choose your agency from the list or enter its name, not both"]),
        ({"agency": "999", "new_agency": ""}, ["Choose one of the answers shown"]),
        ({"agency": "x", "new_agency": ""}, ["Choose one of the answers shown"]),
        ({"job_role": ""}, ["Enter your job role"]),
        ({"manager_name": ""}, ["Enter your line manager’s name"]),
        (
            {"manager_email": "max"},
            ["Enter an email address in the usual form, such as name@school.example.org"],
        ),
        (
            {"manager_email": "NIA@example.org"},
            ["Enter your line manager’s email address, not your own"],
        ),
    ],
)
def test_wrong_details_are_named_and_not_stored(
    app: Flask, stranger: PageClient, change: dict[str, Any], said: list[str]
) -> None:
    make.agency("Hope Farm Primary")
    page = first_visit(stranger)
    refused = stranger.send(page, "/profile", **{**ANSWERS, "new_agency": "Deeside Youth Trust", **change})
    assert (refused.status, errors(refused)) == (422, said)
    assert refused.title.startswith("Error: Tell us who you are")
    assert (stored().name, stored().registered_at) == ("", None)
    assert db.session.scalars(select(Agency.name)).all() == ["Hope Farm Primary"]


def test_a_name_carries_no_line_break_into_a_mail(app: Flask, stranger: PageClient) -> None:
    page = first_visit(stranger)
    stranger.send(
        page,
        "/profile",
        **{**ANSWERS, "name": "Nia\r\nBcc: all@example.org\x01 \u202eNew", "new_agency": "A"},
    )
    assert stored().name == "Nia Bcc: all@example.org New"


def test_old_bookings_keep_their_agency_when_details_change(app: Flask, signed_in: SignedIn) -> None:
    old, new = make.agency("Old School"), make.agency("New School")
    ann = make.person("Ann Lee", of=old, email="ann@example.org")
    make.booking(make.event(starts_at=NOW + timedelta(days=30)), ann)
    browser = signed_in(ann)
    page = browser.send(
        browser.get("/profile"),
        "/profile",
        agency=str(new.id),
        manager_name="Max Head",
        manager_email="max@example.org",
    )
    assert page.h1 == "Your details"
    assert "Your details are saved" in page.text
    ann = stored("ann@example.org")
    assert (ann.agency_id, ann.registered_at) == (new.id, make.LONG_AGO)
    assert db.session.scalars(select(Booking.agency_id)).all() == [old.id]


def test_the_page_says_who_sees_the_line_manager(app: Flask, signed_in: SignedIn) -> None:
    page = signed_in(make.person("Ann Lee")).get("/profile")
    assert (
        "Hub officers see who your line manager is, and each booking records your manager. "
        "Trainers and other people on the course do not see who it is."
    ) in page.text


def test_people_cannot_change_their_own_address_or_roles(app: Flask, signed_in: SignedIn) -> None:
    ann = make.person("Ann Lee", email="ann@example.org", manager_name="Max", manager_email="max@example.org")
    browser = signed_in(ann)
    browser.send(
        browser.get("/profile"),
        "/profile",
        name="Ann Leigh",
        email="olive@example.org",
        roles="administrator",
        is_active="",
    )
    ann = stored("ann@example.org")
    assert (ann.name, ann.email, len(ann.roles), ann.is_active) == ("Ann Leigh", "ann@example.org", 1, True)
