"""What forms ask: the good default for each stage, and what a form must be before it is put in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training_hub.errors import Refused
from training_hub.questionnaires.models import Question, QuestionKind, Stage

K = QuestionKind
MOST_QUESTIONS = 30
MOST_OPTIONS = 12


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question of a form that is to be made."""

    key: str
    section: str
    text: str
    kind: QuestionKind
    low: str = ""
    high: str = ""
    help: str = ""
    options: tuple[str, ...] = ()
    shown_if: str = ""
    is_required: bool = True


def check_form(questions: Sequence[Asked | Question], kinds: Mapping[str, QuestionKind]) -> None:
    """Raises Refused, in a sentence that says which question, where a form could not be asked like this.

    `kinds` is what the bank knows: a question keeps its kind in every form and version, or figures could not be
    compared.
    """
    if not questions:
        raise Refused("Add a question first: a form asks at least one.")
    if len(questions) > MOST_QUESTIONS:
        raise Refused(f"A form asks at most {MOST_QUESTIONS} questions. Nobody answers more in a minute.")
    earlier: dict[str, QuestionKind] = {}
    for question in questions:
        named = f"“{question.text}”"
        if question.key in earlier:
            raise Refused(f"{named} stands in the form twice.")
        if question.kind is not kinds.get(question.key, question.kind):
            raise Refused(
                f"{named} has been asked before as {kinds[question.key].value}. "
                "Ask it so again, or make it a new question."
            )
        needs_options = question.kind in {K.CHOICE, K.CHOICES}
        if needs_options and not 2 <= len(question.options) <= MOST_OPTIONS:
            raise Refused(f"{named} needs 2 to {MOST_OPTIONS} answers to choose from.")
        if question.shown_if and earlier.get(question.shown_if) is not K.YES_NO:
            raise Refused(f"{named} can only follow a yes-or-no question that stands before it.")
        earlier[question.key] = question.kind


LONGEST_SHORT = 200
LONGEST_TEXT = 2000

WORDS_OF = {K.SHORT: LONGEST_SHORT, K.TEXT: LONGEST_TEXT}
"""The kinds that are answered in words, and how many characters they take."""


BOTH_HALVES = frozenset({"before", "now"})


def halves(stage: Stage, *, was_asked: bool) -> frozenset[str]:
    """Which halves of a before-and-now pair are asked: both, unless the person was asked for then already (domain 6).

    A line manager is asked both: what they saw before, nobody else can say.
    """
    if stage is Stage.BEFORE:
        return frozenset({"before"})
    return frozenset({"now"}) if was_asked and stage is not Stage.MANAGER else BOTH_HALVES
