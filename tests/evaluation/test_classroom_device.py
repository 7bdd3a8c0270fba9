"""Answering in the classroom signed in, and on a device that is handed round."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import SENT, answer_all
from tests.evaluation.classrooms import NOTHING, ONE, SignIn, opened, stored
from tests.page_client import PageClient
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.people.models import Person


def test_a_signed_in_person_answers_with_one_press(app: Flask, signed_in: SignIn) -> None:
    event, code = opened()
    ann = db.session.scalars(select(Person).where(Person.name == "Ann Archer")).one()
    browser = signed_in(ann)
    door = browser.get(f"/room/{code}")
    assert "Answer as Ann Archer" in door.text
    first = browser.send(door, f"/room/{code}")
    assert "You are answering as Ann Archer" in first.text
    thanks = answer_all(browser, first, **SENT)
    assert (thanks.status, thanks.h1) == (200, "Thank you, your answers have arrived")
    assert stored() == ONE
    again = browser.send(browser.get(f"/room/{code}"), f"/room/{code}")
    assert (again.status, again.h1) == (409, "You have already answered this form")
    assert classroom_queries.classroom_count(event.id).returned == 1


def test_without_a_place_you_are_told_to_ask_the_trainer(app: Flask, signed_in: SignIn) -> None:
    event, code = opened()
    gone = make.booking(event, make.person("Cy"), Status.CANCELLED).person
    for person in (gone, make.person("Bob")):
        browser = signed_in(person)
        page = browser.send(browser.get(f"/room/{code}"), f"/room/{code}")
        assert (page.status, page.h1) == (409, "You have no place on this course date")
        assert "Ask the trainer to add you to the register." in page.text
    assert stored() == NOTHING


def test_a_handed_round_device_keeps_nothing(app: Flask, stranger: PageClient) -> None:
    event, code = opened()
    make.booking(event, make.person("Ben", email="ben@example.org"))
    device = f"/room/{code}/device"
    door, pages = stranger.get(device), []
    for email in ("ann@example.org", "ben@example.org"):
        assert (door.h1, door.form("/device")["email"]) == ("How was the course?", "")
        first = stranger.send(door, "/device", email=email)
        pages += [door, first]
        thanks = answer_all(stranger, first, **SENT)
        assert thanks.h1 == "Thank you for your answers"
        assert email not in thanks.html
        pages.append(thanks)
        door = stranger.send(thanks, "/next")
    assert {page.response.headers["Cache-Control"] for page in pages} == {"no-store"}
    assert [link for page in pages for link, _ in page.links if "sign-in" in link] == []
    for page in (pages[0], pages[1]):
        assert 'autocomplete="off"' in page.html
    assert classroom_queries.classroom_count(event.id).returned == 2
    assert stored()["PartAnswers"] == 0


def test_the_last_persons_page_never_works_again(app: Flask, stranger: PageClient) -> None:
    _, code = opened()
    device = f"/room/{code}/device"
    left = stranger.send(stranger.get(device), "/device", email="ann@example.org")
    stranger.send(left, "/next")
    sent = stranger.send(stranger.get(device), "/device", email="nobody@example.org")
    answer_all(stranger, sent, **SENT)
    for page in (left, sent):
        over = stranger.send(page, "/device", **SENT)
        assert (over.status, over.h1) == (409, "That page belonged to the person before you")
        assert [email in over.html for email in ("ann@example.org", "nobody@example.org")] == [False, False]
    assert stored() == NOTHING


@pytest.mark.postgres
def test_handing_a_device_round_signs_the_trainer_out_of_it(app: Flask, signed_in: SignIn) -> None:
    event, code = opened()
    browser = signed_in(make.officer("Olive Officer"))
    asked = browser.get(f"/room/{code}/device")
    assert asked.h1 == "Sign out before you hand this device round"
    door = browser.send(browser.get(f"/registers/{event.id}/room"), "/next")
    assert (door.h1, "Olive" in door.html) == ("How was the course?", False)
    assert browser.get(f"/registers/{event.id}/room").response.headers["Location"].startswith("/sign-in")


def test_a_device_takes_no_answer_in_a_closed_classroom(app: Flask, stranger: PageClient) -> None:
    event, code = opened()
    door = stranger.get(f"/room/{code}/device")
    classroom_actions.close_classroom(event, now=NOW)
    page = stranger.send(door, "/device", email="ann@example.org")
    assert (page.status, page.h1) == (404, "This code does not open a form")
