"""The form of one screen of a questionnaire, made from its questions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from training_hub.evaluation.rules.answers import NOTHING, Given, read_part, stored_part
from training_hub.questionnaires.models import Question, QuestionKind
from training_hub.questionnaires.rules.questions import BOTH_HALVES, WORDS_OF
from training_hub.web.forms import Checkboxes, Form, Radios, longest

K = QuestionKind
NUMBERS = {number: str(number) for number in range(1, 6)}
YES_NO = {1: "Yes", 0: "No"}
BEFORE = "_before"


@dataclass(frozen=True)
class Shown:
    """One question on the page: its field, and the "before" field of a before-and-now pair."""

    question: Question
    field: Any
    before: Any


def evaluation_form(
    questions: Sequence[Question],
    halves: Mapping[str, frozenset[str]],
    answers: Mapping[str, Given],
    *,
    is_sent: bool = False,
) -> Form:
    """The form that asks these questions, filled from the request (`is_sent`) or with earlier answers."""
    fields: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    for question in questions:
        given = answers.get(question.key, NOTHING)
        fields |= _fields(question, halves.get(question.key, BOTH_HALVES))
        filled[question.key + BEFORE] = given.before
        if question.kind is K.CHOICES:
            filled[question.key] = list(given.chosen)
        else:
            filled[question.key] = given.words if question.kind in WORDS_OF else given.value
    kind: type[Form] = type("EvaluationForm", (Form,), fields)
    return kind(data=filled) if is_sent else kind(formdata=None, data=filled)


def _fields(question: Question, halves: frozenset[str]) -> dict[str, Any]:
    key, text, kind, hint = question.key, question.text, question.kind, question.help
    numbered = dict(enumerate(question.options, start=1))
    if kind in WORDS_OF:
        needed = InputRequired(f"Answer “{text}”") if question.is_required else Optional()
        field = TextAreaField if kind is K.TEXT else StringField
        return {key: field(text, [needed, longest(f"“{text}”", WORDS_OF[kind])], description=hint)}
    if kind is K.CHOICES:
        missing = f"Choose what is true for “{text}”" if question.is_required else ""
        return {key: Checkboxes(text, choices=numbered, coerce=int, description=hint, missing=missing)}
    if kind is K.BEFORE_NOW:
        return {
            key + (BEFORE if half == "before" else ""): _radios(question, NUMBERS, label, halves)
            for half, label in (("before", "Before the course"), ("now", "Now"))
            if half in halves
        }
    choices = {K.CHOICE: numbered, K.YES_NO: YES_NO}.get(kind, NUMBERS)
    return {key: _radios(question, choices)}


def _radios(
    question: Question, choices: Mapping[int, str], half: str = "", halves: frozenset[str] = frozenset()
) -> Radios:
    is_pair = halves == BOTH_HALVES
    named = f"{question.text}, {half.lower()}" if is_pair else question.text
    what = "a number" if choices is NUMBERS else "an answer"
    return Radios(
        half if is_pair else question.text,
        choices=choices,
        coerce=int,
        description="" if half else question.help,
        missing=f"Choose {what} for “{named}”" if question.is_required else "",
    )


def shown(form: Form, questions: Iterable[Question]) -> list[Shown]:
    """The questions with their fields."""
    found = []
    for question in questions:
        now, before = (_field(form, name) for name in (question.key, question.key + BEFORE))
        found.append(Shown(question, now or before, before if now else None))
    return found


def answers(form: Form, questions: Iterable[Question]) -> dict[str, Given]:
    """The answers on this screen, by the question's key. Wrong ones count as skipped."""
    given: dict[str, Given] = {}
    for question in questions:
        data, before = _data(form, question.key), _data(form, question.key + BEFORE)
        if question.kind in WORDS_OF:
            given[question.key] = Given(words=data or "")
        elif question.kind is K.CHOICES:
            given[question.key] = Given(chosen=tuple(data or ()))
        else:
            given[question.key] = Given(value=data, before=before)
    return given


def _field(form: Form, name: str) -> Any:
    return form[name] if name in form else None  # noqa: SIM401 - a form has no `get`


def _data(form: Form, name: str) -> Any:
    field = _field(form, name)
    return None if field is None or field.errors else field.data


def carried(answers: Mapping[str, Given]) -> str:
    """The answers on other screens, for a page that carries them."""
    return json.dumps(stored_part(answers))


def read_carried(sent: str, questions: Sequence[Question]) -> dict[str, Given]:
    """The answers that a page carried. Anything else is ignored."""
    try:
        return read_part(json.loads(sent), questions)
    except ValueError:
        return {}
