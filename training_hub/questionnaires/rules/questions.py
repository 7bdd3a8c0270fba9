"""A question as a value, and the checks of a questionnaire before it is put in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training_hub.errors import Refused
from training_hub.questionnaires.models import Question, QuestionKind, Stage

K = QuestionKind
MOST_QUESTIONS = 30
MOST_OPTIONS = 12


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question as a value, without its row in the database."""

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


def check_questions(questions: Sequence[Asked | Question], kinds: Mapping[str, QuestionKind]) -> None:
    """Raises Refused, naming the question, if a questionnaire could not be asked.

    `kinds` has the kind of each question in the bank. A question keeps its kind, or its results could not be compared.
    """
    if not questions:
        raise Refused("Add a question first: a questionnaire needs at least one.")
    if len(questions) > MOST_QUESTIONS:
        raise Refused(f"A questionnaire can have {MOST_QUESTIONS} questions at most.")
    earlier: dict[str, QuestionKind] = {}
    for question in questions:
        named = f"“{question.text}”"
        if question.key in earlier:
            raise Refused(f"{named} is in the questionnaire twice.")
        if question.kind is not kinds.get(question.key, question.kind):
            raise Refused(
                f"{named} has been asked before as {kinds[question.key].value}. "
                "Keep that kind, or add it as a new question."
            )
        needs_options = question.kind in {K.CHOICE, K.CHOICES}
        if needs_options and not 2 <= len(question.options) <= MOST_OPTIONS:
            raise Refused(f"{named} needs 2 to {MOST_OPTIONS} answers to choose from.")
        if question.shown_if and earlier.get(question.shown_if) is not K.YES_NO:
            raise Refused(f"{named} can only follow an earlier yes-or-no question.")
        earlier[question.key] = question.kind


LONGEST_SHORT = 200
LONGEST_TEXT = 2000

WORDS_OF = {K.SHORT: LONGEST_SHORT, K.TEXT: LONGEST_TEXT}
"""The kinds answered in words, and how many characters each allows."""

BOTH_HALVES = frozenset({"before", "now"})


def halves(stage: Stage, *, was_asked: bool) -> frozenset[str]:
    """The halves of a before-and-now pair to ask: only "now" if the person was asked for "before".

    Line managers are always asked both, because no earlier form asks them.
    """
    if stage is Stage.BEFORE:
        return frozenset({"before"})
    return frozenset({"now"}) if was_asked and stage is not Stage.MANAGER else BOTH_HALVES
