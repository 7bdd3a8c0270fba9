"""The fields in which people answer questions, for forms and for the preview of a questionnaire."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from training_hub.questionnaires.models import Question, QuestionKind
from training_hub.questionnaires.rules.questions import BOTH_HALVES, WORDS_OF
from training_hub.web.forms import Checkboxes, Form, Radios, longest

K = QuestionKind
NUMBERS = {number: str(number) for number in range(1, 6)}
YES_NO = {1: "Yes", 0: "No"}
BEFORE = "_before"
"""The suffix in the name of a pair's "before" field."""


@dataclass(frozen=True)
class Shown:
    """One question on the page: its field, and the "before" field of a before-and-now pair."""

    question: Question
    field: Any
    before: Any


def form_asking(questions: Iterable[Question], halves: Mapping[str, frozenset[str]]) -> type[Form]:
    """The form that asks these questions. `halves` has the halves to ask of each pair, by key. Both halves are asked of
    other pairs."""
    fields: dict[str, Any] = {}
    for question in questions:
        fields |= _fields(question, halves.get(question.key, BOTH_HALVES))
    return type("QuestionsForm", (Form,), fields)


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
        description="" if is_pair else question.help,
        missing=f"Choose {what} for “{named}”" if question.is_required else "",
    )


def shown(form: Form, questions: Iterable[Question]) -> list[Shown]:
    """The questions with their fields."""
    found = []
    for question in questions:
        now, before = (field_named(form, name) for name in (question.key, question.key + BEFORE))
        found.append(Shown(question, now or before, before if now else None))
    return found


def field_named(form: Form, name: str) -> Any:
    """The form's field with this name. None if it has none."""
    return form[name] if name in form else None  # noqa: SIM401 - a form has no `get`
