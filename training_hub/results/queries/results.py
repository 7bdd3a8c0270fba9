"""The results that one reader may see, with small groups suppressed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from training_hub.access import Actor, Permission, Scope, may, scopes
from training_hub.london import financial_year
from training_hub.questionnaires.models import Stage
from training_hub.results.queries.counting import ResultsFilter, agency_seen_by, tallies, wordings
from training_hub.results.queries.returns import returns, returns_by_agency
from training_hub.results.rules.counting import Returns, Tally, Wording, total_returns
from training_hub.results.rules.results import Result, results
from training_hub.results.rules.small_groups import (
    suppress_in_agency,
    suppress_small_groups,
    suppress_small_parts,
)


@dataclass(frozen=True, kw_only=True)
class VisibleResults:
    """The results of a course date, a course, a trainer, an agency or the programme, as one reader may see them."""

    returns: Mapping[Stage, Returns]
    by_event: Mapping[Stage, Mapping[int, Returns]]
    shown: Sequence[Tally]
    """The tallies that `results` counts."""
    all: Sequence[Tally]
    """All tallies, including suppressed ones."""
    wordings: Sequence[Wording]
    hidden: frozenset[Stage] = frozenset()
    """The stages at which so few people of one agency were asked that even numbers due and returned are hidden."""

    @property
    def stages(self) -> list[Stage]:
        """The stages with an evaluation due or answered, in order."""
        answered = {tally.topic.stage for tally in self.all}
        return [stage for stage in Stage if stage in answered or stage in self.returns]

    def results(self, stage: Stage, course_id: int | None = None) -> list[Result]:
        """The result of every question answered at this stage, of one course or of all."""
        shown, everything = (
            [tally for tally in part if tally.topic.stage is stage and course_id in (None, tally.course_id)]
            for part in (self.shown, self.all)
        )
        return results(shown, everything, self.wordings)


def sees_small_groups(actor: Actor) -> bool:
    """Whether `actor` may see results of fewer than five people. Only reviewers of comments may."""
    return may(actor, Permission.REVIEW_COMMENTS)


def visible_results(actor: Actor, about: ResultsFilter, *, now: datetime) -> VisibleResults:
    """The results that `actor` may see.

    Readers who must not know who said what see one agency's results for whole financial years only. Otherwise they
    could subtract one period from another, and find one person.
    """
    agency_id = about.agency_id
    if agency_id is None or sees_small_groups(actor):
        found = tallies(actor, about, now=now)
        is_whole = about.is_of_whole_years and Scope.ALL in scopes(actor, Permission.SEE_RESULTS)
        shown = suppress_small_groups(
            found, sees_small_groups=sees_small_groups(actor), is_whole_years=is_whole
        )
    else:
        # Blocks of an agency's answers cover all courses together: at a single course there might be one person.
        about = replace(whole_years(about), course_id=None, board_id=None)
        is_theirs = agency_seen_by(actor, agency_id) is not None
        everyones = tallies(None, replace(about, agency_id=None), now=now) if is_theirs else []
        found = [tally for tally in everyones if tally.agency_id == agency_id]
        shown = suppress_in_agency(everyones, agency_id)
    by_event = returns(actor, about, now=now)
    return VisibleResults(
        returns={stage: total_returns(events.values()) for stage, events in by_event.items()},
        by_event=by_event,
        shown=shown,
        all=found,
        wordings=wordings(tally.question_id for tally in found) if found else [],
        hidden=frozenset(stage for stage in by_event if _is_hidden(actor, about, stage, now=now)),
    )


def _is_hidden(actor: Actor, about: ResultsFilter, stage: Stage, *, now: datetime) -> bool:
    """Whether `actor` must not know how many evaluations of one agency are due and returned.

    The agency's own lead may know. Others may only if the agency has its own row in every year's list of agencies.
    """
    agency_id, first, last = about.agency_id, about.first, about.last
    leads = actor.agency_id == agency_id and Scope.AGENCY in scopes(actor, Permission.SEE_RESULTS)
    if agency_id is None or first is None or last is None or sees_small_groups(actor) or leads:
        return False
    while first < last:
        year = replace(about, agency_id=None, first=first, last=financial_year(first)[1])
        rows = returns_by_agency(actor, year, stage, now=now)
        parts: dict[int | None, int] = {key: back.due for key, _name, back in rows}
        if agency_id in parts and agency_id not in suppress_small_parts(parts):
            return True
        first = first.replace(year=first.year + 1)
    return False


def whole_years(about: ResultsFilter) -> ResultsFilter:
    """The choice, extended to the whole financial years that its period touches."""
    if about.first is None or about.last is None:
        return about
    return replace(about, first=financial_year(about.first)[0], last=financial_year(about.last)[1])
