"""The form of one screen of a questionnaire, made from its questions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from training_hub.evaluation.rules.answers import NOTHING, Given, read_part, stored_part
from training_hub.questionnaires.models import Question, QuestionKind
from training_hub.questionnaires.rules.questions import BOTH_HALVES, LONGEST_SHORT, LONGEST_TEXT
from training_hub.web.forms import Checkboxes, Form, Radios

K = QuestionKind
NUMBERS = {number: str(number) for number in range(1, 6)}
YES_NO = {1: "Yes", 0: "No"}
BEFORE = "_before"
Shape = tuple[str, str, str, QuestionKind, tuple[str, ...], bool, frozenset[str]]


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
    shape = tuple(
        (
            question.key,
            question.text,
            question.help,
            question.kind,
            tuple(question.options),
            question.is_required,
            halves.get(question.key, BOTH_HALVES),
        )
        for question in questions
    )
    filled = _filled(questions, answers, halves)
    kind = _form_class(shape)
    form: Form = kind(data=filled) if is_sent else kind(formdata=None, data=filled)
    return form


def _filled(
    questions: Iterable[Question], answers: Mapping[str, Given], halves: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for question in questions:
        given = answers.get(question.key, NOTHING)
        if question.kind is K.BEFORE_NOW and "before" in halves.get(question.key, BOTH_HALVES):
            data[question.key + BEFORE] = given.before
        if question.kind is K.CHOICES:
            data[question.key] = list(given.chosen)
        else:
            data[question.key] = given.words if question.kind in {K.SHORT, K.TEXT} else given.value
    return data


@lru_cache(maxsize=64)
def _form_class(shape: tuple[Shape, ...]) -> type[Form]:
    fields: dict[str, Any] = {}
    for key, text, hint, kind, options, is_required, halves in shape:
        numbered = dict(enumerate(options, start=1))
        if kind is K.TEXT:
            fields[key] = TextAreaField(
                text, description=hint, validators=_words(text, LONGEST_TEXT, is_required)
            )
        elif kind is K.SHORT:
            fields[key] = StringField(
                text, description=hint, validators=_words(text, LONGEST_SHORT, is_required)
            )
        elif kind is K.CHOICES:
            missing = f"Choose what is true for “{text}”" if is_required else ""
            fields[key] = Checkboxes(text, choices=numbered, coerce=int, description=hint, missing=missing)
        elif kind is K.BEFORE_NOW:
            both = len(halves) == 2
            if "before" in halves:
                label, named = ("Before the course", f"{text}, before the course") if both else (text, text)
                fields[key + BEFORE] = _one(label, named, "", is_required, NUMBERS)
            if "now" in halves:
                label, named = ("Now", f"{text}, now") if both else (text, text)
                fields[key] = _one(label, named, "", is_required, NUMBERS)
        else:
            choices = {K.CHOICE: numbered, K.YES_NO: YES_NO}.get(kind, NUMBERS)
            fields[key] = _one(text, text, hint, is_required, choices)
    return type("EvaluationForm", (Form,), fields)


def _one(label: str, named: str, hint: str, is_required: bool, choices: Mapping[int, str]) -> Radios:
    what = "a number" if choices is NUMBERS else "an answer"
    missing = f"Choose {what} for “{named}”" if is_required else ""
    return Radios(label, choices=choices, coerce=int, description=hint, missing=missing)


def _words(text: str, most: int, is_required: bool) -> list[Any]:
    longest = Length(max=most, message=f"“{text}” must be {most:,} characters or fewer")
    return [InputRequired(f"Answer “{text}”"), longest] if is_required else [Optional(), longest]


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
        if question.kind in {K.SHORT, K.TEXT}:
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
