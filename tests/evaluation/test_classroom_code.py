"""Answering by code and typed address: neither reveals who is booked."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW, TestClock
from tests.evaluation.answering import SENT, answer_all
from tests.evaluation.classrooms import NOTHING, ONE, SENDER, mails, opened, plain, start, stored
from tests.page_client import PageClient
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus
from training_hub.database import db
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.models.answers import Answer
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.evaluation.rules.classroom import as_code
from training_hub.limits.models import SignInAttempt
from training_hub.mail.models import Mail


@pytest.mark.parametrize("typed", ["7kq-2m9", " 7KQ 2M9 ", "7KQ2M9"])
def test_a_code_can_be_typed_in_any_way(typed: str) -> None:
    assert as_code(typed) == "7KQ2M9"


def test_a_right_code_opens_the_form_and_a_wrong_one_does_not(app: Flask, stranger: PageClient) -> None:
    _, code = opened()
    page = stranger.send(stranger.get("/room"), code=f" {code[:3].lower()} {code[3:].lower()}")
    assert (page.status, page.h1) == (200, "How was the course?")
    wrong = stranger.send(stranger.get("/room"), code="AAAAAA")
    assert (wrong.status, wrong.form()["code"]) == (422, "AAAAAA")
    assert "This code does not open a form." in wrong.text


def test_opening_an_address_does_not_reveal_a_good_code(app: Flask, stranger: PageClient) -> None:
    _, code = opened()
    good, wrong = stranger.get(f"/room/{code}"), stranger.get("/room/AAAAAA")
    assert (good.status, plain(good).replace(code, "")) == (200, plain(wrong).replace("AAAAAA", ""))


def test_guessing_classroom_codes_is_limited_by_network(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    _, code = opened()
    token = stranger.token()
    for number in range(60):
        path, sent = (
            ("/room", {"code": "AAAAAA"}) if number % 2 else ("/room/AAAAAA", {"email": "a@example.org"})
        )
        assert stranger.post(path, {**sent, "csrf_token": token}).status in {404, 422}
    refused = stranger.post("/room", {"code": "AAAAAA", "csrf_token": token})
    assert (refused.status, refused.h1) == (429, "Wait a little, then try again")
    assert "Too many wrong codes have come from your network." in refused.text
    assert db.session.scalar(select(func.count(SignInAttempt.id))) == 60
    clock.now = NOW + timedelta(minutes=10)
    assert stranger.post("/room", {"code": code, "csrf_token": token}).status == 303


def test_a_typed_address_answers_before_the_register_is_marked(app: Flask, stranger: PageClient) -> None:
    event, code = opened()
    first = start(stranger, code, " Ann@Example.org ")
    assert (first.status, first.h1) == (200, "How was the course?")
    assert "You are answering as ann@example.org" in first.text
    assert "Ann Archer" not in first.html
    thanks = answer_all(stranger, first, **SENT)
    assert (thanks.status, thanks.h1) == (200, "Thank you for your answers")
    assert stored() == ONE
    invitation = db.session.scalars(select(Invitation)).one()
    assert (invitation.returned_at, invitation.returned_by) == (NOW, Channel.CLASSROOM)
    assert mails() == [("classroom_answered", "ann@example.org")]
    assert db.session.scalar(select(Booking.status)) is Status.CONFIRMED
    assert classroom_queries.classroom_count(event.id) == (1, 1)


def test_pages_do_not_reveal_who_booked(app: Flask) -> None:
    event, code = opened()
    other = make.event(starts_at=event.starts_at)
    make.booking(other, make.person("Bob", email="bob@example.org"))
    make.booking(event, make.person("Cy", email="cy@example.org"), Status.CANCELLED)
    seen = {}
    for email in ("ann@example.org", "bob@example.org", "cy@example.org", "nobody@example.org"):
        browser = PageClient(app)
        pages = [start(browser, code, email)]
        pages.append(browser.send(pages[0], **{**SENT, "trainer": ""}))
        while pages[-1].h1 != "Thank you for your answers":
            pages.append(browser.send(pages[-1], **SENT))
        seen[email] = [(page.status, plain(page).replace(email, "")) for page in pages]
    assert [status for status, _ in seen["ann@example.org"]] == [200, 422, 200, 200, 200]
    assert [pages == seen["ann@example.org"] for pages in seen.values()] == [True] * 4
    assert stored() == ONE
    assert mails() == [
        ("classroom_answered", "ann@example.org"),
        ("classroom_unknown", "bob@example.org"),
        ("classroom_unknown", "cy@example.org"),
        ("classroom_unknown", "nobody@example.org"),
    ]
    assert classroom_queries.classroom_count(event.id) == (1, 1)


def test_an_unknown_address_is_told_once_what_to_do(app: Flask, stranger: PageClient) -> None:
    _, code = opened()
    for _ in range(2):
        answer_all(stranger, start(stranger, code, "nobody@example.org"), **SENT)
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.to_email, mail.to_name) == ("nobody@example.org", "")
    assert mail.subject == "Your answers about Working Together have not arrived"
    assert "ask the trainer to add you to the register with this address" in mail.text
    assert "nobody@example.org" not in mail.key


def test_sending_from_one_network_is_limited(app: Flask, stranger: PageClient) -> None:
    _, code = opened()
    rows = [SignInAttempt(kind="answer", email="", network=SENDER, at=NOW) for _ in range(199)]
    db.session.add_all(rows)
    assert answer_all(stranger, start(stranger, code, "a@example.org"), **SENT).status == 200
    refused = answer_all(stranger, start(stranger, code, "ann@example.org"), **SENT)
    assert (refused.status, stored()) == (429, NOTHING)
    assert set(db.session.scalars(select(SignInAttempt.email))) == {""}


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Enter the email address you booked with"), ("ann", "usual form")]
)
def test_an_invalid_address_is_refused(app: Flask, stranger: PageClient, typed: str, words: str) -> None:
    _, code = opened()
    page = start(stranger, code, typed)
    assert (page.status, page.form()["email"], words in page.text) == (422, typed, True)


def test_nothing_is_kept_before_it_is_sent(app: Flask, stranger: PageClient) -> None:
    _, code = opened()
    second = stranger.send(start(stranger, code, "ann@example.org"), **SENT)
    assert (second.title[:28], stored()) == ("How was the course? Part 2 o", NOTHING)
    assert "kept" not in second.text
    assert start(PageClient(app), code, "ann@example.org").form().get("trainer") is None


def test_sent_twice_and_from_two_devices_it_counts_once(app: Flask, stranger: PageClient) -> None:
    _, code = opened()
    other = PageClient(app)
    lasts = []
    for browser in (stranger, other):
        page = start(browser, code, "ann@example.org")
        while "Send my answers" not in page.text:
            page = browser.send(page, **SENT)
        lasts.append(page)
    thanks = [
        stranger.send(lasts[0], **SENT),
        stranger.send(lasts[0], **{**SENT, "different": "Something else"}),
        other.send(lasts[1], **{**SENT, "different": "Something else"}),
    ]
    assert {(page.status, page.h1) for page in thanks} == {(200, "Thank you for your answers")}
    assert stored() == ONE
    assert list(db.session.scalars(select(Answer.text).where(Answer.text != ""))) == ["Ask sooner."]
    assert mails() == [("classroom_answered", "ann@example.org")]


def test_a_classroom_that_closes_half_way_takes_nothing(app: Flask, stranger: PageClient) -> None:
    event, code = opened()
    second = stranger.send(start(stranger, code, "ann@example.org"), **SENT)
    classroom_actions.close_classroom(event, now=NOW)
    page = stranger.send(second, **SENT)
    assert (page.status, page.h1, stored()) == (404, "This code does not open a form", NOTHING)


def test_a_called_off_date_has_no_classroom(app: Flask, stranger: PageClient) -> None:
    event, code = opened()
    event.status = EventStatus.CALLED_OFF
    db.session.commit()
    assert start(stranger, code, "ann@example.org").status == 404
