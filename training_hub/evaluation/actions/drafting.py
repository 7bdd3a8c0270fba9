"""What officers do to forms on their pages: one question at a time, under each other's eyes, and written down."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation import queries
from training_hub.evaluation.actions.forms import make_default, put_in_use, set_course_form, set_questions
from training_hub.evaluation.models import FormState, Question, Questionnaire, Stage
from training_hub.evaluation.rules import (
    Asked,
    as_asked,
    changed,
    check_options,
    check_seen,
    key_for,
    moved,
    with_question,
    without,
)
from training_hub.people.models import Person
from training_hub.policies.actions import note_changes


def _held(draft: Questionnaire) -> list[Question]:
    """The questions of a draft, which nobody else changes until this is done."""
    db.session.refresh(draft, with_for_update=True)
    return queries.questions(draft.id)


def add_new_question(draft: Questionnaire, question: Asked) -> str:
    """Put a question that was never asked into a draft; the key that it is known by from now on.

    Raises Refused where the draft could not ask it.
    """
    asked = _held(draft)
    taken = {*queries.kinds(), *(each.key for each in asked)}
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
    question = queries.last_asked(key, but=draft.id)
    if question is None:
        raise Refused("That question is not in the bank any more. Choose another, or make a new one.")
    in_form = {each.key for each in asked}
    follows = question.shown_if if question.shown_if in in_form else ""
    set_questions(draft, with_question(asked, replace(as_asked(question), shown_if=follows)))


def change_question(draft: Questionnaire, question: Asked, *, seen: str) -> None:
    """Ask a question of a draft in other words. Raises Stale where somebody else changed it after it was `seen`."""
    asked = _held(draft)
    check_seen([each for each in asked if each.key == question.key], seen)
    before = queries.last_asked(question.key, but=draft.id)
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


def start_asking(draft: Questionnaire, *, seen: str, by: Person, now: datetime) -> None:
    """Put a draft in use, and write down who did. Raises Stale where it is not as it was `seen` when they decided."""
    check_seen(_held(draft), seen)
    versions = queries.versions(draft.name)
    was = next((str(each.version) for each in versions if each.state is FormState.IN_USE), "")
    put_in_use(draft)
    became = {"version in use": str(draft.version)}
    note_changes(f"form {versions[-1].id}", {"version in use": was} if was else {}, became, by=by, now=now)


def choose_default(form: Questionnaire, *, by: Person, now: datetime) -> None:
    """Make a form the default of its stage, and write down who did. Raises Refused unless it is in use."""
    was = queries.default_form(form.stage)
    make_default(form)
    note_changes(
        f"forms {form.stage.value}",
        {"default form": was.name} if was else {},
        {"default form": form.name},
        by=by,
        now=now,
    )


NOT_ASKED = "not asked"


def set_course_forms(
    course: Course, wanted: Mapping[Stage, str | None], *, by: Person, now: datetime
) -> None:
    """Say what a course asks at each of these stages: the form of this name, the default for "", None for nothing.

    Raises Refused where a form is not in use at its stage.
    """
    was = queries.asked_by(course)
    for stage, name in wanted.items():
        if was.get(stage) != name:
            set_course_form(course, stage, is_asked=name is not None, form_name=name or "")
    stages = {stage.value: stage for stage in wanted}
    note_changes(
        f"course {course.id} forms",
        {word: _noted(was.get(stage)) for word, stage in stages.items()},
        {word: _noted(wanted[stage]) for word, stage in stages.items()},
        by=by,
        now=now,
    )


def _noted(name: str | None) -> str:
    return NOT_ASKED if name is None else name or "the default form"
