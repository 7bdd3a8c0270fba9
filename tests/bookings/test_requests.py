"""A waiting request: another manager, an officer, a reminder, a date that moves, no answer."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from tests import make
from tests.bookings.told import (
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
    move,
    stored,
    with_approval,
)
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.approval import (
    approve,
    ask_another_manager,
    decline,
    remind_managers,
)
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.claims import lapse_claims
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.mail.models import Mail, MailState

SignIn = Callable[..., PageClient]
DECIDE_BY = NOW.replace(day=13, hour=23, minute=0)
"""The end of Tuesday 13 May, five working days on: midnight in London."""


def test_a_page_left_open_shows_the_requests_state(app: Flask, stranger: PageClient) -> None:
    event = with_approval()
    officer = make.officer()
    now = NOW + timedelta(hours=1)

    def taken_back(booking: Booking) -> None:
        cancel(booking, by=booking.person, now=now)

    def cancelled_since(booking: Booking) -> None:
        approve(booking, by=None, now=now)
        cancel(booking, by=booking.person, now=now, reason="Ill")

    def declined(booking: Booking) -> None:
        decline(booking, by=officer, now=now, reason="No")

    def called_off(booking: Booking) -> None:
        cancel_event(booking.event, by=officer, now=now, reason="Ill")

    told = []
    for name, what in (
        ("Ann", taken_back),
        ("Ben", cancelled_since),
        ("Cat", declined),
        ("Dan", called_off),
    ):
        booking = asked(event, name)
        path = approval(booking)
        forget_mails()
        page = stranger.get(path)
        what(booking)
        db.session.commit()
        forget_mails()
        answer = stranger.post(path, {**page.form(path), "answer": "approve"})
        assert answer.status == 409
        told.append((answer.h1, answer.text.partition(answer.h1)[2].partition(" 05 ")[0].strip()[:80]))
        assert mails() == []
    assert [heading for heading, _ in told] == [
        "There is nothing to decide",
        "This request has been approved",
        "This request has been decided",
        "There is nothing to decide",
    ]
    assert stored() == [
        ("Ann", Status.WITHDRAWN),
        ("Ben", Status.CANCELLED),
        ("Cat", Status.DECLINED),
        ("Dan", Status.EVENT_CANCELLED),
    ]


def test_approval_is_shown_after_a_wait_in_vain(app: Flask, stranger: PageClient, clock: TestClock) -> None:
    event = with_approval(capacity=1)
    place = make.booking(event)
    booking = asked(event)
    path = approval(booking)
    approve(booking, by=None, now=NOW)
    db.session.commit()
    assert "so they are on the waiting list" in stranger.get(path).text
    cancel(place, by=place.person, now=NOW, reason="Ill")
    db.session.commit()
    assert stored()[1] == ("Ann", Status.OFFERED)
    page = stranger.get(path)
    assert (page.h1, "This request has been approved already." in page.text) == (
        "This request has been approved",
        True,
    )
    lapse_claims(now=NOW + timedelta(days=2))
    page = stranger.get(path)
    assert (page.h1, "nobody decided" in page.text) == ("This request has been approved", False)


def test_request_lapses_at_its_deadline(
    app: Flask, signed_in: SignIn, stranger: PageClient, clock: TestClock
) -> None:
    event = with_approval(capacity=1)
    booking = asked(event)
    make.booking(event, make.person("Ben"), Status.WAITING)
    path = approval(booking)
    officer = signed_in(make.officer())
    assert booking.decide_by == DECIDE_BY
    forget_mails()
    clock.now = DECIDE_BY - timedelta(minutes=1)
    page = stranger.get(path)
    assert page.h1 == "Approve a place for Ann"
    assert lapse_claims(now=clock.now) == 0

    # The worker has not run yet.
    clock.now = DECIDE_BY
    answer = stranger.post(path, {**page.form(path), "answer": "approve"})
    assert (answer.status, answer.h1) == (409, "There is nothing to decide")
    assert "This request has ended, because nobody decided in time." in answer.text
    own = signed_in(booking.person).get(f"/bookings/{booking.reference}")
    assert "Nobody decided in time" in own.text
    assert "has been asked to approve the place, and can decide until" not in own.text
    seen = officer.get(f"/bookings/{booking.reference}")
    assert "Approve or decline" not in seen.text
    assert stored() == [("Ann", Status.REQUESTED), ("Ben", Status.WAITING)]

    assert lapse_claims(now=clock.now) == 1
    assert lapse_claims(now=clock.now) == 0
    assert stored() == [("Ann", Status.LAPSED), ("Ben", Status.OFFERED)]
    assert mails() == [("request_lapsed", "Ann"), ("place_offered", "Ben")]
    # Only managers who got a reminder are recorded as reminded.
    assert "Max Manager was asked and did not answer in time." in folded(mail("request_lapsed", "Ann").text)


def test_a_request_never_waits_longer_than_bookings_are_open(app: Flask) -> None:
    # Bookings for Monday 12 May close at the end of Wednesday 7 May: sooner than five working days.
    event = with_approval(starts_at=NOW.replace(day=12))
    assert asked(event).decide_by == NOW.replace(day=7, hour=23, minute=0)


def test_another_manager_can_be_asked_and_the_first_link_is_dead(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    booking = asked(with_approval())
    old = approval(booking)
    forget_mails()
    browser = signed_in(booking.person)
    page = browser.get(f"/bookings/{booking.reference}")
    assert ("Ask another line manager") in [words for _, words in page.links]
    ask = browser.get(f"/bookings/{booking.reference}/manager")
    assert ask.h1 == "Ask another line manager"
    own = browser.send(ask, "/manager", manager_name="Me", manager_email=booking.person.email.upper())
    assert own.status == 422
    assert "Enter your line manager’s email address, not your own" in own.text
    wrong = browser.send(ask, "/manager", manager_name="Nora New", manager_email="nora")
    assert wrong.status == 422
    done = browser.send(ask, "/manager", manager_name="Nora New", manager_email="Nora.New@example.org")
    assert (done.status, "Nora New has been asked to approve the place" in done.text) == (200, True)
    assert mails() == [("approval_asked", "Nora New")]
    assert mail("approval_asked", "Nora New").to_email == "nora.new@example.org"
    for page in (stranger.get(old), stranger.post(old, {"answer": "approve"})):
        assert (page.status, page.h1) == (410, "This link has been replaced")
        assert "Ann" not in page.text
    assert stored() == [("Ann", Status.REQUESTED)]
    new = link(mail("approval_asked", "Nora New"), "/approve")
    assert stranger.send(stranger.get(new), new, answer="approve").h1 == "You have approved the place"


def test_only_person_and_officers_ask_another_manager(app: Flask, signed_in: SignIn) -> None:
    event = with_approval()
    booking = asked(event)
    trainer = make.person("Tess", Role.TRAINER)
    path = f"/bookings/{booking.reference}/manager"
    for person in (make.person("Ben"), trainer):
        browser = signed_in(person)
        for page in (browser.get(path), browser.post(path, {"manager_email": "evil@example.org"})):
            assert (page.status, "Max" in page.text) == (404, False)
    officer = signed_in(make.officer())
    page = officer.send(officer.get(path), "/manager", manager_name="Nora", manager_email="nora@example.org")
    assert page.h1 == "Booking of Ann"
    cancel(booking, by=booking.person, now=NOW)
    db.session.commit()
    late = officer.post(path, {"manager_name": "Max", "manager_email": "max@example.org"})
    assert late.status == 303
    assert ("approval_asked", "Max") not in mails()


def test_replaced_manager_gets_no_email(app: Flask) -> None:
    booking = asked(with_approval())
    ask_another_manager(booking, name="Nora", email="nora@example.org", by=booking.person, now=NOW)
    db.session.commit()
    assert [(row, mail("approval_asked", row).state.value) for row in ("Max Manager", "Nora")] == [
        ("Max Manager", "dropped"),
        ("Nora", "waiting"),
    ]


def test_an_officer_decides_in_the_managers_place(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    event = with_approval()
    first, second = asked(event, "Ann"), asked(event, "Ben")
    path = link(mail("request_sent", "Ann"), "/bookings")
    forget_mails()
    officer = signed_in(make.officer("Olive"))
    page = officer.get(path)
    assert "Approve or decline" in [words for _, words in page.links]
    ask = officer.get(f"{path}/decide")
    done = officer.send(ask, "/decide", answer="approve")
    assert "Status Booked" in done.text
    page = officer.post(f"/bookings/{second.reference}/decide", {"answer": "decline", "reason": "Cut off"})
    assert page.status == 303
    assert stored() == [("Ann", Status.CONFIRMED), ("Ben", Status.DECLINED)]
    assert mails() == [("booking_confirmed", "Ann"), ("request_declined", "Ben")]
    confirmed = mail("booking_confirmed", "Ann")
    # Ann asked for it herself, so she gets no link to decline without notice.
    assert "arranged this for you" not in confirmed.text + confirmed.html
    assert "/refuse/" not in confirmed.text + confirmed.html
    assert "The training team gave this reason: Cut off" in folded(mail("request_declined", "Ben").text)
    assert history(signed_in(first.person).get(path)).endswith(
        "The request was approved, and the place is booked. 6 May 2025, 9:30am , Olive"
    )


def test_decided_request_leads_back_to_the_booking(app: Flask, signed_in: SignIn) -> None:
    booking = asked(with_approval())
    officer = signed_in(make.officer())
    path = f"/bookings/{booking.reference}"
    page = officer.get(f"{path}/decide")
    approve(booking, by=None, now=NOW)
    db.session.commit()
    assert officer.get(f"{path}/decide").response.headers["Location"] == path
    stale = officer.post(f"{path}/decide", {**page.form("/decide"), "answer": "decline", "reason": "No"})
    assert (stale.status, "This request has been approved already." in stale.text) == (409, True)
    assert stored() == [("Ann", Status.CONFIRMED)]


def test_officers_decide_but_not_their_own_requests(app: Flask, signed_in: SignIn) -> None:
    event = with_approval()
    booking = asked(event)
    for person in (booking.person, make.person("Tess", Role.TRAINER), make.person("Mo", Role.HUB_MEMBER)):
        browser = signed_in(person)
        for page in (
            browser.get(f"/bookings/{booking.reference}/decide"),
            browser.post(f"/bookings/{booking.reference}/decide", {"answer": "approve"}),
        ):
            assert (page.status, "Max" in page.text) == (403, False)
    officer = make.officer("Olive")
    officer.manager_email = "max.manager@example.org"
    own = book(officer, event, by=officer, now=NOW)
    browser = signed_in(officer)
    assert "Approve or decline" not in browser.get(f"/bookings/{own.reference}").text
    page = browser.post(f"/bookings/{own.reference}/decide", {"answer": "approve"})
    assert page.status == 409
    assert "Someone else has to decide on your own request." in page.text
    assert stored() == [("Ann", Status.REQUESTED), ("Olive", Status.REQUESTED)]


def test_a_manager_who_has_not_decided_is_reminded_once_half_way(app: Flask, stranger: PageClient) -> None:
    booking = asked(with_approval())
    forget_mails()
    half = NOW + (DECIDE_BY - NOW) / 2
    assert remind_managers(now=half - timedelta(minutes=1)) == 0
    assert [remind_managers(now=half + timedelta(hours=hour)) for hour in range(3)] == [
        1,
        0,
        0,
    ]
    assert mails() == [("approval_reminder", "Max Manager")]
    letter = mail("approval_reminder", "Max Manager")
    assert letter.subject == "Reminder: approve or decline Ann’s place"
    # Half way is on a Saturday. Reminders keep office hours.
    assert letter.next_try_at == NOW.replace(day=12, hour=7, minute=0)
    assert stranger.get(link(letter, "/approve")).h1 == "Approve a place for Ann"
    assert letter.expires_at == booking.decide_by


def test_manager_reminder_is_dropped_when_the_request_ends(app: Flask) -> None:
    event, officer = with_approval(), make.officer()
    ways: dict[str, Callable[[Booking], object]] = {
        "Approved": lambda booking: approve(booking, by=None, now=half),
        "Declined": lambda booking: decline(booking, by=None, now=half, reason="No"),
        "Withdrawn": lambda booking: cancel(booking, by=booking.person, now=half),
        "Called off": lambda _: cancel_event(event, by=officer, now=half, reason="Ill"),
    }
    bookings = {name: asked(event, name) for name in ways}
    db.session.commit()
    half = NOW + (DECIDE_BY - NOW) / 2
    assert remind_managers(now=half) == 4
    for name, end in ways.items():
        end(bookings[name])
        db.session.commit()
    states = db.session.scalars(
        select(Mail.state).where(Mail.template.in_(["approval_asked", "approval_reminder"]))
    )
    assert states.all() == [MailState.DROPPED] * 8
    assert remind_managers(now=half + timedelta(days=1)) == 0


def test_second_manager_is_reminded_too(app: Flask) -> None:
    booking = asked(with_approval())
    db.session.commit()
    half = NOW + (DECIDE_BY - NOW) / 2
    assert remind_managers(now=half) == 1
    db.session.execute(update(Mail).values(state=MailState.SENT, sent_at=half))
    moment = half + timedelta(minutes=1)
    ask_another_manager(booking, name="Nina Next", email="nina@example.org", by=booking.person, now=moment)
    db.session.commit()
    late = DECIDE_BY - timedelta(hours=1)
    assert [remind_managers(now=late) for _ in range(2)] == [1, 0]
    reminders = db.session.execute(
        select(Mail.to_name, Mail.state).where(Mail.template == "approval_reminder").order_by(Mail.id)
    )
    assert [tuple(row) for row in reminders] == [
        ("Max Manager", MailState.SENT),
        ("Nina Next", MailState.WAITING),
    ]


def test_a_manager_who_has_decided_is_not_reminded(app: Flask) -> None:
    event = with_approval()
    approve(asked(event, "Ann"), by=None, now=NOW)
    cancel(asked(event, "Ben"), by=make.officer(), now=NOW, reason="No")
    forget_mails()
    assert remind_managers(now=DECIDE_BY - timedelta(hours=1)) == 0
    assert mails() == []


def test_call_off_or_move_tells_what_happens_to_requests(
    app: Flask,
) -> None:
    event = with_approval()
    booking = asked(event)
    forget_mails()
    move(event, NEXT_MONTH + timedelta(days=1), now=NOW)
    moved = folded(mail("event_moved", "Ann").text)
    assert "Your request is still waiting for approval." in moved
    assert "waiting list" not in moved
    cancel_event(event, by=make.officer(), now=NOW, reason="The trainer is ill")
    gone = folded(mail("event_called_off", "Ann").text)
    assert "Your request has ended." in gone
    assert "waiting list" not in gone
    assert booking.status is Status.EVENT_CANCELLED


def test_a_date_that_moves_forward_cuts_short_the_time_to_decide(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    event = with_approval()
    booking = asked(event)
    path = approval(booking)
    sooner = NOW + timedelta(days=2)
    move(event, sooner, now=NOW)
    clock.now = sooner
    answer = stranger.post(path, {"answer": "approve"})
    assert (answer.status, stored()) == (409, [("Ann", Status.REQUESTED)])
    assert lapse_claims(now=sooner) == 1
    assert booking.status is Status.LAPSED


def test_arranged_request_can_be_declined_once_approved(app: Flask) -> None:
    event, lead = with_approval(), make.officer("Lena Lead")
    ann, ben = make.person("Ann", **MANAGER), make.person("Ben", **MANAGER)
    first, second = (book(person, event, by=lead, now=NOW) for person in (ann, ben))
    forget_mails()
    approve(first, by=None, now=NOW)
    assert "The training team arranged this for you." in folded(mail("booking_confirmed", "Ann").text)
    assert link(mail("booking_confirmed", "Ann"), "/refuse")
    cancel(second, by=lead, now=NOW, reason="Not needed")
    assert "The training team did this, for this reason: Not needed" in folded(
        mail("booking_withdrawn", "Ben").text
    )
