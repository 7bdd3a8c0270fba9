"""The counts that results are made of: equal answers of one course date, and evaluations due and returned."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from training_hub.london import financial_year
from training_hub.questionnaires.models import Question, QuestionKind, Stage

EARLIER: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.END: (Stage.BEFORE,),
    Stage.SIX_WEEKS: (Stage.BEFORE, Stage.END),
    Stage.THREE_MONTHS: (Stage.BEFORE, Stage.END),
}
"""The earlier stages that may hold a person's answer for "before", if a stage asked only for "now"."""


Key = TypeVar("Key", bound=Hashable)


def summed(rows: Iterable[tuple[Key, int]]) -> Counter[Key]:
    """The sum of the numbers of each key."""
    found = Counter[Key]()
    for key, number in rows:
        found[key] += number
    return found


class Topic(NamedTuple):
    """The stage, key and kind of a question. Questions with the same topic count together in results."""

    stage: Stage
    key: str
    kind: QuestionKind

    @property
    def is_paired(self) -> bool:
        """Whether an answer for "now" is compared with an earlier form's answer for "before"."""
        return self.kind is QuestionKind.BEFORE_NOW and self.stage in EARLIER


class EarlierReturn(NamedTuple):
    """The state of an earlier questionnaire of the same person."""

    is_returned: bool
    is_imported: bool
    has_answers: bool
    """False if the answers were given outside Training Hub, or anonymously."""


def why_unpaired(earlier: Sequence[EarlierReturn], *, is_anonymous: bool) -> str:
    """The reason why an answer for "now" has none for "before": a key of `WHY_UNPAIRED`."""
    if is_anonymous:
        return "anonymous"
    if not earlier:
        return "not asked"
    if not any(each.is_returned for each in earlier):
        return "not returned"
    if any(each.is_imported for each in earlier):
        return "imported"
    return "left out" if any(each.has_answers for each in earlier) else "anonymous"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many people of one course date gave the same answer to one question of one version."""

    event_id: int
    course_id: int
    starts_on: date
    question_id: int
    topic: Topic
    is_anonymous: bool = False
    agency_id: int | None = None
    """The agency as at booking, if counted by agency. None for anonymous answers."""
    value: int | None = None
    before: int | None = None
    chosen: str = ""
    unpaired: str = ""
    """The reason why there is no answer for "before": a key of `WHY_UNPAIRED`. Empty if none is missing."""
    number: int

    @property
    def group(self) -> tuple[int, Topic, bool]:
        """The key for finding small groups: tallies with the same date, question and halves of a pair are one group."""
        return self.event_id, self.topic, self.is_pair

    @property
    def is_pair(self) -> bool:
        """Whether both halves of a before-and-now pair are known."""
        return self.value is not None and self.before is not None

    @property
    def year(self) -> int:
        """The calendar year in which the financial year of the course date began."""
        return financial_year(self.starts_on)[0].year

    @property
    def quarter(self) -> tuple[int, int]:
        """The calendar year and quarter in which the course date began."""
        return self.starts_on.year, (self.starts_on.month - 1) // 3 + 1


@dataclass(frozen=True)
class Wording:
    """A question as one version asks it."""

    questionnaire: str
    version: int
    stage: Stage
    question: Question

    @property
    def topic(self) -> Topic:
        return Topic(self.stage, self.question.key, self.question.kind)

    @property
    def named(self) -> str:
        """End of course, version 2"""
        return f"{self.questionnaire}, version {self.version}"


@dataclass(frozen=True)
class Returns:
    """How many evaluations of a stage were due and returned."""

    due: int = 0
    returned: int = 0
    answered: int = 0
    """How many were returned with answers. Imported returns may have none, and then count in no result."""


def total_returns(parts: Iterable[Returns]) -> Returns:
    """The sum of these numbers due, returned and answered."""
    rows = list(parts)
    return Returns(
        due=sum(row.due for row in rows),
        returned=sum(row.returned for row in rows),
        answered=sum(row.answered for row in rows),
    )
