"""What was answered, counted by the database as finely as any result needs it, and no finer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from training_hub.london import financial_year
from training_hub.questionnaires.models import Question, QuestionKind, Stage


class Topic(NamedTuple):
    """What makes two questions the same to results: the stage at which they are asked, their key and their kind."""

    stage: Stage
    key: str
    kind: QuestionKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many people of one course date gave the same answer to one question of one version of a form."""

    event_id: int
    course_id: int
    starts_on: date
    question_id: int
    topic: Topic
    is_anonymous: bool = False
    agency_id: int | None = None
    """The agency as at booking, where results are counted by it; an anonymous form has none."""
    value: int | None = None
    before: int | None = None
    chosen: str = ""
    unpaired: str = ""
    """Why there is no answer from before the course beside the one from its end; empty where nothing is missing."""
    number: int

    @property
    def group(self) -> tuple[int, Topic, bool]:
        """Whom it is counted with when it is asked whether they are too few: those of its course date who answered the
        same question, and of a before-and-now pair either both halves or one."""
        return self.event_id, self.topic, self.is_pair

    @property
    def is_pair(self) -> bool:
        """Whether both halves of a before-and-now pair are known."""
        return self.value is not None and self.before is not None

    @property
    def year(self) -> int:
        """The financial year in which the course date began, by the year in which that began."""
        return financial_year(self.starts_on)[0].year

    @property
    def quarter(self) -> tuple[int, int]:
        """The year and the quarter of the calendar in which the course date began."""
        return self.starts_on.year, (self.starts_on.month - 1) // 3 + 1


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One question as one version of a form asks it."""

    form: str
    version: int
    stage: Stage
    question: Question

    @property
    def topic(self) -> Topic:
        return Topic(self.stage, self.question.key, self.question.kind)

    @property
    def named(self) -> str:
        """Which version of which form it stands in: "End of course, version 2"."""
        return f"{self.form}, version {self.version}"


@dataclass(frozen=True, kw_only=True)
class Returns:
    """How many evaluations of a stage were due and came back, of one course date or of many (domain 4.6)."""

    due: int = 0
    returned: int = 0
    answered: int = 0
    """Of those returned, the ones whose answers are here: what was brought in without answers is outside every n."""


def total_returns(parts: Iterable[Returns]) -> Returns:
    """The sum of these."""
    rows = list(parts)
    return Returns(
        due=sum(row.due for row in rows),
        returned=sum(row.returned for row in rows),
        answered=sum(row.answered for row in rows),
    )
