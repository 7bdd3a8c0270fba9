"""Before and now: a follow-up asks for "before" only if it was never asked, and is compared with it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import answer_all, path
from tests.evaluation.said import date_of, form, said
from tests.page_client import PageClient
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.models.answers import Answer
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.answers import Given
from training_hub.questionnaires.actions import course_questionnaires
from training_hub.questionnaires.models import Questionnaire, Stage, VersionState
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.queries.versions import default_questionnaire
from training_hub.results.queries import results as results_queries
from training_hub.results.queries.counting import ResultsFilter

pytestmark = pytest.mark.postgres

LATER = {"confidence": Given(value=5)}


def in_use(stage: Stage) -> Questionnaire:
    """A default questionnaire of this stage with a before-and-now pair."""
    default_questionnaire(stage).is_default = False
    db.session.flush()
    made = form(name=stage.value, stage=stage)
    made.state, made.is_default = VersionState.IN_USE, True
    db.session.flush()
    return made


def followed_up(stage: Stage, *earlier: Stage) -> tuple[Booking, Invitation]:
    """A person who was asked at these stages about a course six weeks ago, and is asked at this one now."""
    course = make.course(is_evaluated=Stage.END in earlier)
    event = make.event(course, starts_at=NOW - timedelta(days=43))
    booking = make.booking(event, make.person("Ann"), Status.COMPLETED, manager_email="may@example.org")
    for each in (*earlier, stage):
        found = Invitation(booking=booking, stage=each, questionnaire=in_use(each), due_at=NOW)
        db.session.add(found)
        if each is not Stage.END:
            course_questionnaires.set_course_questionnaire(course, each, is_asked=True)
    db.session.commit()
    return booking, found


@pytest.mark.parametrize(
    ("stage", "earlier", "asked"),
    [
        (Stage.SIX_WEEKS, (), ["confidence_before", "confidence"]),
        (Stage.SIX_WEEKS, (Stage.END,), ["confidence"]),
        (Stage.SIX_WEEKS, (Stage.BEFORE,), ["confidence"]),
        (Stage.THREE_MONTHS, (Stage.BEFORE, Stage.END), ["confidence"]),
        # Only the line manager was asked what they saw before the course.
        (Stage.MANAGER, (Stage.BEFORE, Stage.END), ["confidence_before", "confidence"]),
    ],
)
def test_before_is_asked_only_once(
    app: Flask, stranger: PageClient, stage: Stage, earlier: tuple[Stage, ...], asked: list[str]
) -> None:
    _, invitation = followed_up(stage, *earlier)
    page = stranger.get(f"{path(invitation)}?screen=1")
    names = ("confidence_before", "confidence")
    assert [name for name in names if f'name="{name}"' in page.html] == asked
    answer_all(stranger, page, confidence="4", **({"confidence_before": "2"} if len(asked) == 2 else {}))
    db.session.expire_all()
    found = db.session.execute(select(Answer.value, Answer.before).where(Answer.value == 4)).all()
    assert [tuple(row) for row in found] == [(4, 2 if len(asked) == 2 else None)]


@pytest.mark.parametrize("earlier", [(), (Stage.END,)])
def test_a_pair_has_its_hint_once(app: Flask, stranger: PageClient, earlier: tuple[Stage, ...]) -> None:
    _, invitation = followed_up(Stage.SIX_WEEKS, *earlier)
    for question in questions_queries.questions(invitation.questionnaire_id):
        question.help = f"Hint about {question.key}"
    db.session.commit()
    page = stranger.get(f"{path(invitation)}?screen=1")
    assert page.text.count("Hint about confidence") == 1


def test_a_pair_that_no_earlier_form_asked_is_asked_whole(app: Flask, stranger: PageClient) -> None:
    _, invitation = followed_up(Stage.SIX_WEEKS, Stage.END)
    end = default_questionnaire(Stage.END)
    next(question for question in end.questions if question.key == "confidence").key = "other"
    db.session.commit()
    asked = questions_queries.questions(invitation.questionnaire_id)
    assert answers_actions.halves_asked(invitation, asked) == {"confidence": {"before", "now"}}


def test_a_follow_up_asks_both_if_before_was_never_asked(app: Flask) -> None:
    booking, invitation = followed_up(Stage.SIX_WEEKS, Stage.END)
    # They booked too late to be asked before the course.
    course_questionnaires.set_course_questionnaire(booking.event.course, Stage.BEFORE, is_asked=True)
    db.session.commit()
    asked = questions_queries.questions(invitation.questionnaire_id)
    assert answers_actions.halves_asked(invitation, asked) == {"confidence": {"before", "now"}}


def test_a_follow_up_is_compared_with_the_earlier_before_rating(app: Flask) -> None:
    event = date_of()
    before, end = form(name="Before", stage=Stage.BEFORE), form()
    later = form(name="Later", stage=Stage.SIX_WEEKS)
    then_at_the_end = {"confidence": Given(value=4, before=2)}
    # People asked at the end, before the course, at both, and only now.
    said(event, later, LATER, of=said(event, end, then_at_the_end))
    first = said(event, before, {"confidence": Given(before=3)})
    said(event, later, LATER, of=said(event, end, {"confidence": Given(value=4)}, of=first))
    both = said(event, before, {"confidence": Given(before=1)})
    said(event, later, LATER, of=said(event, end, then_at_the_end, of=both))
    said(event, later, {"confidence": Given(value=5, before=4)})
    # And four without a "before" rating.
    said(event, later, LATER)
    said(event, later, LATER, of=said(event, end, {"objectives": Given(value=2)}))
    silent = make.booking(event, make.person("Dee"), Status.COMPLETED)
    make.returned(silent, end)
    said(event, later, LATER, of=silent)
    said(event, later, LATER, of=said(event, end, None))
    db.session.commit()
    read = results_queries.visible_results(make.officer(), ResultsFilter(event_id=event.id), now=NOW)
    found = {result.topic.key: result for result in read.results(Stage.SIX_WEEKS)}["confidence"]
    assert found.shift is not None
    assert (found.n, found.shift.before.counts, found.shift.change.counts) == (
        8,
        {2: 1, 3: 1, 1: 1, 4: 1},
        {3: 1, 2: 1, 4: 1, 1: 1},
    )
    assert found.unpaired == {"not asked": 1, "not returned": 1, "imported": 1, "left out": 1}
    at_the_end = {result.topic.key: result for result in read.results(Stage.END)}["confidence"]
    assert at_the_end.shift is not None
    assert (at_the_end.shift.n, at_the_end.unpaired) == (3, {})


@pytest.mark.parametrize("asks", [False, True])
def test_part_answers_survive_a_change_of_what_is_asked(app: Flask, stranger: PageClient, asks: bool) -> None:
    _, invitation = followed_up(Stage.SIX_WEEKS, *(() if asks else (Stage.END,)))
    # Begun when both halves were asked; or when only the one for now was.
    kept = Given(value=4) if asks else Given(value=4, before=2)
    answers_actions.keep_part(invitation, {"objectives": Given(value=3), "confidence": kept}, now=NOW)
    for question in invitation.questionnaire.questions:
        question.is_required = question.key in {"objectives", "confidence"}
    db.session.commit()
    page = stranger.get(f"{path(invitation)}?screen=2")
    page = stranger.send(page)
    if asks:
        assert (page.status, "This part is not answered yet" in page.text) == (422, True)
        answer_all(stranger, stranger.send(page, confidence="4", confidence_before="1"))
    db.session.expire_all()
    found = db.session.execute(select(Answer.value, Answer.before).where(Answer.value == 4)).all()
    assert [tuple(row) for row in found] == [(4, 1 if asks else None)]
