"""Answers, the screens of a form, and the checks of answers against the form's questions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from training_hub.errors import Refused
from training_hub.questionnaires.models import Question, QuestionKind
from training_hub.questionnaires.rules.questions import BOTH_HALVES, WORDS_OF

K = QuestionKind

ON_A_SCREEN = 6
"""How many scales fit on a phone's screen. A before-and-now pair takes two."""


@dataclass(frozen=True)
class Given:
    """The answer to one question. Empty if the question was skipped."""

    value: int | None = None
    """A rating from 1 to 5 (of a pair, the one for "now"), the number of an option, or 1 for yes and 0 for no."""
    before: int | None = None
    """The rating before, in a before-and-now pair."""
    chosen: tuple[int, ...] = ()
    """The numbers of the chosen options, if several can be chosen."""
    words: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the question was skipped."""
        return self == NOTHING


NOTHING = Given()


def asked_of(questions: Sequence[Question], answers: Mapping[str, Given]) -> list[Question]:
    """The questions to ask, given these answers. Some are asked only after a yes."""
    return [
        question
        for question in questions
        if not question.shown_if or answers.get(question.shown_if, NOTHING).value == 1
    ]


@dataclass(frozen=True)
class Progress:
    """The answers to a form so far, and the screens and missing answers that follow from them."""

    questions: Sequence[Question]
    halves: Mapping[str, frozenset[str]]
    """The halves of each before-and-now pair that are asked, by the question's key."""
    answers: Mapping[str, Given]

    @cached_property
    def screens(self) -> list[list[Question]]:
        """The questions of each screen.

        A screen holds one section, or as much of it as a phone shows. Questions that follow a yes are on the next.
        """
        found: list[list[Question]] = []
        space = 0
        for question in asked_of(self.questions, self.answers):
            takes = 2 if question.kind is K.BEFORE_NOW else 1
            here = found[-1] if found else []
            is_next = (
                not here
                or here[0].section != question.section
                or takes > space
                or question.shown_if in {each.key for each in here}
            )
            if is_next:
                found.append([])
                space = ON_A_SCREEN
            found[-1].append(question)
            space -= takes
        return found or [[]]

    @property
    def first_missing(self) -> int:
        """The number of the first screen where a required answer is missing, or else of the last screen."""
        last = len(self.screens)
        return next((number for number in range(1, last) if self.is_missing(number)), last)

    def is_missing(self, number: int) -> bool:
        """Whether a required answer is missing on this screen."""
        return any(
            question.is_required
            and not is_whole(question, self.answers.get(question.key, NOTHING), self.halves)
            for question in self.screens[number - 1]
        )

    @property
    def to_send(self) -> dict[str, Given]:
        """The answers to the questions that are still asked."""
        asked = {question.key for screen in self.screens for question in screen}
        return {key: given for key, given in self.answers.items() if key in asked}


def check_answers(
    questions: Sequence[Question],
    answers: Mapping[str, Given],
    *,
    halves: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> None:
    """Raises Refused if an answer is missing, out of range, too long, or to no question of the form.

    `halves` says which half of each before-and-now pair is asked. Both are asked if a pair is not in `halves`.
    """
    if set(answers) - {question.key for question in questions}:
        raise Refused("The form has changed since this page was opened. Open it again.")
    asked = {question.key for question in asked_of(questions, answers)}
    for question in questions:
        given = answers.get(question.key, NOTHING)
        if question.key not in asked:
            is_right = given.is_empty
        elif given.is_empty:
            is_right = not question.is_required
        else:
            is_right = _fits(question, given, halves.get(question.key, frozenset()))
        if not is_right:
            raise Refused(f"“{question.text}” has not been answered as the form asks.")


def _fits(question: Question, given: Given, halves: frozenset[str]) -> bool:
    kind, options = question.kind, range(1, len(question.options) + 1)
    if kind in WORDS_OF:
        return given == Given(words=given.words) and len(given.words) <= WORDS_OF[kind]
    if kind is K.CHOICES:
        chosen = set(given.chosen)
        return (
            given == Given(chosen=given.chosen)
            and chosen <= set(options)
            and len(chosen) == len(given.chosen)
        )
    if kind is K.BEFORE_NOW:
        wanted = halves or BOTH_HALVES
        found = {"now": given.value, "before": given.before}
        return given == Given(value=given.value, before=given.before) and all(
            number in range(1, 6) if half in wanted else number is None for half, number in found.items()
        )
    allowed = {K.CHOICE: options, K.YES_NO: range(2)}.get(kind, range(1, 6))
    return given == Given(value=given.value) and given.value in allowed


def stored_choices(chosen: Sequence[int]) -> str:
    """How chosen options are stored: "1,4"."""
    return ",".join(str(number) for number in sorted(chosen))


def read_choices(stored: str) -> tuple[int, ...]:
    """The chosen options as stored: (1, 4) from "1,4"."""
    return tuple(int(number) for number in stored.split(",") if number)


def stored_part(answers: Mapping[str, Given]) -> dict[str, Any]:
    """Part answers as text to store, without skipped questions."""
    return {
        key: {name: value for name, value in asdict(given).items() if value not in (None, "", ())}
        for key, given in answers.items()
        if not given.is_empty
    }


def read_part(stored: Any, questions: Sequence[Question]) -> dict[str, Given]:
    """Stored part answers that still fit the questions. Anything else is ignored."""
    found = {}
    for question in questions:
        kept = stored.get(question.key) if isinstance(stored, dict) else None
        if isinstance(kept, dict):
            value, before, chosen, words = (kept.get(name) for name in ("value", "before", "chosen", "words"))
            given = Given(
                value=_number(value),
                before=_number(before),
                chosen=tuple(number for number in chosen if _number(number) is not None)
                if isinstance(chosen, list)
                else (),
                words=words if isinstance(words, str) else "",
            )
            if any(_fits(question, given, half) for half in (frozenset[str](), _NOW, _BEFORE)):
                found[question.key] = given
    return found


def asked_halves(answers: Mapping[str, Given], halves: Mapping[str, frozenset[str]]) -> dict[str, Given]:
    """These answers, without the halves of before-and-now pairs that this form does not ask."""
    return {
        key: Given(
            value=given.value if "now" in halves[key] else None,
            before=given.before if "before" in halves[key] else None,
        )
        if key in halves
        else given
        for key, given in answers.items()
    }


def is_whole(question: Question, given: Given, halves: Mapping[str, frozenset[str]]) -> bool:
    """Whether the question was answered, with every half that is asked of a before-and-now pair."""
    found = {"now": given.value, "before": given.before}
    return not given.is_empty and all(found[half] is not None for half in halves.get(question.key, ()))


_NOW, _BEFORE = frozenset({"now"}), frozenset({"before"})


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
