"""Approval by the line manager: asked for, opened without an account, and decided."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.bookings.told import (
    APPROVAL,
    MANAGER,
    NEXT_MONTH,
    approval,
    asked,
    folded,
    forget_mails,
    history,
    link,
    mail,
    mails,
    stored,
    with_approval,
)
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.bookings.actions.approval import approve, ask_another_manager
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.queries.booking import open_booking
from training_hub.bookings.queries.waiting_list import waiting_position
from training_hub.database import db
from training_hub.mail.models import Mail, MailState

SignIn = Callable[..., PageClient]
DECIDE_BY = NOW.replace(day=13, hour=23, minute=0)
"""The end of Tuesday 13 May, five working days on: midnight in London."""


def test_request_is_approved_by_email_link(app: Flask, signed_in: SignIn, stranger: PageClient) -> None:
    event = with_approval()
    ann = make.person("Ann Archer", **MANAGER)
    browser = signed_in(ann)
    ask = browser.get(f"/dates/{event.id}/book")
    assert ask.h1 == "Ask for a place"
    assert (
        "We ask Max Manager by email. They can decide until Tuesday 13 May 2025, 11:59pm. After that the request "
        "ends. A place is held for you meanwhile."
    ) in ask.text
    assert "What you get A place, once Max Manager approves" in ask.text
    page = browser.follow(browser.post(f"/dates/{event.id}/book", {**ask.form("/book"), "step": "confirm"}))
    assert page.h1 == "Your line manager has been asked"
    assert "You do not have a place yet, so do not come unless we tell you that you have one." in page.text
    assert stored() == [("Ann Archer", Status.REQUESTED)]
    assert places(event).held == 1
    assert mails() == [("request_sent", "Ann Archer"), ("approval_asked", "Max Manager")]
    letter = mail("approval_asked", "Max Manager")
    assert (letter.to_email, letter.subject) == (
        "max.manager@example.org",
        "Your approval is needed: Ann Archer",
    )
    assert "You do not need an account." in letter.text
    path = link(letter, "/approve")
    forget_mails()

    page = stranger.get(path)
    assert (page.status, page.h1) == (200, "Approve a place for Ann Archer")
    assert "A place is held until you decide." in page.text
    done = stranger.send(page, path, answer="approve")
    assert (done.status, done.h1) == (200, "You have approved the place")
    assert "Ann Archer has a place, and has been told by email." in done.text
    assert stranger.get(path).h1 == "This request has been approved"
    assert stored() == [("Ann Archer", Status.CONFIRMED)]
    assert mails() == [("booking_confirmed", "Ann Archer")]
    letter = mail("booking_confirmed", "Ann Archer")
    assert "Your request was approved." in letter.text
    assert "METHOD:REQUEST" in letter.calendar
    booking = open_booking(ann.id, event.id)
    assert booking is not None
    assert history(browser.get(f"/bookings/{booking.reference}")) == (
        "A place was requested, and the line manager was asked to approve it. 6 May 2025, 9:30am , you "
        "The request was approved, and the place is booked. 6 May 2025, 9:30am , Max Manager"
    )


def test_opening_the_approval_link_decides_nothing(app: Flask, stranger: PageClient) -> None:
    booking = asked(with_approval())
    path = approval(booking)
    for _ in range(3):
        assert stranger.get(path).h1 == "Approve a place for Ann"
        assert stranger.http.head(path).status_code == 200
    # The same for a form sent without a button.
    assert [stranger.post(path, {"answer": answer}).status for answer in ("", "perhaps")] == [422, 422]
    assert stored() == [("Ann", Status.REQUESTED)]
    assert len(booking.history) == 1


def test_declined_request_tells_the_reason(app: Flask, signed_in: SignIn, stranger: PageClient) -> None:
    event = with_approval(capacity=1)
    booking = asked(event)
    waiting = make.booking(event, make.person("Ben"), Status.WAITING)
    path = approval(booking)
    forget_mails()
    page = stranger.get(path)
    empty = stranger.send(page, path, answer="decline", reason=" ")
    assert (empty.status, empty.title[:6]) == (422, "Error:")
    assert "Say in a few words why you decline the request" in empty.text
    assert stored() == [("Ann", Status.REQUESTED), ("Ben", Status.WAITING)]

    done = stranger.send(page, path, answer="decline", reason="We are short of staff that week")
    assert (done.status, done.h1) == (200, "You have declined the request")
    assert "Ann does not get a place. We have emailed them your reason." in done.text
    assert stranger.get(path).h1 == "This request has been decided"
    assert stored() == [("Ann", Status.DECLINED), ("Ben", Status.OFFERED)]
    assert mails() == [("request_declined", "Ann"), ("place_offered", "Ben")]
    letter = folded(mail("request_declined", "Ann").text)
    assert "Max Manager gave this reason: We are short of staff that week" in letter
    page = signed_in(booking.person).get(f"/bookings/{booking.reference}")
    assert "Status Not approved" in page.text
    assert history(page).endswith(
        "The request was not approved. Reason: We are short of staff that week 6 May 2025, 9:30am , Max Manager"
    )
    assert waiting.decide_by == NOW + timedelta(hours=24)


@pytest.mark.parametrize("second", ["approve", "decline"])
def test_a_decision_counts_once_however_often_it_is_pressed(
    app: Flask, stranger: PageClient, second: str
) -> None:
    booking = asked(with_approval())
    path = approval(booking)
    forget_mails()
    page = stranger.get(path)
    stranger.send(page, path, answer="approve")
    again = stranger.post(path, {**page.form(path), "answer": second, "reason": "No"})
    assert (again.status, again.h1) == (409, "This request has been approved")
    assert stored() == [("Ann", Status.CONFIRMED)]
    assert mails() == [("booking_confirmed", "Ann")]


def test_forged_approval_link_opens_nothing(app: Flask, stranger: PageClient) -> None:
    booking = asked(with_approval())
    path = approval(booking)
    token = path.rpartition("/")[2]
    for wrong in (f"{path}x", "/approve/nonsense", f"/offers/{token}", f"/refuse/{token}"):
        for page in (stranger.get(wrong), stranger.post(wrong, {"answer": "approve"})):
            assert page.status == 404
            assert "Ann" not in page.text
    assert stored() == [("Ann", Status.REQUESTED)]


def test_no_place_is_held_meanwhile_where_the_policy_says_so(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    event = with_approval(capacity=1, policies={**APPROVAL, "approval_holds_place": False})
    booking = asked(event)
    path = approval(booking)
    assert places(event).held == 0
    page = signed_in(booking.person).get(f"/bookings/{booking.reference}")
    assert "No place is held meanwhile." in page.text
    assert "We are not holding a place for you." in mail("request_sent", "Ann").text
    assert "If you approve, Ann gets a place if one is available" in stranger.get(path).text
    assert "the place we are holding" not in mail("approval_asked", "Max Manager").text
    make.booking(event, make.person("Ben"))
    forget_mails()
    done = stranger.send(stranger.get(path), path, answer="approve")
    assert "Every place is taken, so Ann is on the waiting list, and has been told by email." in done.text
    assert stored() == [("Ann", Status.WAITING), ("Ben", Status.CONFIRMED)]
    letter = mail("booking_waiting", "Ann")
    assert (
        folded(letter.text).count("Your request was approved, but there is no place for you on Neglect yet.")
        == 1
    )


def test_approval_when_full_joins_end_of_waiting_list(app: Flask, stranger: PageClient) -> None:
    event = with_approval(capacity=1)
    make.booking(event)
    booking = asked(event)
    other = make.booking(event, make.person("Ben"), Status.WAITING, asked_at=NOW + timedelta(hours=1))
    approve(booking, by=None, now=NOW + timedelta(hours=2))
    db.session.commit()
    assert [waiting_position(row) for row in (other, booking)] == [1, 2]
    assert "You are number 2 on the waiting list." in folded(mail("booking_waiting", "Ann").text)


def test_full_date_says_approval_leads_to_waiting_list(app: Flask, signed_in: SignIn) -> None:
    event = with_approval(capacity=1)
    make.booking(event)
    browser = signed_in(make.person("Ann", **MANAGER))
    ask = browser.get(f"/dates/{event.id}/book")
    assert ask.h1 == "Ask for a place"
    assert "What you get A position on the waiting list, once Max Manager approves" in ask.text


def test_person_cannot_be_their_own_manager(app: Flask, signed_in: SignIn) -> None:
    event = with_approval()
    ann = make.person("Ann", email="ann@example.org")
    browser = signed_in(ann)
    page = browser.get(f"/dates/{event.id}/book")
    assert page.h1 == "Who is your line manager?"
    page = browser.send(page, "/book", manager_name="Ann", manager_email="ANN@example.org", step="manager")
    assert (page.status, page.h1) == (422, "Who is your line manager?")
    assert "Enter your line manager’s email address, not your own" in page.text
    page = browser.send(page, "/book", manager_name="Max", manager_email="max@example.org", step="manager")
    assert page.h1 == "Ask for a place"
    assert (ann.manager_name, ann.manager_email) == ("Max", "max@example.org")


def test_missing_manager_is_asked_for_when_booking(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    browser = signed_in(make.person("Ann"))
    ask = browser.get(f"/dates/{event.id}/book")
    event.policies = APPROVAL
    page = browser.post(f"/dates/{event.id}/book", {**ask.form("/book"), "step": "confirm"})
    assert page.h1 == "Who is your line manager?"
    assert stored() == []


def test_manager_named_again_is_asked_again(app: Flask) -> None:
    booking = asked(with_approval())
    first = booking.manager_email
    for email in ("mia@example.org", first):
        ask_another_manager(booking, name="Max Manager", email=email, by=booking.person, now=NOW)
    db.session.commit()
    rows = db.session.execute(
        select(Mail.to_email, Mail.state).where(Mail.template == "approval_asked").order_by(Mail.id)
    )
    assert [(to, state) for to, state in rows] == [
        (first, MailState.DROPPED),
        ("mia@example.org", MailState.DROPPED),
        (first, MailState.WAITING),
    ]
