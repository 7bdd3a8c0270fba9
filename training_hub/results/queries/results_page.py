"""Everything that a page of results shows to one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from training_hub.access import Actor
from training_hub.questionnaires.models import QuestionKind, Stage
from training_hub.results.queries.breakdown import Breakdown, breakdown
from training_hub.results.queries.comments import (
    Comment,
    CommentFilter,
    comments,
    number_of_comments,
    theme_counts,
)
from training_hub.results.queries.counting import ResultsFilter, tallies, wordings
from training_hub.results.queries.results import sees_small_groups, visible_results
from training_hub.results.queries.returns import before_alone
from training_hub.results.rules.counting import Returns
from training_hub.results.rules.over_time import Quarter, quarters
from training_hub.results.rules.results import Result
from training_hub.results.rules.small_groups import TOO_FEW, TOO_FEW_OF_ANY, suppress_small_groups

CHARTED = (QuestionKind.BEFORE_NOW, QuestionKind.SCALE)
"""The kinds of question with a mean to draw. Without a choice, the first such question is drawn."""
YEARS_BACK = 3


@dataclass(frozen=True, kw_only=True)
class PageChoice:
    """What a reader chose to see on a page of results."""

    stage: Stage | None = None
    by: str = ""
    """"dates", "courses", "trainers" or "agencies", to divide the results by. Empty for no division."""
    over_time: bool = False
    question: str = ""
    """The key of the question to draw over time."""
    most_comments: int = 8


@dataclass(frozen=True, kw_only=True)
class OverTime:
    """One question from quarter to quarter, and the questions to choose from."""

    chosen: Result
    choices: Sequence[Result]
    quarters: Sequence[Quarter]

    @property
    def title(self) -> str:
        """The message of the chart, such as: 3.9 out of 5 in Apr to Jun 2024, 4.2 in Jan to Mar 2025"""
        known = [quarter for quarter in self.quarters if quarter.mean is not None]
        if not known:
            return "Too few answers in any quarter to show"
        first, last = known[0], known[-1]
        if first is last:
            return f"{last.mean:.1f} out of 5 in {last.label}"
        return f"{first.mean:.1f} out of 5 in {first.label}, {last.mean:.1f} in {last.label}"

    @property
    def has_versions(self) -> bool:
        """Whether a new version begins in any quarter."""
        return any(quarter.begins for quarter in self.quarters)


@dataclass(frozen=True, kw_only=True)
class ResultsPage:
    """What a page of results shows to one reader."""

    stages: Sequence[Stage]
    stage: Stage
    returns: Returns
    is_hidden: bool
    """Whether so few people were asked that even the numbers due and returned are hidden."""
    results: Sequence[Result]
    too_few: str
    """The sentence shown in place of results that are hidden."""
    before_alone: Mapping[str, int]
    """How many people answered only before the course, by reason."""
    over_time: OverTime | None
    breakdown: Breakdown
    comments: Sequence[Comment]
    comments_in_all: int
    themes: Sequence[tuple[int, str, int]]
    reviews: bool
    """Whether the reader may review comments."""

    @property
    def pairs(self) -> list[Result]:
        """The results that compare before and now."""
        return [result for result in self.results if result.shift]

    @property
    def sections(self) -> dict[str, list[Result]]:
        """The results by the questionnaire's headings, in order."""
        found: dict[str, list[Result]] = {}
        for result in self.results:
            found.setdefault(result.section, []).append(result)
        return found

    @property
    def is_too_few(self) -> bool:
        """Whether some people answered, but too few to show any result."""
        return bool(self.results) and not any(result.n for result in self.results)

    @property
    def left_out(self) -> int | None:
        """How many answers are hidden. None if the number differs between questions."""
        numbers = {result.left_out for result in self.results} or {0}
        return numbers.pop() if len(numbers) == 1 else None


def results_page(actor: Actor, about: ResultsFilter, choice: PageChoice, *, now: datetime) -> ResultsPage:
    """The page of these results for `actor`. Without a choice, shows the end stage, or else the first there is."""
    found = visible_results(actor, about, now=now)
    default = Stage.END if Stage.END in found.stages or not found.stages else found.stages[0]
    stage = choice.stage or default
    results = found.results(stage)
    reviews = sees_small_groups(actor)
    wanted = CommentFilter(stage=stage)
    has_comments = reviews or about.agency_id is None
    return ResultsPage(
        stages=found.stages,
        stage=stage,
        returns=found.returns.get(stage, Returns()),
        is_hidden=stage in found.hidden,
        results=results,
        too_few=TOO_FEW if about.event_id else TOO_FEW_OF_ANY,
        before_alone=before_alone(actor, about, now=now) if stage is Stage.BEFORE else {},
        over_time=_over_time(actor, about, results, choice, now=now),
        breakdown=breakdown(actor, about, found, stage, choice.by, now=now),
        comments=comments(actor, about, wanted, now=now, limit=choice.most_comments) if has_comments else [],
        comments_in_all=number_of_comments(actor, about, wanted, now=now) if has_comments else 0,
        themes=theme_counts(actor, about, wanted, now=now) if reviews else [],
        reviews=reviews,
    )


def _over_time(
    actor: Actor, about: ResultsFilter, results: Sequence[Result], choice: PageChoice, *, now: datetime
) -> OverTime | None:
    """One question by quarter. Each block here is a single course date, because a quarter is not a whole year."""
    charted = sorted(
        (each for each in results if each.kind in CHARTED), key=lambda each: CHARTED.index(each.kind)
    )
    if not choice.over_time or not charted or about.first is None:
        return None
    chosen = next((each for each in charted if each.topic.key == choice.question), charted[0])
    since = replace(about, first=about.first.replace(year=about.first.year - YEARS_BACK, day=1))
    found = tallies(actor, since, now=now)
    shown = suppress_small_groups(found, sees_small_groups=sees_small_groups(actor))
    rows = quarters(chosen.topic, shown, wordings(tally.question_id for tally in found))
    return OverTime(chosen=chosen, choices=charted, quarters=rows) if rows else None
