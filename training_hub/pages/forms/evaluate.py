"""The evaluation form: its fields follow from the questions of the questionnaire."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from training_hub.evaluation.models import Question, QuestionKind
from training_hub.evaluation.rules import LONGEST_TEXT, Given
from training_hub.web.forms import Form, Radios

NUMBERS = {number: str(number) for number in range(1, 6)}
BEFORE = "_before"


@dataclass(frozen=True)
class Shown:
    """One question as the page shows it: with its field, and with that for before where it asks for a pair."""

    question: Question
    field: Any
    before: Any


def evaluation_form(questions: Sequence[Question]) -> Form:
    """The form that asks these questions, filled with what was sent."""
    shape = tuple((question.key, question.text, question.help, question.kind) for question in questions)
    required = frozenset(question.key for question in questions if question.is_required)
    form: Form = _form_class(shape, required)()
    return form


@lru_cache(maxsize=8)
def _form_class(
    shape: tuple[tuple[str, str, str, QuestionKind], ...], required: frozenset[str]
) -> type[Form]:
    fields: dict[str, Any] = {}
    for key, text, hint, kind in shape:
        is_required = key in required
        if kind is QuestionKind.TEXT:
            fields[key] = TextAreaField(text, description=hint, validators=_of_words(text, is_required))
        elif kind is QuestionKind.BEFORE_NOW:
            fields[key + BEFORE] = _numbers(
                "Before the course", f"{text}, before the course", "", is_required
            )
            fields[key] = _numbers("Now", f"{text}, now", "", is_required)
        else:
            fields[key] = _numbers(text, text, hint, is_required)
    return type("EvaluationForm", (Form,), fields)


def _numbers(label: str, named: str, hint: str, is_required: bool) -> Radios:
    missing = f"Choose a number for “{named}”" if is_required else ""
    return Radios(label, choices=NUMBERS, coerce=int, description=hint, missing=missing)


def _of_words(text: str, is_required: bool) -> list[Any]:
    longest = Length(max=LONGEST_TEXT, message=f"“{text}” must be {LONGEST_TEXT:,} characters or fewer")
    return [longest] if is_required else [Optional(), longest]


def sections(form: Form, questions: Iterable[Question]) -> list[tuple[str, list[Shown]]]:
    """The questions under their headings, each with its field."""
    return [
        (
            section,
            [
                Shown(
                    question, form[question.key], form[question.key + BEFORE] if _is_pair(question) else None
                )
                for question in group
            ],
        )
        for section, group in groupby(questions, key=lambda question: question.section)
    ]


def answers(form: Form, questions: Iterable[Question]) -> Mapping[str, Given]:
    """What was answered, by the question's key."""
    given: dict[str, Given] = {}
    for question in questions:
        data = form[question.key].data
        if question.kind is QuestionKind.TEXT:
            given[question.key] = Given(words=data or "")
        else:
            before = form[question.key + BEFORE].data if _is_pair(question) else None
            given[question.key] = Given(value=data, before=before)
    return given


def _is_pair(question: Question) -> bool:
    return question.kind is QuestionKind.BEFORE_NOW
