"""The rules of drafts: the place and key of a question, and the differences from the version before."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

from training_hub.errors import Refused, Stale, version_of
from training_hub.questionnaires.models import Question
from training_hub.questionnaires.rules.questions import Asked

LONGEST_KEY = 40
HALVES = ("_before", "_now")
ASKED = tuple(field.name for field in fields(Asked))


def as_asked(question: Question) -> Asked:
    """A stored question as a value, to copy or change."""
    columns = {name: getattr(question, name) for name in ASKED if name != "options"}
    return Asked(**columns, options=tuple(question.options))


def draft_version(questions: Sequence[Question]) -> str:
    """A short text that changes whenever a question or the order of questions changes."""
    return version_of(*(as_asked(question) for question in questions))


def key_for(text: str, taken: Collection[str]) -> str:
    """A free key for a new question, such as "q_did_you_use_it".

    "q_" keeps the key apart from those of the product's own questions. No key ends like the field names of a pair.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = "q_" + "_".join(re.findall("[a-z0-9]+", plain))
    base = base[: LONGEST_KEY - 4].rstrip("_")
    key, number = base, 1
    while key in taken or key.endswith(HALVES):
        number += 1
        key = f"{base}_{number}"
    return key


def with_question(asked: Sequence[Asked | Question], new: Asked) -> list[Asked | Question]:
    """The questions with one added: after the question that it depends on, else last in its section, else last."""
    places = [
        number
        for number, each in enumerate(asked)
        if (new.shown_if in (each.key, each.shown_if) if new.shown_if else each.section == new.section)
    ]
    place = places[-1] + 1 if places else len(asked)
    return [*asked[:place], new, *asked[place:]]


def moved(asked: Sequence[Asked | Question], key: str, by: int) -> list[Asked | Question]:
    """The questions with one moved: -1 up, 1 down."""
    place = _place(asked, key)
    others = [each for each in asked if each.key != key]
    others.insert(max(place + by, 0), asked[place])
    return others


def without(asked: Sequence[Asked | Question], key: str) -> list[Asked | Question]:
    """The questions except the one with this key."""
    place = _place(asked, key)
    return [*asked[:place], *asked[place + 1 :]]


def changed(asked: Sequence[Asked | Question], new: Asked) -> list[Asked | Question]:
    """The questions, with one of them reworded."""
    place = _place(asked, new.key)
    return [*asked[:place], new, *asked[place + 1 :]]


def _place(asked: Sequence[Asked | Question], key: str) -> int:
    for number, each in enumerate(asked):
        if each.key == key:
            return number
    raise Stale


def check_options(options: Sequence[str], before: Sequence[str]) -> None:
    """Raises Refused if new choices would change the meaning of answers already given.

    An answer stores the number of the choice. So choices may be reworded or added at the end, but keep their order.
    """
    if len(options) < len(before) or any(
        option in before and before.index(option) != number for number, option in enumerate(options)
    ):
        raise Refused(
            f"This question has been asked with {len(before)} answers. Keep their order and add new ones "
            "at the end, so that figures can be compared. For different answers, add a new question."
        )


@dataclass(frozen=True)
class Differences:
    """How a draft differs from the version before, each question by its text."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    is_reordered: bool

    @property
    def is_none(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed or self.is_reordered)


def differences(before: Sequence[Question], after: Sequence[Question]) -> Differences:
    """How `after` differs from `before`."""
    old, new = ({each.key: as_asked(each) for each in questions} for questions in (before, after))
    return Differences(
        added=tuple(each.text for key, each in new.items() if key not in old),
        removed=tuple(each.text for key, each in old.items() if key not in new),
        changed=tuple(each.text for key, each in new.items() if key in old and each != old[key]),
        is_reordered=[key for key in old if key in new] != [key for key in new if key in old],
    )
