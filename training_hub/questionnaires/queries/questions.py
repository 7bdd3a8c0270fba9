"""The questions of a version, and the bank."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select

from training_hub.database import db, fetch_all
from training_hub.questionnaires.models import Question, QuestionKind
from training_hub.questionnaires.queries.versions import MOST_LISTED


def questions(questionnaire_id: int) -> list[Question]:
    """The questions of a version, in order."""
    return fetch_all(
        select(Question).where(Question.questionnaire_id == questionnaire_id).order_by(Question.position)
    )


def bank(
    words: str = "",
    kind: QuestionKind | None = None,
    *,
    without: Collection[str] = (),
    limit: int = MOST_LISTED,
) -> Sequence[Question]:
    """Every question in the bank in its latest wording, by section and text.

    Includes only questions of this kind with all these words. The keys `without` are left out.
    """
    latest = select(func.max(Question.id)).group_by(Question.key)
    found = select(Question).where(Question.id.in_(latest), Question.key.not_in(without))
    for word in words.split():
        found = found.where(
            or_(*(column.icontains(word, autoescape=True) for column in (Question.text, Question.section)))
        )
    if kind is not None:
        found = found.where(Question.kind == kind)
    return db.session.scalars(found.order_by(Question.section, Question.text, Question.id).limit(limit)).all()


def last_asked(key: str, *, except_in: int = 0) -> Question | None:
    """The latest wording of the question with this key, in any version except the one with the id `except_in`."""
    return db.session.scalar(
        select(Question)
        .where(Question.key == key, Question.questionnaire_id != except_in)
        .order_by(Question.id.desc())
        .limit(1)
    )


def kinds(*, except_in: int = 0) -> dict[str, QuestionKind]:
    """The kind of each question in the bank, by its key. Leaves out the version with the id `except_in`."""
    rows = db.session.execute(
        select(Question.key, Question.kind).where(Question.questionnaire_id != except_in).distinct()
    )
    return {row[0]: row[1] for row in rows}
