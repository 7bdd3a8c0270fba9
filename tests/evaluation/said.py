"""Shared by tests of results and comments: forms, and people who have answered them."""

from datetime import datetime, timedelta

from tests import make
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.evaluation.models.answers import Answer, Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.answers import Given, stored_choices
from training_hub.people.models import Agency
from training_hub.questionnaires.models import (
    Confidentiality,
    Question,
    QuestionKind,
    Questionnaire,
    Stage,
    VersionState,
)

K, C = QuestionKind, Confidentiality
YEAR = {"from": "2025-04-01", "to": "2026-03-31"}

QUESTIONS = (
    ("objectives", K.SCALE),
    ("pace", K.BALANCE),
    ("confidence", K.BEFORE_NOW),
    ("used", K.YES_NO),
    ("obstacles", K.CHOICES),
    ("change", K.TEXT),
)


def form(
    confidentiality: Confidentiality = C.CONFIDENTIAL,
    *,
    name: str = "Form",
    version: int = 1,
    stage: Stage = Stage.END,
    options: tuple[str, ...] = ("Time", "Money"),
    text: str = "What do you say to",
) -> Questionnaire:
    """A form that asks one question of most kinds."""
    made = Questionnaire(
        name=name, version=version, stage=stage, confidentiality=confidentiality, state=VersionState.WITHDRAWN
    )
    made.questions = [
        Question(
            position=number,
            key=key,
            text=f"{text} {key}?",
            kind=kind,
            low="Bad",
            high="Good",
            options=list(options) if kind is K.CHOICES else [],
        )
        for number, (key, kind) in enumerate(QUESTIONS, start=1)
    ]
    db.session.add(made)
    db.session.flush()
    return made


def date_of(course: object = None, *, days_ago: float = 3, **facts: object) -> Event:
    """A course date that is over."""
    return make.event(course, starts_at=NOW - timedelta(days=days_ago), **facts)  # type: ignore[arg-type]


def said(
    event: Event,
    asked: Questionnaire,
    answers: dict[str, Given] | None = None,
    *,
    of: Booking | None = None,
    name: str = "",
    agency: Agency | None = None,
    at: datetime = NOW,
    status: Status = Status.COMPLETED,
) -> Booking:
    """A person who completed the course and gave these answers. None: returned without answers."""
    booking = of or make.booking(event, make.person(name, of=agency), status)
    is_anonymous = asked.confidentiality is C.ANONYMOUS
    invitation = Invitation(
        booking=booking,
        stage=asked.stage,
        questionnaire=asked,
        due_at=event.ends_at,
        returned_at=at,
        is_imported=answers is None,
    )
    db.session.add(invitation)
    db.session.flush()
    if answers is None:
        return booking
    response = Response(
        invitation_id=None if is_anonymous else invitation.id,
        event_id=event.id if is_anonymous else None,
        questionnaire_id=asked.id,
        submitted_at=None if is_anonymous else at,
    )
    by_key = {question.key: question.id for question in asked.questions}
    for key, given in answers.items():
        response.answers.append(
            Answer(
                question_id=by_key[key],
                value=given.value,
                before=given.before,
                chosen=stored_choices(given.chosen),
                text=given.words,
            )
        )
    db.session.add(response)
    db.session.flush()
    return booking


def all_said(event: Event, asked: Questionnaire, *values: int, agency: Agency | None = None) -> None:
    """One person for each value: they gave it to the first question, and said so in words."""
    for value in values:
        said(
            event,
            asked,
            {"objectives": Given(value=value), "change": Given(words=f"I said {value}.")},
            agency=agency,
        )
