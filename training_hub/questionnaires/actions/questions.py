"""What officers do to forms on their pages: one question at a time, under each other's eyes, and written down."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete

from training_hub.database import db
from training_hub.errors import Refused
from training_hub.questionnaires.actions.versions import _check_draft, _held, _questions
from training_hub.questionnaires.models import Question, Questionnaire
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.rules.drafts import (
    as_asked,
    changed,
    check_options,
    check_seen,
    key_for,
    moved,
    with_question,
    without,
)
from training_hub.questionnaires.rules.questions import Asked, check_form


def add_new_question(draft: Questionnaire, question: Asked) -> str:
    """Put a question that was never asked into a draft; the key that it is known by from now on.

    Raises Refused where the draft could not ask it.
    """
    asked = _held(draft)
    taken = {*questions_queries.kinds(), *(each.key for each in asked)}
    key = key_for(question.text, taken)
    leader = next((each for each in asked if each.key == question.shown_if), None)
    set_questions(
        draft,
        with_question(
            asked,
            # It stands under the heading of the question that it follows.
            replace(question, key=key, section=leader.section if leader else question.section),
        ),
    )
    return key


def add_from_bank(draft: Questionnaire, key: str) -> None:
    """Put a question of the bank into a draft, as it was last worded. Raises Refused where it cannot be asked there."""
    asked = _held(draft)
    question = questions_queries.last_asked(key, but=draft.id)
    if question is None:
        raise Refused("That question is not in the bank any more. Choose another, or make a new one.")
    in_form = {each.key for each in asked}
    follows = question.shown_if if question.shown_if in in_form else ""
    set_questions(draft, with_question(asked, replace(as_asked(question), shown_if=follows)))


def change_question(draft: Questionnaire, question: Asked, *, seen: str) -> None:
    """Ask a question of a draft in other words. Raises Stale where somebody else changed it after it was `seen`."""
    asked = _held(draft)
    check_seen([each for each in asked if each.key == question.key], seen)
    before = questions_queries.last_asked(question.key, but=draft.id)
    if before is not None and before.options:
        check_options(question.options, before.options)
    set_questions(draft, changed(asked, question))


def move_question(draft: Questionnaire, key: str, by: int, *, seen: str) -> None:
    """Move a question of a draft by so many places, -1 up, 1 down. Raises Stale where the draft is not as `seen`."""
    asked = _held(draft)
    check_seen(asked, seen)
    set_questions(draft, moved(asked, key, by))


def remove_question(draft: Questionnaire, key: str, *, seen: str) -> None:
    """Take a question out of a draft. Raises Stale where the draft is not as `seen`."""
    asked = _held(draft)
    check_seen(asked, seen)
    set_questions(draft, without(asked, key))


def set_questions(draft: Questionnaire, asked: Sequence[Asked | Question]) -> None:
    """Have a draft ask these questions, in this order; a draft may ask none as yet.

    Raises Refused where it is no draft, or cannot ask so.
    """
    _check_draft(draft)
    if asked:
        check_form(asked, questions_queries.kinds(but=draft.id))
    made = _questions(asked)
    db.session.execute(delete(Question).where(Question.questionnaire_id == draft.id))
    db.session.expire(draft, ["questions"])
    for question in made:
        question.questionnaire_id = draft.id
    db.session.add_all(made)
