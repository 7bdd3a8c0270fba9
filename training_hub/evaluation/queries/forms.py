"""Questions about forms: which is asked when, what it asks, and what the bank knows."""

from collections.abc import Collection, Sequence

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from training_hub.bookings.models import Booking
from training_hub.database import db
from training_hub.evaluation.models import (
    CourseForm,
    FormState,
    Invitation,
    Question,
    QuestionKind,
    Questionnaire,
    Stage,
)
from training_hub.people.models import Person

MOST_LISTED = 200


def default_form(stage: Stage = Stage.END) -> Questionnaire | None:
    """The form that is asked at a stage where a course names no other."""
    return db.session.scalar(
        select(Questionnaire).where(Questionnaire.is_default, Questionnaire.stage == stage)
    )


def in_use(name: str, stage: Stage) -> Questionnaire | None:
    """The version in use of the form of this name, where it is asked at this stage."""
    return db.session.scalar(
        select(Questionnaire).where(
            Questionnaire.name == name,
            Questionnaire.stage == stage,
            Questionnaire.state == FormState.IN_USE,
        )
    )


def form_named_by(course_id: int, stage: Stage) -> Questionnaire | None:
    """The form that a course names for a stage, in the version in use; None where it names none, or none that is."""
    name = db.session.scalar(
        select(CourseForm.form_name).where(CourseForm.course_id == course_id, CourseForm.stage == stage)
    )
    return in_use(name, stage) if name else None


def asks_before(course_id: int) -> bool:
    """Whether a course asks its people before they come."""
    asked = exists().where(CourseForm.course_id == course_id, CourseForm.stage == Stage.BEFORE)
    return bool(db.session.scalar(select(asked)))


def asked_for_before(booking: Booking) -> set[str]:
    """The keys of the before-and-now pairs of which somebody was asked for then: before the course; at its end, unless
    the course asks before it."""
    stages = [Stage.BEFORE] if asks_before(booking.event.course_id) else [Stage.BEFORE, Stage.END]
    return set(
        db.session.scalars(
            select(Question.key)
            .join(Invitation, Invitation.questionnaire_id == Question.questionnaire_id)
            .where(
                Invitation.booking_id == booking.id,
                Invitation.stage.in_(stages),
                Question.kind == QuestionKind.BEFORE_NOW,
            )
        )
    )


def course_forms(course_id: int) -> dict[Stage, str]:
    """The stages for which a course has a row, each with the name of its form, empty for the default."""
    rows = db.session.execute(
        select(CourseForm.stage, CourseForm.form_name).where(CourseForm.course_id == course_id)
    )
    return {stage: name for stage, name in rows}  # noqa: C416 - a row is no pair to mypy


def form(form_id: int) -> Questionnaire | None:
    """One version of a form."""
    return db.session.get(Questionnaire, form_id)


def questions(questionnaire_id: int) -> list[Question]:
    """What a form asks, in order."""
    return list(
        db.session.scalars(
            select(Question).where(Question.questionnaire_id == questionnaire_id).order_by(Question.position)
        )
    )


def versions(name: str) -> list[Questionnaire]:
    """Every version of the form of this name, the latest first, each with who made it."""
    return list(
        db.session.scalars(
            select(Questionnaire)
            .where(Questionnaire.name == name)
            .options(joinedload(Questionnaire.made_by).raiseload(Person.holdings))
            .order_by(Questionnaire.version.desc())
        )
    )


def forms() -> Sequence[Questionnaire]:
    """The latest version of each form, in the order of the stages and then by name."""
    latest = (
        select(Questionnaire.name, func.max(Questionnaire.version).label("version"))
        .group_by(Questionnaire.name)
        .subquery()
    )
    rows = db.session.scalars(
        select(Questionnaire)
        .join(latest, (Questionnaire.name == latest.c.name) & (Questionnaire.version == latest.c.version))
        .order_by(Questionnaire.name)
        .limit(MOST_LISTED)
    ).all()
    order = list(Stage)
    return sorted(rows, key=lambda row: (order.index(row.stage), row.name))


def bank(
    words: str = "",
    kind: QuestionKind | None = None,
    *,
    but: Collection[str] = (),
    limit: int = MOST_LISTED,
) -> Sequence[Question]:
    """Every question that was ever put into a form, as it was last worded, by section and text: those that hold all
    these words, and are answered like this; those with the keys `but` left out."""
    latest = select(func.max(Question.id)).group_by(Question.key)
    found = select(Question).where(Question.id.in_(latest), Question.key.not_in(but))
    for word in words.split():
        found = found.where(
            or_(*(column.icontains(word, autoescape=True) for column in (Question.text, Question.section)))
        )
    if kind is not None:
        found = found.where(Question.kind == kind)
    return db.session.scalars(found.order_by(Question.section, Question.text, Question.id).limit(limit)).all()


def last_asked(key: str, *, but: int = 0) -> Question | None:
    """The question with this key as it was last put into a form, the form with the id `but` left out."""
    return db.session.scalar(
        select(Question)
        .where(Question.key == key, Question.questionnaire_id != but)
        .order_by(Question.id.desc())
        .limit(1)
    )


def kinds(*, but: int = 0) -> dict[str, QuestionKind]:
    """How each question of the bank is answered, by its key; the form with the id `but` left out."""
    rows = db.session.execute(
        select(Question.key, Question.kind).where(Question.questionnaire_id != but).distinct()
    )
    return {key: kind for key, kind in rows}  # noqa: C416 - a row is no pair to mypy
