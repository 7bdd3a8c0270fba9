"""How a draft changes: where a question goes, what it is known by, and what differs from the version before."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from training_hub.errors import Refused, Stale
from training_hub.questionnaires.models import Question
from training_hub.questionnaires.rules.questions import Asked

LONGEST_KEY = 40
HALVES = ("_before", "_now")


def as_asked(question: Question) -> Asked:
    """A stored question, to be put into another draft or changed."""
    return Asked(
        key=question.key,
        section=question.section,
        text=question.text,
        help=question.help,
        kind=question.kind,
        low=question.low,
        high=question.high,
        options=tuple(question.options),
        shown_if=question.shown_if,
        is_required=question.is_required,
    )


def draft_version(questions: Sequence[Question]) -> str:
    """A short text that differs whenever anything that these questions ask does, or their order."""
    return sha256(repr([as_asked(question) for question in questions]).encode()).hexdigest()[:16]


def check_seen(questions: Sequence[Question], seen: str) -> None:
    """Raises Stale where these are no longer the questions that were `seen`."""
    if seen != draft_version(questions):
        raise Stale(
            "Someone else changed this draft after you opened this page. "
            "What stands now is shown below: look at it, and then make your change."
        )


def key_for(text: str, taken: Collection[str]) -> str:
    """What a new question is known by, in every form and version: "q_did_you_use_it", never one that is taken.

    The beginning keeps it apart from the names that the product gives, and the ends from the two halves of a pair.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = "q_" + "_".join(re.findall("[a-z0-9]+", plain))
    base = base[: LONGEST_KEY - 4].rstrip("_")
    key, number = base, 1
    while key in taken or key.endswith(HALVES):
        number += 1
        key = f"{base}_{number}"
    return key


def with_question(questions: Sequence[Question], new: Asked) -> list[Asked]:
    """The questions of a draft with one more: after the question that it follows, or last in its section, or last."""
    asked = [as_asked(question) for question in questions]
    beside = [
        number
        for number, each in enumerate(asked)
        if (new.shown_if in (each.key, each.shown_if) if new.shown_if else each.section == new.section)
    ]
    place = beside[-1] + 1 if beside else len(asked)
    return [*asked[:place], new, *asked[place:]]


def moved(questions: Sequence[Question], key: str, by: int) -> list[Asked]:
    """The questions of a draft with one moved by so many places: -1 up, 1 down."""
    asked = [as_asked(question) for question in questions]
    place = _place(asked, key)
    to = min(max(place + by, 0), len(asked) - 1)
    asked.insert(to, asked.pop(place))
    return asked


def without(questions: Sequence[Question], key: str) -> list[Asked]:
    """The questions of a draft but for one."""
    asked = [as_asked(question) for question in questions]
    del asked[_place(asked, key)]
    return asked


def changed(questions: Sequence[Question], new: Asked) -> list[Asked]:
    """The questions of a draft with one worded anew, where it stands."""
    asked = [as_asked(question) for question in questions]
    asked[_place(asked, new.key)] = new
    return asked


def _place(asked: Sequence[Asked], key: str) -> int:
    for number, each in enumerate(asked):
        if each.key == key:
            return number
    raise Stale("Someone else took this question out of the draft after you opened this page.")


def check_options(options: Sequence[str], before: Sequence[str]) -> None:
    """Raises Refused where answers that were given before would come to mean something else.

    An answer keeps the number of what was chosen, so the choices of a question that was asked keep their order. They
    may be worded better, and more may follow them.
    """
    if len(options) < len(before) or any(
        option in before and before.index(option) != number for number, option in enumerate(options)
    ):
        raise Refused(
            f"This question has been asked with {len(before)} answers. Keep them in their order, and add new ones "
            "at the end, or figures could not be compared. For other answers, add a new question."
        )


@dataclass(frozen=True)
class Differences:
    """What a draft asks otherwise than the version before."""

    added: tuple[str, ...]
    left_out: tuple[str, ...]
    changed: tuple[str, ...]
    is_reordered: bool

    @property
    def is_none(self) -> bool:
        """Whether it asks just the same."""
        return not (self.added or self.left_out or self.changed or self.is_reordered)


def differences(before: Sequence[Question], after: Sequence[Question]) -> Differences:
    """What `after` asks otherwise than `before`, each question by its text."""
    old, new = ({each.key: as_asked(each) for each in questions} for questions in (before, after))
    return Differences(
        added=tuple(each.text for key, each in new.items() if key not in old),
        left_out=tuple(each.text for key, each in old.items() if key not in new),
        changed=tuple(each.text for key, each in new.items() if key in old and each != old[key]),
        is_reordered=[key for key in old if key in new] != [key for key in new if key in old],
    )
