"""Change the questions of a draft, one at a time. Each change locks out other officers."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete

from training_hub.database import db
from training_hub.errors import Refused, check_version
from training_hub.questionnaires.actions.versions import check_draft, locked_questions, stored_questions
from training_hub.questionnaires.models import Question, Questionnaire
from training_hub.questionnaires.queries.questions import kinds, last_asked
from training_hub.questionnaires.rules.drafts import (
    as_asked,
    changed,
    check_options,
    draft_version,
    key_for,
    moved,
    with_question,
    without,
)
from training_hub.questionnaires.rules.questions import Asked, check_questions


def add_new_question(draft: Questionnaire, question: Asked) -> str:
    """Add a new question to a draft. Returns the question's key. Raises Refused if the draft cannot ask it."""
    asked = locked_questions(draft)
    key = key_for(question.text, {*kinds(), *(each.key for each in asked)})
    leader = next((each for each in asked if each.key == question.shown_if), None)
    # A question that is asked only after a yes belongs under the heading of the yes-or-no question.
    section = leader.section if leader else question.section
    set_questions(draft, with_question(asked, replace(question, key=key, section=section)))
    return key


def add_from_bank(draft: Questionnaire, key: str) -> None:
    """Add a question of the bank to a draft, in its latest wording. Raises Refused if the draft cannot ask it."""
    asked = locked_questions(draft)
    question = last_asked(key, except_in=draft.id)
    if question is None:
        raise Refused("That question is no longer in the bank. Choose another, or write a new one.")
    follows = question.shown_if if any(each.key == question.shown_if for each in asked) else ""
    set_questions(draft, with_question(asked, replace(as_asked(question), shown_if=follows)))


def change_question(draft: Questionnaire, question: Asked, *, seen: str | None) -> None:
    """Change the wording of a question of a draft. Raises Stale if it changed after the officer had `seen` it."""
    asked = locked_questions(draft)
    check_version(seen, draft_version([each for each in asked if each.key == question.key]))
    before = last_asked(question.key, except_in=draft.id)
    if before is not None and before.options:
        check_options(question.options, before.options)
    set_questions(draft, changed(asked, question))


def move_question(draft: Questionnaire, key: str, by: int, *, seen: str | None) -> None:
    """Move a question of a draft, -1 up or 1 down. Raises Stale if the draft changed after it was `seen`."""
    asked = locked_questions(draft)
    check_version(seen, draft_version(asked))
    set_questions(draft, moved(asked, key, by))


def remove_question(draft: Questionnaire, key: str, *, seen: str | None) -> None:
    """Remove a question from a draft. Raises Stale if the draft changed after it was `seen`."""
    asked = locked_questions(draft)
    check_version(seen, draft_version(asked))
    set_questions(draft, without(asked, key))


def set_questions(draft: Questionnaire, asked: Sequence[Asked | Question]) -> None:
    """Replace the questions of a draft, which may have none yet.

    Raises Refused if the version is not a draft, or cannot ask these questions.
    """
    check_draft(draft)
    if asked:
        check_questions(asked, kinds(except_in=draft.id))
    made = stored_questions(asked)
    db.session.execute(delete(Question).where(Question.questionnaire_id == draft.id))
    db.session.expire(draft, ["questions"])
    for question in made:
        question.questionnaire_id = draft.id
    db.session.add_all(made)
