"""The answers to one question, quarter by quarter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training_hub.questionnaires.models import QuestionKind, Stage
from training_hub.results.rules.counting import Tally, Topic, Wording

MOST_QUARTERS = 16


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """One calendar quarter: the number of answers and their mean."""

    year: int
    number: int
    n: int = 0
    mean: float | None = None
    before: float | None = None
    """For before-and-now pairs, the mean before the course. `mean` and `n` then count complete pairs only."""
    begins: tuple[str, ...] = ()
    """Versions first answered in this quarter. Always empty in the first quarter."""

    @property
    def label(self) -> str:
        """Jan to Mar 2020"""
        months = ("Jan to Mar", "Apr to Jun", "Jul to Sep", "Oct to Dec")[self.number - 1]
        return f"{months} {self.year}"


def quarters(topic: Topic, shown: Iterable[Tally], asked: Iterable[Wording]) -> list[Quarter]:
    """Every quarter from the first to the last with answers, but only the latest 16."""
    by_quarter: dict[tuple[int, int], list[Tally]] = defaultdict(list)
    for tally in shown:
        if tally.topic == topic:
            by_quarter[tally.quarter].append(tally)
    if not by_quarter:
        return []
    versions = {wording.question.id: wording.named for wording in asked}
    seen: set[str] = set()
    found = []
    for year, number in _between(min(by_quarter), max(by_quarter)):
        tallies = by_quarter.get((year, number), [])
        new = sorted({versions.get(tally.question_id, "") for tally in tallies} - seen - {""})
        found.append(_quarter(topic, year, number, tallies, new if seen else ()))
        seen |= set(new)
    return found[-MOST_QUARTERS:]


def _quarter(topic: Topic, year: int, number: int, tallies: Sequence[Tally], new: Sequence[str]) -> Quarter:
    is_pair = topic.kind is QuestionKind.BEFORE_NOW and topic.stage is not Stage.BEFORE
    counted = [tally for tally in tallies if (tally.is_pair if is_pair else _point(tally) is not None)]
    n = sum(tally.number for tally in counted)
    return Quarter(
        year=year,
        number=number,
        n=n,
        mean=sum((_point(tally) or 0) * tally.number for tally in counted) / n if n else None,
        before=sum((tally.before or 0) * tally.number for tally in counted) / n if n and is_pair else None,
        begins=tuple(new),
    )


def _point(tally: Tally) -> int | None:
    """The answer for "now", or for "before" at the stage that asks only for it."""
    is_before = tally.topic.kind is QuestionKind.BEFORE_NOW and tally.topic.stage is Stage.BEFORE
    return tally.before if is_before else tally.value


def _between(first: tuple[int, int], last: tuple[int, int]) -> list[tuple[int, int]]:
    start, end = first[0] * 4 + first[1] - 1, last[0] * 4 + last[1] - 1
    return [(number // 4, number % 4 + 1) for number in range(start, end + 1)]
