"""Stopping the mails by their link, the line manager's form, and the officers' page of mails sent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW, TestClock
from tests.evaluation.answering import ANSWERS, completed, invited, path
from tests.page_client import PageClient
from training_hub.access import Role, link_token
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.models.reminders import OptOut
from training_hub.evaluation.queries import reminders as reminders_queries
from training_hub.mail import delivery
from training_hub.mail.models import Mail
from training_hub.people.models import Person
from training_hub.questionnaires.actions import course_questionnaires
from training_hub.questionnaires.models import Confidentiality, Questionnaire, Stage

SignIn = Callable[..., PageClient]
DAY = timedelta(days=1)


def stop_link(person: Person) -> str:
    """The path of the link in the mails."""
    return f"/evaluation-mails/{link_token('evaluation-mails', person.id)}"


def managers_form(clock: TestClock, *, manager_email: str = "may@example.org") -> Invitation:
    """The form that asks the line manager about Ann Archer, six weeks after her course."""
    course = make.course("Neglect", is_evaluated=False)
    course_questionnaires.set_course_questionnaire(course, Stage.MANAGER, is_asked=True)
    make.booking(
        make.event(course, starts_at=NOW - 43 * DAY),
        make.person("Ann Archer"),
        Status.COMPLETED,
        manager_name="May Manager",
        manager_email=manager_email,
    )
    db.session.commit()
    invitations_actions.invite_due(now=NOW)
    reminders_actions.remind_due(now=NOW)
    return db.session.scalars(select(Invitation)).one()


def test_every_mail_carries_the_link_that_stops_them(app: Flask) -> None:
    booking = completed()
    invited(booking)
    delivery.deliver(lambda mail: None, now=NOW)
    reminders_actions.remind_due(now=NOW + 2 * DAY)
    link = f"http://localhost{stop_link(booking.person)}"
    mails = db.session.scalars(select(Mail)).all()
    assert [(link in mail.text, link in mail.html) for mail in mails] == [(True, True)] * 2


def test_only_the_button_stops_and_restarts_the_mails(app: Flask, stranger: PageClient) -> None:
    person = completed().person
    db.session.commit()
    link = stop_link(person)
    page = stranger.get(link)
    assert (page.title.split(" – ")[0], db.session.scalars(select(OptOut)).all()) == (page.h1, [])
    page = stranger.send(page)
    assert (page.h1, reminders_queries.has_opted_out(person.id)) == (
        "You won’t get any more emails about evaluation forms",
        True,
    )
    page = stranger.send(page)
    assert (page.h1, reminders_queries.has_opted_out(person.id)) == ("Emails about evaluation forms", False)


def test_a_form_sent_without_its_button_is_refused(app: Flask, stranger: PageClient) -> None:
    person = completed().person
    db.session.commit()
    page = stranger.post(stop_link(person), {})
    assert (page.status, reminders_queries.has_opted_out(person.id)) == (422, False)


@pytest.mark.postgres
def test_a_manager_without_an_account_can_stop_the_mails(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    managers_form(clock)
    mail = db.session.scalars(select(Mail)).one()
    link = next(line for line in mail.text.splitlines() if "/evaluation-mails/manager/" in line)
    page = stranger.get(link.removeprefix("http://localhost"))
    assert db.session.scalars(select(Invitation.next_reminder)).all() == [0]
    page = stranger.send(page)
    assert page.h1 == "We have stopped these emails"
    delivery.deliver(lambda mail: None, now=NOW)
    assert [reminders_actions.remind_due(now=NOW + days * DAY) for days in (2, 6, 9, 14)] == [0, 0, 0, 0]


def test_the_managers_link_opens_the_form_about_the_person(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    page = stranger.get(path(managers_form(clock)))
    assert (page.status, "named as the line manager of Ann Archer" in page.text) == (200, True)


def test_a_managers_old_link_opens_after_signing_in(
    app: Flask, stranger: PageClient, signed_in: SignIn, clock: TestClock
) -> None:
    invitation = managers_form(clock)
    may = make.person("May Manager", email="may@example.org")
    db.session.commit()
    clock.now = NOW + 91 * DAY
    found = {
        "nobody": stranger.get(path(invitation)),
        "the person": signed_in(invitation.booking.person).get(path(invitation)),
        "the manager": signed_in(may).get(path(invitation)),
    }
    assert {who: page.status for who, page in found.items()} == {
        "nobody": 410,
        "the person": 410,
        "the manager": 200,
    }
    assert "write to training@example.org" in found["nobody"].text


def test_the_before_form_closes_when_the_course_begins(
    app: Flask, stranger: PageClient, signed_in: SignIn, clock: TestClock
) -> None:
    course = make.course("Neglect")
    course_questionnaires.set_course_questionnaire(course, Stage.BEFORE, is_asked=True)
    booking = make.booking(make.event(course, starts_at=NOW + 2 * DAY), make.person("Ann Archer"))
    db.session.commit()
    invitations_actions.invite_due(now=NOW)
    invitation = db.session.scalars(select(Invitation)).one()
    ann = signed_in(booking.person)
    own = "Before you come to Neglect"
    assert (own in ann.get("/bookings").text, stranger.get(path(invitation)).h1) == (True, "Before you come")
    clock.now = NOW + 2 * DAY
    page = stranger.get(path(invitation))
    assert (own in ann.get("/bookings").text, page.status) == (False, 410)
    assert (
        "it can no longer be answered. Once you have completed Neglect, we will ask you how it was."
        in page.text
    )


def test_the_mail_log_shows_each_email_and_its_result(app: Flask, signed_in: SignIn) -> None:
    booking = completed()
    invitation = invited(booking)
    delivery.deliver(lambda mail: None, now=NOW)
    reminders_actions.remind_due(now=NOW + 2 * DAY)
    delivery.deliver(lambda mail: None, now=NOW + 2 * DAY)
    answers_actions.answer(invitation, ANSWERS, now=NOW + 3 * DAY, by=Channel.REMINDER_1)
    reminders_actions.opt_out(booking.person, now=NOW + 3 * DAY)
    db.session.commit()
    officer = signed_in(make.officer())
    page = officer.get(f"/manage/people/{booking.person_id}/evaluations")
    for words in (
        "Returned on 9 May 2025 (reminder 1).",
        "6 May 2025 Invitation No answer",
        "8 May 2025 Reminder 1 Returned",
        "Ann Archer stopped these emails on Friday 9 May 2025.",
    ):
        assert words in page.text
    assert "Evaluation forms of Ann Archer" in officer.get(f"/manage/people/{booking.person_id}").text


def test_the_mail_log_shows_only_the_day_of_anonymous_returns(app: Flask, signed_in: SignIn) -> None:
    booking = completed()
    invitation = invited(booking)
    db.session.get_one(Questionnaire, invitation.questionnaire_id).confidentiality = Confidentiality.ANONYMOUS
    answers_actions.answer(invitation, ANSWERS, now=NOW + 3 * DAY, by=Channel.INVITATION)
    db.session.commit()
    text = signed_in(make.officer()).get(f"/manage/people/{booking.person_id}/evaluations").text
    assert "Returned on 9 May 2025. The form is anonymous: only the day is known." in text


def test_the_mail_log_needs_a_fixed_number_of_queries(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    ann = make.person("Ann Archer")
    officer = signed_in(make.officer())
    address = f"/manage/people/{ann.id}/evaluations"
    assert "No evaluation forms yet" in officer.get(address).text
    asked = []
    for number in (1, 3):
        for _ in range(number - len(asked)):
            make.booking(make.event(starts_at=NOW - 2 * DAY), ann, Status.COMPLETED)
        db.session.commit()
        invitations_actions.invite_due(now=NOW)
        asked.append(queries(lambda: officer.get(address)))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.HUB_OFFICER])
def test_only_officers_see_the_mail_log(app: Flask, signed_in: SignIn, role: Role) -> None:
    booking = completed()
    invited(booking)
    page = signed_in(make.person("Other Person", role)).get(f"/manage/people/{booking.person_id}/evaluations")
    assert (page.status, "Working Together" in page.text) == (403, False)
