"""From counts to results: distributions, means, and how far people moved from before the course to its end."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from training_hub.evaluation.rules.answers import read_choices
from training_hub.questionnaires.models import Question, QuestionKind, Stage
from training_hub.questionnaires.rules.questions import WORDS_OF
from training_hub.results.rules.counting import Tally, Topic, Wording

K = QuestionKind
POINTS = range(1, 6)
WHY_UNPAIRED: Mapping[str, str] = {
    "not asked": "were not asked how it was before the course",
    "not returned": "did not answer when they were asked how it was before the course",
    "anonymous": "answered an anonymous form, which is never paired",
    "imported": "answered elsewhere how it was before the course",
    "left out": "left the question out when they were asked how it was before the course",
}
"""Why an answer for now, from the end or later, has none for then beside it."""
WHY_ALONE: Mapping[str, str] = {
    "not completed": "did not complete the course, or not yet",
    "not returned": "have not answered at its end",
    "anonymous": "answered an anonymous form, which is never paired",
    "imported": "answered elsewhere at its end",
}
"""Why an answer from before has none from the end beside it."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Numbers from 1 to 5, or differences of them: how many there are of each, and what follows from that."""

    counts: Mapping[int, int]

    @property
    def n(self) -> int:
        """How many numbers there are."""
        return sum(self.counts.values())

    @property
    def points(self) -> list[int]:
        """How many there are of each number from 1 to 5."""
        return [self.counts.get(point, 0) for point in POINTS]

    @property
    def mean(self) -> float | None:
        """None of nothing."""
        return sum(value * number for value, number in self.counts.items()) / self.n if self.n else None

    @property
    def deviation(self) -> float | None:
        """The standard deviation of the numbers as they are, not as a sample of more; None of nothing."""
        mean = self.mean
        if mean is None:
            return None
        return math.sqrt(sum(number * (value - mean) ** 2 for value, number in self.counts.items()) / self.n)

    def quantile(self, part: float) -> int | None:
        """The smallest number that at least this part of them do not exceed; None of nothing."""
        reached = 0
        for value in sorted(self.counts):
            reached += self.counts[value]
            if reached >= part * self.n and reached:
                return value
        return None


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What became of people from before the course to its end, where both are known of each."""

    before: Spread
    now: Spread
    change: Spread

    @property
    def n(self) -> int:
        return self.change.n

    @property
    def up(self) -> int:
        """How many rate themselves higher now than before."""
        return sum(number for points, number in self.change.counts.items() if points > 0)

    @property
    def same(self) -> int:
        return self.change.counts.get(0, 0)

    @property
    def down(self) -> int:
        return self.n - self.up - self.same

    @property
    def middle_half(self) -> str:
        """How far the middle half of people moved: "The middle half of people moved by +1 to +2 points"."""
        low, high = self.change.quantile(0.25), self.change.quantile(0.75)
        if low is None or high is None:
            return ""
        if low == high == 0:
            return "The middle half of people did not move"
        words = _points(low) if low == high else f"{_signed(low)} to {_points(high)}"
        return f"The middle half of people moved by {words}"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One answer that could be given, and how many gave it."""

    label: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was answered to one question, at one stage, over all the forms and versions that asked it."""

    topic: Topic
    section: str
    text: str
    """As it was last worded."""
    low: str
    high: str
    n: int
    """How many people answered it."""
    left_out: int = 0
    """How many answers are not counted, since too few people of their course date gave one."""
    bars: tuple[Bar, ...] = ()
    """Every answer that could be given, in order; of a before-and-now pair none."""
    spread: Spread | None = None
    """The numbers given: not of what has none."""
    shift: Shift | None = None
    unpaired: Mapping[str, int]
    """How many answered for now alone, by why."""
    wordings: tuple[str, ...] = ()
    """What other versions asked in other words, a sentence each."""

    @property
    def kind(self) -> QuestionKind:
        return self.topic.kind

    @property
    def mean(self) -> float | None:
        """Of a scale alone: between too slow and too fast there is no average worth showing."""
        return self.spread.mean if self.spread and self.kind is K.SCALE else None

    @property
    def yes(self) -> int:
        """Of a yes-or-no question, how many said yes."""
        return self.bars[0].number if self.kind is K.YES_NO else 0


def results(shown: Sequence[Tally], all_of_them: Sequence[Tally], asked: Iterable[Wording]) -> list[Result]:
    """A result for every question that was answered, in the order of the forms; of `all_of_them` only what is `shown`
    is counted."""
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
        bars=() if is_pair else _bars(topic.kind, tallies, wordings),
        spread=_spread(topic, tallies),
        shift=_shift(tallies) if is_pair else None,
        unpaired=_unpaired(tallies),
        wordings=tuple(_differences(latest, wordings[1:])),
    )


def _spread(topic: Topic, tallies: Iterable[Tally]) -> Spread | None:
    """The numbers given; of a pair those for now, or for then where only that was asked."""
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
    counts = Counter[int]()
    for value, number in rows:
        if value is not None:
            counts[value] += number
    return Spread(counts=dict(counts))


def _unpaired(tallies: Iterable[Tally]) -> dict[str, int]:
    found = Counter(dict.fromkeys(WHY_UNPAIRED, 0))
    for tally in tallies:
        if tally.unpaired:
            found[tally.unpaired] += tally.number
    return {why: number for why, number in found.items() if number}


def _bars(kind: QuestionKind, tallies: Sequence[Tally], wordings: Sequence[Wording]) -> tuple[Bar, ...]:
    """How many gave each answer; options are the same where they are worded alike, whatever their numbers."""
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
    return tuple(Bar(label=label, number=number) for label, number in counts.items())


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
    """In words, what was asked otherwise than it is now."""
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


def _points(points: int) -> str:
    """+2 points, −1 point, 0 points"""
    return f"{_signed(points)} {'point' if abs(points) == 1 else 'points'}"


def _signed(points: int) -> str:
    return f"{points:+}".replace("-", "−").replace("+0", "0")
