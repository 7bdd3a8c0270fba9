"""Numbers of evaluations due and returned, divided by course date, course, trainer or agency."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from training_hub.access import Actor
from training_hub.catalogue.models import Course, Event, EventTrainer
from training_hub.database import db
from training_hub.london import financial_year
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage
from training_hub.results.queries.counting import ResultsFilter, events_about, within_results
from training_hub.results.queries.results import VisibleResults, sees_small_groups
from training_hub.results.queries.returns import returns_by_agency
from training_hub.results.rules.counting import Returns, Topic, total_returns
from training_hub.results.rules.results import Result
from training_hub.results.rules.small_groups import FEWEST, suppress_small_parts

MOST_LISTED, MOST_DATES, MOST_COLUMNS = 500, 60, 3


class DateRow(NamedTuple):
    """One course date with evaluations due or answered."""

    event_id: int
    course_id: int
    slug: str
    course: str
    starts_at: datetime
    returns: Returns


@dataclass(frozen=True, kw_only=True)
class Row:
    """A course, trainer or agency, and its evaluations."""

    key: Any
    """The part of the page's address that names the course, trainer or agency."""
    course_id: int = 0
    name: str
    returns: Returns
    results: Mapping[Topic, Result] = field(default_factory=dict)
    """The results by topic. Only courses have them."""


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """Results divided `by` dates, courses, trainers or agencies. Empty for no division."""

    by: str = ""
    rows: Sequence[Row] = ()
    others: Returns | None = None
    """The sum of all suppressed rows."""
    columns: Sequence[Result] = ()
    """The questions that courses are compared by."""
    dates: Sequence[DateRow] = ()
    dates_left: int = 0
    """How many course dates are not listed."""
    year: tuple[date, date] | None = None
    """The financial year that the rows cover, if small groups are suppressed."""


def breakdown(
    actor: Actor, about: ResultsFilter, found: VisibleResults, stage: Stage, by: str, *, now: datetime
) -> Breakdown:
    """These results divided by what the reader chose."""
    if by == "agencies":
        return _agencies(actor, about, stage, now=now)
    listed = dates(actor, about, found.by_event.get(stage, {}), now=now) if by else []
    if by == "dates":
        left = max(len(listed) - MOST_DATES, 0)
        return Breakdown(by=by, dates=listed[:MOST_DATES], dates_left=left)
    if by == "trainers":
        return Breakdown(by=by, rows=by_trainer(listed))
    results = found.results(stage) if by else []
    pairs = [result for result in results if result.shift]
    return Breakdown(
        by=by,
        rows=[
            replace(row, results={each.topic: each for each in found.results(stage, row.course_id)})
            for row in by_course(listed)
        ],
        columns=(pairs or [result for result in results if result.mean is not None])[:MOST_COLUMNS],
    )


def _agencies(actor: Actor, about: ResultsFilter, stage: Stage, *, now: datetime) -> Breakdown:
    if sees_small_groups(actor) or about.first is None:
        return Breakdown(by="agencies", rows=by_agency(actor, about, stage, now=now))
    # Subtracting one period from an overlapping one, or one board from all, might reveal one person. So readers see
    # only whole years of all boards, which do not overlap.
    year = financial_year(about.first)
    whole = replace(about, first=year[0], last=year[1], board_id=None)
    rows, others = suppress_rows(actor, by_agency(actor, whole, stage, now=now), adds_up=True)
    return Breakdown(by="agencies", rows=rows, others=others, year=year)


def suppress_rows(actor: Actor, rows: Sequence[Row], *, adds_up: bool) -> tuple[list[Row], Returns | None]:
    """The rows that `actor` may see, and the sum of all others.

    `adds_up` says that the rows add up to a total. Trainers do not, because two can train together.
    """
    if sees_small_groups(actor):
        return list(rows), None
    parts: Mapping[Any, int] = {row.key: row.returns.due for row in rows}
    shown = suppress_small_parts(parts) if adds_up else {key for key, due in parts.items() if due >= FEWEST}
    others = [row.returns for row in rows if row.key not in shown]
    return [row for row in rows if row.key in shown], total_returns(others) if adds_up and others else None


def dates(
    actor: Actor, about: ResultsFilter, found: Mapping[int, Returns], *, now: datetime
) -> list[DateRow]:
    """The course dates that are keys of `found`, the latest first."""
    statement = (
        select(Event.id, Event.course_id, Course.slug, Course.title, Event.starts_at)
        .join(Course, Event.course_id == Course.id)
        .where(*events_about(about, now=now))
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )
    return [
        DateRow._make([*row, found[row[0]]])
        for row in db.session.execute(within_results(statement, actor, about))
        if row[0] in found
    ]


def has_dates(actor: Actor, about: ResultsFilter, *, now: datetime) -> bool:
    """Whether `actor` may see results of any of these course dates, answered or not."""
    statement = (
        select(Event.id).join(Course, Event.course_id == Course.id).where(*events_about(about, now=now))
    )
    return db.session.scalar(within_results(statement, actor, about).limit(1)) is not None


def by_course(rows: Iterable[DateRow]) -> list[Row]:
    """The courses of these course dates, by title."""
    of_course: dict[int, list[DateRow]] = defaultdict(list)
    for row in rows:
        of_course[row.course_id].append(row)
    found = []
    for course_id, dates in of_course.items():
        back = total_returns(each.returns for each in dates)
        found.append(Row(key=dates[0].slug, course_id=course_id, name=dates[0].course, returns=back))
    return sorted(found, key=lambda row: (row.name.casefold(), row.course_id))


def by_trainer(rows: Sequence[DateRow]) -> list[Row]:
    """The trainers of these course dates, by name. A date with two trainers counts in full for both."""
    back = {row.event_id: row.returns for row in rows}
    of_trainer: dict[tuple[int, str], list[Returns]] = defaultdict(list)
    named = db.session.execute(
        select(EventTrainer.event_id, Person.id, Person.name)
        .join(Person, EventTrainer.person_id == Person.id)
        .where(EventTrainer.event_id.in_(back))
    )
    for event_id, person_id, name in named:
        of_trainer[person_id, name].append(back[event_id])
    found = [
        Row(key=key, name=name, returns=total_returns(parts)) for (key, name), parts in of_trainer.items()
    ]
    return sorted(found, key=lambda row: (row.name.casefold(), row.key))


def by_agency(actor: Actor, about: ResultsFilter, stage: Stage, *, now: datetime) -> list[Row]:
    """The agencies, as at booking, whose people have evaluations of this stage due, by name."""
    return [
        Row(key=key, name=name, returns=back)
        for key, name, back in returns_by_agency(actor, about, stage, now=now)
    ][:MOST_LISTED]
