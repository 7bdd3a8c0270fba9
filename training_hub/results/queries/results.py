"""Results as someone may read them: counted, cut to what they may see, and folded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from training_hub.access import Actor, Permission, Scope, may, scopes
from training_hub.london import financial_year
from training_hub.questionnaires.models import Stage
from training_hub.results.queries.counting import About, agency_seen_by, everybodys_tallies, tallies, wordings
from training_hub.results.queries.returns import returns, returns_by_agency
from training_hub.results.rules.counting import Returns, Tally, Wording, total_returns
from training_hub.results.rules.results import Result, results
from training_hub.results.rules.small_groups import kept, kept_of_agency, shown_parts


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The results of a course date, a course, a trainer, an agency or a programme, as one person may see them."""

    returns: Mapping[Stage, Returns]
    by_event: Mapping[Stage, Mapping[int, Returns]]
    shown: Sequence[Tally]
    """What is counted in `results`."""
    all: Sequence[Tally]
    """What would be counted if nothing were too few to show."""
    wordings: Sequence[Wording]
    untold: frozenset[Stage] = frozenset()
    """The stages of which not even how many are due and came back may be told: of too few people of one agency."""

    @property
    def stages(self) -> list[Stage]:
        """Those at which anything is due or was answered, in order."""
        answered = {tally.topic.stage for tally in self.all}
        return [stage for stage in Stage if stage in answered or stage in self.returns]

    def results(self, stage: Stage) -> list[Result]:
        """The result of every question that was answered at this stage."""
        return results(
            [tally for tally in self.shown if tally.topic.stage is stage],
            [tally for tally in self.all if tally.topic.stage is stage],
            self.wordings,
        )

    def of_course(self, course_id: int, stage: Stage) -> list[Result]:
        """The same, of one of its courses alone."""
        return replace(
            self,
            shown=[tally for tally in self.shown if tally.course_id == course_id],
            all=[tally for tally in self.all if tally.course_id == course_id],
        ).results(stage)


def sees_few(actor: Actor) -> bool:
    """Whether `actor` may see results of however few people: they may see who said what as well."""
    return may(actor, Permission.REVIEW_COMMENTS)


def reading(actor: Actor, about: About, *, now: datetime) -> Reading:
    """The results of what is asked about, as `actor` may see them.

    An agency's are of whole financial years to whoever must not know who said what: between two periods of their own
    choosing might lie one person.
    """
    agency_id = about.agency_id
    if agency_id is None or sees_few(actor):
        found = tallies(actor, about, now=now)
        is_whole = about.is_of_whole_years and Scope.ALL in scopes(actor, Permission.SEE_RESULTS)
        shown = kept(found, sees_few=sees_few(actor), is_whole_years=is_whole)
    else:
        # The parcels of agencies are of all courses together: one course of theirs might be one person.
        about = replace(whole_years(about), course_id=None, board_id=None)
        is_theirs = agency_seen_by(actor, agency_id) is not None
        everybodys = everybodys_tallies(replace(about, agency_id=None), now=now) if is_theirs else []
        found = [tally for tally in everybodys if tally.agency_id == agency_id]
        shown = kept_of_agency(everybodys, agency_id)
    by_event = returns(actor, about, now=now)
    return Reading(
        returns={stage: total_returns(events.values()) for stage, events in by_event.items()},
        by_event=by_event,
        shown=shown,
        all=found,
        wordings=wordings(tally.question_id for tally in found) if found else [],
        untold=frozenset(stage for stage in by_event if not _is_told(actor, about, stage, now=now)),
    )


def _is_told(actor: Actor, about: About, stage: Stage, *, now: datetime) -> bool:
    """Whether `actor` may know how many evaluations of this stage are due and came back.

    Of one agency, whoever must not know who said what, and does not lead its training, may know it of the years in
    which it stands in a row of its own beside the others: its page tells no more than the rows of all agencies do.
    """
    agency_id, first, last = about.agency_id, about.first, about.last
    held = scopes(actor, Permission.SEE_RESULTS)
    leads = actor.agency_id == agency_id and Scope.AGENCY in held
    if agency_id is None or first is None or last is None or sees_few(actor) or leads:
        return True
    while first < last:
        year = replace(about, agency_id=None, first=first, last=financial_year(first)[1])
        rows = returns_by_agency(actor, year, stage, now=now)
        parts: dict[int | None, int] = {key: back.due for key, _name, back in rows}
        if agency_id in parts and agency_id not in shown_parts(parts):
            return False
        first = first.replace(year=first.year + 1)
    return True


def whole_years(about: About) -> About:
    """The same, of the whole financial years that its period touches."""
    if about.first is None or about.last is None:
        return about
    return replace(about, first=financial_year(about.first)[0], last=financial_year(about.last)[1])


def over_time(actor: Actor, about: About, *, now: datetime) -> tuple[list[Tally], list[Wording]]:
    """What of the answers may be shown quarter by quarter: by course date alone, for a quarter is no whole year."""
    found = tallies(actor, about, now=now)
    shown = kept(found, sees_few=sees_few(actor))
    return shown, wordings(tally.question_id for tally in found) if found else []
