"""Several at once: workers, a form that is sent twice, officers who change one draft."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import ANSWERS, SENT, before_sending, completed, invited, path
from tests.evaluation.dumping import anonymous_date
from tests.page_client import PageClient
from tests.sign_in.test_races import at_once as requests_at_once
from tests.sign_in.test_races import sender
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.certificates.actions import issue_due
from training_hub.certificates.models import Certificate
from training_hub.database import db, transaction
from training_hub.errors import Stale
from training_hub.evaluation.actions import anonymity as anonymity_actions
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.models.answers import Answer, Response, Review
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.rules.answers import Given
from training_hub.mail.models import Mail, MailState
from training_hub.people.models import Person
from training_hub.questionnaires.actions import questions as questions_actions
from training_hub.questionnaires.actions import versions as versions_actions
from training_hub.questionnaires.models import QuestionKind, Questionnaire, Stage
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.queries import versions as versions_queries
from training_hub.questionnaires.rules.drafts import draft_version
from training_hub.questionnaires.rules.questions import Asked
from training_hub.results.actions import comments as comments_actions

pytestmark = pytest.mark.postgres

Found = TypeVar("Found")
HOW_MANY = 4


def at_once(app: Flask, do: Callable[[], Found]) -> list[Found]:
    """The results of `do` in several threads that begin together, each with a session of its own."""
    begin = Barrier(HOW_MANY)

    def one(_: int) -> Found:
        with app.app_context():
            begin.wait(timeout=30)
            try:
                return do()
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(HOW_MANY) as pool:
        return list(pool.map(one, range(HOW_MANY)))


def counted(table: type) -> int:
    return int(db.session.scalar(select(func.count()).select_from(table)) or 0)


def test_workers_that_look_at_once_ask_remind_and_issue_once(app: Flask) -> None:
    event = make.event(starts_at=NOW - timedelta(days=1), capacity=100)
    unasked = make.event(make.course(is_evaluated=False), starts_at=NOW - timedelta(days=1), capacity=100)
    of = make.agency()
    for number in range(60):
        make.booking(event if number % 2 else unasked, make.person(of=of), Status.COMPLETED)
    db.session.commit()

    assert sum(at_once(app, lambda: invitations_actions.invite_due(now=NOW))) == 30
    assert sum(at_once(app, lambda: reminders_actions.remind_due(now=NOW + timedelta(days=2)))) == 30
    assert sum(at_once(app, lambda: issue_due(now=NOW))) == 30
    assert (counted(Invitation), counted(Certificate)) == (30, 30)
    by_template = select(Mail.template, func.count()).group_by(Mail.template).order_by(Mail.template)
    assert [tuple(row) for row in db.session.execute(by_template)] == [
        ("certificate_ready", 30),
        ("evaluation_invitation", 30),
        ("evaluation_reminder_1", 30),
    ]


def test_a_form_that_is_sent_twice_at_once_is_recorded_once(app: Flask) -> None:
    invitation = invited(completed())
    last = before_sending(PageClient(app), invitation, **SENT).form("")
    where = path(invitation)
    answers = at_once(app, lambda: PageClient(app).post(where, {**SENT, "screen": last["screen"]}))
    assert sorted(page.status for page in answers) == [303, 409, 409, 409]
    assert {page.h1 for page in answers if page.status == 409} == {"You have already answered this form"}
    assert (counted(Response), counted(Certificate)) == (1, 1)
    states = db.session.execute(select(Mail.template, Mail.state).order_by(Mail.id))
    assert [tuple(row) for row in states] == [
        ("evaluation_invitation", MailState.DROPPED),
        ("certificate_ready", MailState.WAITING),
    ]


def test_answer_and_release_at_once_make_one_certificate(
    app: Flask, signed_in: Callable[..., PageClient]
) -> None:
    officer = signed_in(make.officer())
    event = make.event(starts_at=NOW - timedelta(days=1))
    for _ in range(6):
        booking = make.booking(event, status=Status.COMPLETED)
        db.session.commit()
        invitation = invited(booking)
        release = f"/certificates/{invitation.booking.reference}/release"
        form = {
            **officer.get(release.removesuffix("/release")).form("/release"),
            "reason": "Cannot see the form",
        }
        answering = PageClient(app)
        sent = {**SENT, **before_sending(answering, invitation, **SENT).form("")}
        where = path(invitation)
        acts = (sender(app, answering, where, sent), sender(app, officer, release, form))
        db.session.commit()
        assert set(requests_at_once(*acts)) <= {303, 409}
    assert (counted(Invitation), counted(Certificate)) == (6, 6)


def test_officers_who_change_a_draft_at_once_lose_nothing(app: Flask) -> None:
    officer = make.officer()
    form = versions_queries.default_questionnaire(Stage.MANAGER)
    draft_id = versions_actions.make_version(form, by=officer, now=NOW).id
    db.session.commit()

    def draft() -> Questionnaire:
        found = db.session.get(Questionnaire, draft_id)
        assert found is not None
        return found

    def add() -> str:
        with transaction():
            return questions_actions.add_new_question(
                draft(), Asked(key="", section="", text="New?", kind=QuestionKind.TEXT)
            )

    seen = draft_version(questions_queries.questions(draft_id))

    def remove() -> str:
        try:
            with transaction():
                questions_actions.remove_question(draft(), "manager_help", seen=seen)
        except Stale:
            return "stale"
        return "removed"

    assert sorted(at_once(app, remove)) == ["removed", "stale", "stale", "stale"]
    assert sorted(at_once(app, add)) == ["q_new", "q_new_2", "q_new_3", "q_new_4"]
    asked = questions_queries.questions(draft_id)
    assert [(each.position, each.key) for each in asked[:3]] == [
        (1, "manager_sees"),
        (2, "manager_example"),
        (3, "manager_worth"),
    ]
    assert sorted(each.key for each in asked[3:]) == ["q_new", "q_new_2", "q_new_3", "q_new_4"]


def test_devices_sending_at_once_for_one_person_keep_one_form(app: Flask) -> None:
    trainer = make.person("Tia Trainer")
    event = make.event(starts_at=NOW - timedelta(hours=6, minutes=30))
    make.booking(event, make.person("Ann", email="ann@example.org"))
    classroom_actions.open_classroom(event, by=trainer, now=NOW)
    db.session.commit()
    event_id = event.id

    def send() -> None:
        with transaction():
            classroom_actions.answer_by_address(
                db.session.get_one(Event, event_id), "ann@example.org", ANSWERS, now=NOW
            )

    at_once(app, send)
    assert (counted(Invitation), counted(Response), counted(Mail)) == (1, 1, 1)


def test_trainers_pressing_at_once_open_one_classroom(app: Flask) -> None:
    event, trainer = make.event(starts_at=NOW - timedelta(hours=6, minutes=30)), make.person("Tia")
    db.session.commit()
    event_id, trainer_id = event.id, trainer.id

    def press() -> str:
        with transaction():
            by = db.session.get_one(Person, trainer_id)
            return classroom_actions.open_classroom(db.session.get_one(Event, event_id), by=by, now=NOW).code

    assert len(set(at_once(app, press))) == 1


def test_anonymous_answers_at_once_are_all_kept(app: Flask) -> None:
    event, bookings = anonymous_date(HOW_MANY + 1)
    for booking in bookings:
        booking.status = Status.COMPLETED
    db.session.commit()
    now = event.ends_at
    first, *others = [invitations_actions.open_form(booking, now=now) for booking in bookings]
    answers_actions.answer(first, {"overall": Given(value=3), "say": Given(words="The first.")}, now=now)
    db.session.commit()
    comment = db.session.scalars(select(Answer.id).where(Answer.text != "")).one()
    ids = iter([invitation.id for invitation in others])

    def one() -> None:
        with transaction():
            invitation_id = next(ids)
            invitation = invitations_queries.invitation(invitation_id)
            assert invitation is not None
            answers_actions.answer(invitation, {"overall": Given(value=4)}, now=now)
        with transaction():
            comments_actions.review(comment, state=Review.READ, published="", themes=[])

    at_once(app, one)
    assert counted(Response) == HOW_MANY + 1
    assert db.session.scalars(select(Answer.review).where(Answer.id == comment)).one() is Review.READ
    assert sum(at_once(app, lambda: anonymity_actions.rewrite_closed(now=now))) == 1
    assert (counted(Response), counted(Answer)) == (HOW_MANY + 1, HOW_MANY + 2)
