"""The trainer's pages of the classroom, and how answers given there count."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from tests import make
from tests.conftest import NOW, TestClock
from tests.evaluation.answering import ANSWERS, SENT, answer_all
from tests.evaluation.classrooms import (
    NOTHING,
    ONE,
    SignIn,
    completes,
    course_date,
    mails,
    opened,
    start,
    stored,
)
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.certificates.actions import issue_due
from training_hub.certificates.models import Certificate
from training_hub.database import db
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.models.answers import Response
from training_hub.evaluation.models.classroom import Classroom
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.rules.classroom import ClassroomNotOpen, NoPlaceHere
from training_hub.evaluation.rules.invitations import AlreadyAnswered
from training_hub.mail.models import Mail
from training_hub.questionnaires.models import Confidentiality
from training_hub.questionnaires.queries.versions import default_questionnaire


def test_a_trainer_opens_the_classroom_and_sees_the_count(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    event, trainer = course_date()
    for name in ("Ann", "Ben", "Carol"):
        make.booking(event, make.person(name, email=f"{name.lower()}@example.org"))
    make.booking(event, make.person("Wes"), walk_in=True)
    for status in (Status.CANCELLED, Status.DID_NOT_ATTEND, Status.WAITING):
        make.booking(event, status=status)
    browser = signed_in(trainer)
    register = browser.get(f"/registers/{event.id}/1")
    assert (f"/registers/{event.id}/room", "Let people answer in the classroom") in register.links
    desk = browser.get(f"/registers/{event.id}/room")
    desk = browser.send(desk, f"/registers/{event.id}/room")
    classroom = db.session.get_one(Classroom, event.id)
    assert (classroom.opened_at, classroom.opened_by_id) == (NOW, trainer.id)
    assert classroom.closes_at == event.ends_at + timedelta(hours=4)
    assert f"People go to localhost/room Code to type {classroom.code}" in desk.text
    assert "0 of 4 people with a place have returned the form" in desk.text
    answer_all(stranger, start(stranger, classroom.code, "ben@example.org"), **SENT)
    assert "1 of 4 people with a place" in browser.get(f"/registers/{event.id}/room").text
    screen = browser.get(f"/registers/{event.id}/room/screen")
    assert f"Go to localhost/room and type the code {classroom.code} 1 of 4 have answered" in screen.text
    assert "<svg viewBox" in screen.html
    assert "Tia Trainer" not in screen.html
    assert [name in screen.html + desk.html for name in ("Ann", "Ben", "Ask sooner")] == [False] * 3


def test_the_big_screen_counts_by_itself_only_on_request(app: Flask, signed_in: SignIn) -> None:
    event, _ = opened()
    browser, path = signed_in(make.officer()), f"/registers/{event.id}/room/screen"
    assert "Refresh" not in browser.get(path).response.headers
    assert browser.get(f"{path}?counts=yes").response.headers["Refresh"] == "20"
    assert (path, "Stop updating") in browser.get(f"{path}?counts=yes").links
    classroom_actions.close_classroom(event, now=NOW)
    closed = browser.get(f"{path}?counts=yes")
    assert (closed.status, "Refresh" in closed.response.headers) == (303, False)


def test_the_screen_needs_a_fixed_number_of_queries(
    app: Flask, signed_in: SignIn, queries: Callable[..., int]
) -> None:
    event, _ = opened()
    browser = signed_in(make.officer())
    pages = [f"/registers/{event.id}/room", f"/registers/{event.id}/room/screen"]
    one = [queries(lambda path=path: browser.get(path)) for path in pages]
    make.booking(event)
    make.booking(event)
    assert [queries(lambda path=path: browser.get(path)) for path in pages] == one


def test_the_trainer_sees_how_many_addresses_are_unknown(app: Flask, signed_in: SignIn) -> None:
    event, code = opened()
    for email in ("bob@example.org", "nobody@example.org", "nobody@example.org"):
        browser = PageClient(app)
        answer_all(browser, start(browser, code, email), **SENT)
    # The outbox forgets in its own time.
    db.session.execute(delete(Mail))
    desk = signed_in(make.officer()).get(f"/registers/{event.id}/room")
    assert "2 people typed an address that nobody on this date booked with." in desk.text
    assert ("bob@" in desk.html, "nobody@" in desk.html) == (False, False)
    assert "0 of 1 people with a place" in desk.text


def test_only_people_with_the_register_manage_the_classroom(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    event, code = opened()
    other, ann = make.person("Otto Other", Role.TRAINER), make.person("Bea")
    path = f"/registers/{event.id}/room"
    for person, status in ((other, 404), (ann, 403)):
        browser = signed_in(person)
        pages = [browser.get(path), browser.get(f"{path}/screen"), browser.post(path)]
        pages.append(browser.post(f"{path}/close"))
        assert [(page.status, code in page.html) for page in pages] == [(status, False)] * 4
    assert stranger.post(path).response.headers["Location"].startswith("/sign-in")
    assert signed_in(make.officer()).get(path).status == 200
    assert classroom_queries.event_in_classroom(code, now=NOW) == event


def test_a_course_without_a_form_has_no_classroom(app: Flask, signed_in: SignIn) -> None:
    event = make.event(make.course(is_evaluated=False), starts_at=NOW - timedelta(hours=6, minutes=30))
    browser = signed_in(make.officer())
    assert "answer in the classroom" not in browser.get(f"/registers/{event.id}/1").text
    assert browser.get(f"/registers/{event.id}/room").status == 404
    with pytest.raises(ClassroomNotOpen):
        classroom_actions.open_classroom(event, by=make.officer(), now=NOW)


def test_the_classroom_opens_in_the_last_hour_and_closes_later(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    event, trainer = course_date()
    end, path = event.ends_at, f"/registers/{event.id}/room"
    browser = signed_in(trainer)
    for moment, status, words in (
        (end - timedelta(hours=1, seconds=1), 409, "You can open the classroom from"),
        (end + timedelta(hours=4), 409, "It is too late to answer in the classroom. 0 of 0 people"),
        (end - timedelta(hours=1), 303, "People can answer until"),
    ):
        clock.now = moment
        assert browser.post(path).status == status
        assert words in browser.get(path).text
    code = db.session.get_one(Classroom, event.id).code
    assert classroom_queries.event_in_classroom(code, now=end + timedelta(hours=4, seconds=-1)) == event
    assert classroom_queries.event_in_classroom(code, now=end + timedelta(hours=4)) is None


def test_a_two_day_classroom_opens_on_the_second_day(app: Flask) -> None:
    trainer = make.person("Tia", Role.TRAINER)
    event = make.event(starts_at=NOW - timedelta(hours=7), days=2, trainers=(trainer,))
    with pytest.raises(ClassroomNotOpen, match="too early"):
        classroom_actions.open_classroom(event, by=trainer, now=NOW)
    classroom_actions.open_classroom(event, by=trainer, now=NOW + timedelta(days=1))


def test_opening_the_classroom_again_draws_a_new_code(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    event, code = opened()
    browser = signed_in(make.officer())
    browser.post(f"/registers/{event.id}/room")
    assert db.session.get_one(Classroom, event.id).code == code
    for _ in range(2):
        assert browser.post(f"/registers/{event.id}/room/close").status == 303
    shut = start(stranger, code, "ann@example.org")
    assert (shut.status, shut.h1) == (404, "This code does not open a form")
    browser.post(f"/registers/{event.id}/room")
    db.session.expire_all()
    new = db.session.get_one(Classroom, event.id).code
    assert new != code
    assert start(stranger, code, "ann@example.org").status == 404
    assert start(stranger, new, "ann@example.org").status == 200
    assert stored() == NOTHING


def test_a_return_counts_once_and_while_completed(app: Flask) -> None:
    event, _ = opened()
    classroom_actions.answer_by_address(event, "ann@example.org", ANSWERS, now=NOW)
    owed = select(func.count(Booking.id)).join(Booking.event).join(Event.course)
    both = owed.where(invitations_queries.is_due(), invitations_queries.is_returned())
    found = []
    for status in (
        Status.CONFIRMED,
        Status.COMPLETED,
        Status.DID_NOT_ATTEND,
        Status.PARTIAL,
        Status.COMPLETED,
    ):
        completes(event, status)
        found.append((db.session.scalar(owed.where(invitations_queries.is_due())), db.session.scalar(both)))
    assert found == [(0, 0), (1, 1), (0, 0), (0, 0), (1, 1)]


def test_answering_in_the_classroom_earns_the_certificate_later(
    app: Flask,
) -> None:
    event, _ = opened()
    classroom_actions.answer_by_address(event, "ann@example.org", ANSWERS, now=NOW)
    db.session.commit()
    later = event.ends_at + timedelta(hours=1)
    assert (invitations_actions.invite_due(now=later), issue_due(now=later)) == (0, 0)
    completes(event)
    assert (invitations_actions.invite_due(now=later), issue_due(now=later)) == (0, 1)
    assert reminders_actions.remind_due(now=later + timedelta(days=20)) == 0
    assert mails() == [("classroom_answered", "ann@example.org"), ("certificate_ready", "ann@example.org")]


def test_opening_the_classroom_form_still_gets_an_invitation(app: Flask, stranger: PageClient) -> None:
    event, code = opened()
    start(stranger, code, "ann@example.org")
    completes(event)
    assert invitations_actions.invite_due(now=event.ends_at) == 1
    assert mails() == [("evaluation_invitation", "ann@example.org")]


def test_an_invited_person_can_answer_in_the_classroom(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    event, code = opened()
    completes(event)
    clock.now = event.ends_at
    assert invitations_actions.invite_due(now=clock.now) == 1
    db.session.scalars(select(Invitation)).one().questionnaire = make.questionnaire()
    answer_all(stranger, start(stranger, code, "ann@example.org"), **SENT)
    assert stored() == ONE
    assert issue_due(now=clock.now) == 1
    assert db.session.scalar(select(func.count(Certificate.id))) == 1


def test_a_place_without_an_outcome_owes_no_form(app: Flask) -> None:
    event, _ = opened()
    booking = db.session.scalars(select(Booking)).one()
    assert classroom_queries.is_classroom_open(booking, now=NOW)
    classroom_actions.close_classroom(event, now=NOW)
    assert not classroom_queries.is_classroom_open(booking, now=NOW)
    other = make.booking(make.event(starts_at=NOW))
    assert not classroom_queries.is_classroom_open(other, now=NOW)
    with pytest.raises(NoPlaceHere):
        classroom_actions.answer_in_classroom(event, "nobody@example.org", ANSWERS, now=NOW)


def test_the_second_of_two_simultaneous_answers_is_refused(app: Flask) -> None:
    event, _ = opened()
    classroom_actions.answer_in_classroom(event, "ann@example.org", ANSWERS, now=NOW)
    with pytest.raises(AlreadyAnswered):
        classroom_actions.answer_in_classroom(event, "ann@example.org", ANSWERS, now=NOW)


def test_anonymous_classroom_answers_are_kept_apart(app: Flask, stranger: PageClient) -> None:
    event, code = opened()
    default_questionnaire().confidentiality = Confidentiality.ANONYMOUS
    first = start(stranger, code, "ann@example.org")
    assert "Nobody can see who said what: we know only whether you have answered." in first.text
    answer_all(stranger, first, **SENT)
    assert stored() == ONE
    invitation = db.session.scalars(select(Invitation)).one()
    response = db.session.scalars(select(Response)).one()
    assert (invitation.returned_by, invitation.returned_at) == (
        None,
        NOW.replace(hour=0, minute=0) - timedelta(hours=1),
    )
    assert (response.invitation_id, response.event_id, response.submitted_at) == (None, event.id, None)
    assert classroom_queries.classroom_count(event.id).returned == 1
    assert invitation.due_at == invitation.returned_at
