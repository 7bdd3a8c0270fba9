"""Part answers in the classroom: a signed-in person goes on there, or by the link in the email."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, TestClock
from tests.evaluation.answering import SENT, answer_all, path
from tests.evaluation.classrooms import NOTHING, SignIn, completes, opened, start, stored
from tests.evaluation.dumping import anonymous_form
from tests.page_client import Page, PageClient
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.certificates.models import Certificate
from training_hub.database import db
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.london import next_working_moment
from training_hub.mail import delivery, outbox
from training_hub.mail.models import Mail, MailState
from training_hub.people.models import Person
from training_hub.questionnaires.actions import course_questionnaires
from training_hub.questionnaires.models import Stage

KEPT = {"Invitation": 1, "Response": 0, "Answer": 0, "PartAnswers": 1}


def ann() -> Person:
    return db.session.scalars(select(Person).where(Person.email == "ann@example.org")).one()


def sit_down(client: PageClient, code: str) -> Page:
    """Start to answer, signed in."""
    door = client.get(f"/room/{code}")
    return client.post(f"/room/{code}", {**door.form(f"/room/{code}"), "as": "me"})


def the_form() -> Invitation:
    db.session.expire_all()
    return db.session.scalars(select(Invitation)).one()


def test_part_answers_continue_in_the_classroom(app: Flask, signed_in: SignIn) -> None:
    _, code = opened()
    client = signed_in(ann())
    first = sit_down(client, code)
    assert ("Part 1 of 3" in first.text, stored()) == (True, NOTHING)
    second = client.send(first, **{**SENT, "objectives": "2"})
    assert ("Part 2 of 3" in second.text, stored()) == (True, KEPT)
    assert ("so_far" in second.html, "We keep your answers as you go" in second.text) == (False, True)
    again = sit_down(client, code)
    assert "Part 2 of 3" in again.text
    back = client.send(again, go="back")
    assert back.form(f"/room/{code}")["objectives"] == "2"
    thanks = answer_all(client, back, **{**SENT, "objectives": "2"})
    assert thanks.status == 303 or thanks.h1
    assert stored() == {"Invitation": 1, "Response": 1, "Answer": 9, "PartAnswers": 0}
    found = the_form()
    assert (found.returned_by, found.returned_at, found.due_at) == (Channel.CLASSROOM, NOW, NOW)


def test_part_answers_continue_by_the_link_in_the_email(
    app: Flask, clock: TestClock, signed_in: SignIn, stranger: PageClient
) -> None:
    event, code = opened()
    client = signed_in(ann())
    client.send(sit_down(client, code), **SENT)
    # Not before the course is over, even if the register is complete already.
    completes(event)
    invitations_actions.invite_due(now=NOW)
    reminders_actions.remind_due(now=NOW)
    assert db.session.scalars(select(Mail)).all() == []
    clock.now = event.ends_at + timedelta(hours=24)
    invitations_actions.invite_due(now=clock.now)
    reminders_actions.remind_due(now=clock.now)
    assert db.session.scalars(select(Mail.template)).all() == ["evaluation_invitation"]
    assert db.session.scalars(select(ReminderSent.reminder_number)).all() == [0]
    page = stranger.get(f"{path(the_form())}?by=0")
    assert "Part 2 of 3" in page.text
    answer_all(stranger, page, **SENT)
    assert stored() == {"Invitation": 1, "Response": 1, "Answer": 9, "PartAnswers": 0}
    assert len(db.session.scalars(select(Certificate)).all()) == 1


def reminders() -> list[tuple[int, timedelta]]:
    """The mails about the form: number, and time since the first."""
    db.session.expire_all()
    rows = db.session.scalars(select(ReminderSent).order_by(ReminderSent.id)).all()
    return [(row.reminder_number, row.at - rows[0].at) for row in rows]


def test_part_answers_delay_reminders_until_a_late_register(
    app: Flask, clock: TestClock, signed_in: SignIn
) -> None:
    event, code = opened()
    client = signed_in(ann())
    client.send(sit_down(client, code), **SENT)
    completes(event)
    asked = next_working_moment(event.ends_at + timedelta(days=20))
    for days in range(4):
        invitations_actions.invite_due(now=asked + timedelta(days=days))
        reminders_actions.remind_due(now=asked + timedelta(days=days))
        delivery.deliver(lambda mail: None, now=asked + timedelta(days=days))
    assert reminders() == [(0, timedelta()), (1, timedelta(days=2))]
    assert the_form().due_at == asked


def test_a_dropped_invitation_after_part_answers_is_sent_again(
    app: Flask, clock: TestClock, signed_in: SignIn
) -> None:
    event, code = opened()
    client = signed_in(ann())
    client.send(sit_down(client, code), **SENT)
    completes(event)
    asked = next_working_moment(event.ends_at)
    reminders_actions.remind_due(now=asked)
    [mail] = db.session.scalars(select(Mail)).all()
    outbox.drop(mail.key)
    db.session.commit()
    reminders_actions.remind_due(now=asked + timedelta(minutes=1))
    assert reminders() == [(0, timedelta())]
    assert db.session.scalars(select(Mail.state).order_by(Mail.id)).all() == [
        MailState.DROPPED,
        MailState.WAITING,
    ]


def test_an_anonymous_form_keeps_nothing_before_it_is_sent(app: Flask, signed_in: SignIn) -> None:
    event, code = opened()
    anonymous_form()
    course_questionnaires.set_course_questionnaire(event.course, Stage.END, is_asked=True, name="Anonymous")
    db.session.commit()
    client = signed_in(ann())
    page = client.send(sit_down(client, code), overall="3", go="back")
    assert ("How was it?" in page.text, stored()) == (True, NOTHING)


def test_a_typed_address_shows_and_stores_no_part_answers(app: Flask, signed_in: SignIn) -> None:
    _, code = opened()
    client = signed_in(ann())
    client.send(sit_down(client, code), **{**SENT, "objectives": "2"})
    for door in ("", "/device"):
        other = PageClient(app)
        page = start(other, code, "ann@example.org", door)
        assert ("Part 1 of 3" in page.text, "checked" in page.html) == (True, False)
        other.send(page, **SENT)
    assert stored() == KEPT


def test_without_a_place_no_part_answers_are_stored(app: Flask, signed_in: SignIn) -> None:
    _, code = opened()
    client = signed_in(ann())
    page = sit_down(client, code)
    db.session.scalars(select(Booking)).one().status = Status.CANCELLED
    db.session.commit()
    refused = client.send(page, **SENT)
    assert (refused.status, stored()) == (409, NOTHING)
