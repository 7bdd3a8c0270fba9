"""The form of one screen of a questionnaire, made from its questions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from training_hub.evaluation.rules.answers import NOTHING, Given, read_part, stored_part
from training_hub.questionnaires.fields import BEFORE, field_named, form_asking
from training_hub.questionnaires.models import Question, QuestionKind
from training_hub.questionnaires.rules.questions import WORDS_OF
from training_hub.web.forms import Form

K = QuestionKind


def evaluation_form(
    questions: Sequence[Question],
    halves: Mapping[str, frozenset[str]],
    answers: Mapping[str, Given],
    *,
    is_sent: bool = False,
) -> Form:
    """The form that asks these questions, filled from the request (`is_sent`) or with earlier answers."""
    filled: dict[str, Any] = {}
    for question in questions:
        given = answers.get(question.key, NOTHING)
        filled[question.key + BEFORE] = given.before
        if question.kind is K.CHOICES:
            filled[question.key] = list(given.chosen)
        else:
            filled[question.key] = given.words if question.kind in WORDS_OF else given.value
    kind = form_asking(questions, halves)
    return kind(data=filled) if is_sent else kind(formdata=None, data=filled)


def answers(form: Form, questions: Iterable[Question]) -> dict[str, Given]:
    """The answers on this screen, by the question's key. An invalid answer counts as skipped."""
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


def _data(form: Form, name: str) -> Any:
    field = field_named(form, name)
    return None if field is None or field.errors else field.data


def carried(answers: Mapping[str, Given]) -> str:
    """The answers on other screens as text, for a hidden field of the page."""
    return json.dumps(stored_part(answers))


def read_carried(sent: str, questions: Sequence[Question]) -> dict[str, Given]:
    """The answers in the page's hidden field. Ignores text that is not a valid answer."""
    try:
        return read_part(json.loads(sent), questions)
    except ValueError:
        return {}
