"""Turning counts into results: distributions, means, and changes from before the course to its end."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from training_hub.evaluation.rules.answers import read_choices
from training_hub.questionnaires.models import Question, QuestionKind, Stage
from training_hub.questionnaires.rules.questions import WORDS_OF
from training_hub.results.rules.counting import Tally, Topic, Wording, summed

K = QuestionKind
POINTS = range(1, 6)
WHY_UNPAIRED: Mapping[str, str] = {
    "not asked": "had no such question before the course",
    "not returned": "did not answer before the course",
    "anonymous": "answered anonymously, which is never compared",
    "imported": "answered outside Training Hub before the course",
    "left out": "left this question empty before the course",
}
"""Reasons why an answer from the end or later has none for "before", as pages say them."""
WHY_ALONE: Mapping[str, str] = {
    "not completed": "did not complete the course, or not yet",
    "not returned": "did not answer at the end, or not yet",
    "anonymous": "answered anonymously, which is never compared",
    "imported": "answered outside Training Hub at the end",
}
"""Reasons why an answer from before the course has none from the end, as pages say them."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How often each number occurs: answers from 1 to 5, or differences between two answers."""

    counts: Mapping[int, int]

    @property
    def n(self) -> int:
        """How many numbers are counted."""
        return sum(self.counts.values())

    @property
    def points(self) -> list[int]:
        """How often each number from 1 to 5 occurs."""
        return [self.counts.get(point, 0) for point in POINTS]

    @property
    def mean(self) -> float | None:
        """None if there are no numbers."""
        return sum(value * number for value, number in self.counts.items()) / self.n if self.n else None

    @property
    def deviation(self) -> float | None:
        """The population standard deviation. None if there are no numbers."""
        mean = self.mean
        if mean is None:
            return None
        return math.sqrt(sum(number * (value - mean) ** 2 for value, number in self.counts.items()) / self.n)

    @property
    def median(self) -> int | None:
        """The median: the smallest number that at least half of the numbers do not exceed. None without numbers."""
        reached = 0
        for value in sorted(self.counts):
            reached += self.counts[value]
            if reached and 2 * reached >= self.n:
                return value
        return None


@dataclass(frozen=True, kw_only=True)
class Shift:
    """How people changed from before the course to its end. Only complete pairs count."""

    before: Spread
    now: Spread
    change: Spread

    @property
    def n(self) -> int:
        return self.change.n

    @property
    def up(self) -> int:
        """How many people went up."""
        return sum(number for points, number in self.change.counts.items() if points > 0)

    @property
    def same(self) -> int:
        return self.change.counts.get(0, 0)

    @property
    def down(self) -> int:
        return self.n - self.up - self.same


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answers to one question at one stage, over all questionnaires and versions that ask it."""

    topic: Topic
    section: str
    text: str
    """The question in its latest wording."""
    low: str
    high: str
    n: int
    """How many people answered the question."""
    left_out: int = 0
    """How many answers are suppressed, because too few people answered about the same course date."""
    bars: Mapping[str, int]
    """How many people gave each possible answer, in order. Empty for before-and-now pairs."""
    spread: Spread | None = None
    """The numbers that people chose. None for kinds without numbers."""
    shift: Shift | None = None
    unpaired: Mapping[str, int]
    """How many answers for "now" have none for "before", by reason."""
    wordings: tuple[str, ...] = ()
    """A sentence about each other version that worded the question differently."""

    @property
    def kind(self) -> QuestionKind:
        return self.topic.kind

    @property
    def mean(self) -> float | None:
        """The mean of a scale. None for other kinds, as an average of "too slow" and "too fast" means nothing."""
        return self.spread.mean if self.spread and self.kind is K.SCALE else None

    @property
    def yes(self) -> int:
        """How many said yes to a yes-or-no question."""
        return self.bars["Yes"] if self.kind is K.YES_NO else 0


def results(shown: Sequence[Tally], all_of_them: Sequence[Tally], asked: Iterable[Wording]) -> list[Result]:
    """A result for every question in `all_of_them`, in the questionnaire's order. Counts only the tallies `shown`."""
    answered, counted = _by_topic(all_of_them), _by_topic(shown)
    wordings: dict[Topic, list[Wording]] = defaultdict(list)
    for wording in sorted(asked, key=lambda each: -each.question.id):
        wordings[wording.topic].append(wording)
    found = [
        _result(topic, counted.get(topic, []), _number(tallies), wordings[topic])
        for topic, tallies in answered.items()
        if topic.kind not in WORDS_OF and wordings[topic]
    ]
    return sorted(found, key=lambda each: (wordings[each.topic][0].question.position, each.topic.key))


def _result(topic: Topic, tallies: Sequence[Tally], answered: int, wordings: Sequence[Wording]) -> Result:
    latest = wordings[0].question
    n = _number(tallies)
    is_pair = topic.kind is K.BEFORE_NOW
    return Result(
        topic=topic,
        section=latest.section,
        text=latest.text,
        low=latest.low,
        high=latest.high,
        n=n,
        left_out=answered - n,
        bars={} if is_pair else _bars(topic.kind, tallies, wordings),
        spread=_spread(topic, tallies),
        shift=_shift(tallies) if is_pair else None,
        unpaired=_unpaired(tallies),
        wordings=tuple(_differences(latest, wordings[1:])),
    )


def _spread(topic: Topic, tallies: Iterable[Tally]) -> Spread | None:
    """The numbers that people chose. For pairs, those for "now", or for "before" if only that was asked."""
    if topic.kind not in {K.SCALE, K.BALANCE, K.BEFORE_NOW}:
        return None
    is_before = topic.kind is K.BEFORE_NOW and topic.stage is Stage.BEFORE
    return _counted((tally.before if is_before else tally.value, tally.number) for tally in tallies)


def _shift(tallies: Iterable[Tally]) -> Shift | None:
    pairs = [
        (tally.before, tally.value, tally.number)
        for tally in tallies
        if tally.before is not None and tally.value is not None
    ]
    if not pairs:
        return None
    return Shift(
        before=_counted((before, number) for before, _, number in pairs),
        now=_counted((now, number) for _, now, number in pairs),
        change=_counted((now - before, number) for before, now, number in pairs),
    )


def _counted(rows: Iterable[tuple[int | None, int]]) -> Spread:
    return Spread(counts=summed((value, number) for value, number in rows if value is not None))


def _unpaired(tallies: Iterable[Tally]) -> dict[str, int]:
    found = Counter(dict.fromkeys(WHY_UNPAIRED, 0))
    for tally in tallies:
        if tally.unpaired:
            found[tally.unpaired] += tally.number
    return {why: number for why, number in found.items() if number}


def _bars(kind: QuestionKind, tallies: Sequence[Tally], wordings: Sequence[Wording]) -> dict[str, int]:
    """How many people gave each answer. Options with the same words count together, whatever their numbers."""
    options = {wording.question.id: wording.question.options for wording in wordings}
    if kind in {K.CHOICE, K.CHOICES}:
        counts = Counter(dict.fromkeys((str(option) for each in options.values() for option in each), 0))
    elif kind is K.YES_NO:
        counts = Counter({"Yes": 0, "No": 0})
    else:
        counts = Counter({str(point): 0 for point in POINTS})
    for tally in tallies:
        for label in _labels(kind, tally, options.get(tally.question_id, [])):
            counts[label] += tally.number
    return dict(counts)


def _labels(kind: QuestionKind, tally: Tally, options: Sequence[object]) -> list[str]:
    if kind is K.CHOICES:
        return [str(options[number - 1]) for number in read_choices(tally.chosen)]
    if tally.value is None:
        return []
    if kind is K.CHOICE:
        return [str(options[tally.value - 1])]
    if kind is K.YES_NO:
        return ["Yes" if tally.value else "No"]
    return [str(tally.value)]


def _differences(latest: Question, others: Iterable[Wording]) -> Iterator[str]:
    """How earlier versions worded the question, in sentences."""
    for wording in others:
        was = wording.question
        parts = []
        if was.text != latest.text:
            parts.append(f"asked “{was.text}”")
        if (was.low, was.high) != (latest.low, latest.high):
            parts.append(f"named the ends “{was.low}” and “{was.high}”")
        if list(was.options) != list(latest.options):
            parts.append(f"offered {', '.join(f'“{option}”' for option in was.options)}")
        if parts:
            yield f"{wording.named} {' and '.join(parts)}."


def _by_topic(tallies: Iterable[Tally]) -> dict[Topic, list[Tally]]:
    found: dict[Topic, list[Tally]] = defaultdict(list)
    for tally in tallies:
        found[tally.topic].append(tally)
    return found


def _number(tallies: Iterable[Tally]) -> int:
    return sum(tally.number for tally in tallies)
