"""Questions of a version, and the bank."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select

from training_hub.database import db
from training_hub.questionnaires.models import Question, QuestionKind
from training_hub.questionnaires.queries.versions import MOST_LISTED


def questions(questionnaire_id: int) -> list[Question]:
    """What a form asks, in order."""
    return list(
        db.session.scalars(
            select(Question).where(Question.questionnaire_id == questionnaire_id).order_by(Question.position)
        )
    )


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
