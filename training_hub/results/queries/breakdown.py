"""Due and returned, by what one can look at more closely: course dates, courses, trainers, agencies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from training_hub.access import Actor
from training_hub.catalogue.models import Course, Event, EventTrainer
from training_hub.database import db
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage
from training_hub.results.queries.counting import About, events_about, within_results
from training_hub.results.queries.returns import returns_by_agency
from training_hub.results.rules.counting import Returns, total_returns

MOST_LISTED = 500


@dataclass(frozen=True, kw_only=True)
class DateRow:
    """One course date of which evaluations are due or answered."""

    event_id: int
    course_id: int
    slug: str
    course: str
    starts_at: datetime
    returns: Returns


@dataclass(frozen=True, kw_only=True)
class Row:
    """A course, trainer or agency, and the evaluations of it."""

    key: Any
    """What its address ends with."""
    course_id: int = 0
    name: str
    returns: Returns


def dates(
    actor: Actor, about: About, found: Mapping[int, Returns], *, now: datetime, limit: int | None = None
) -> list[DateRow]:
    """The course dates that are among `found`, the latest first."""
    statement = (
        select(Event.id, Event.course_id, Course.slug, Course.title, Event.starts_at)
        .join(Course, Event.course_id == Course.id)
        .where(*events_about(about, now=now))
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )
    rows = [
        DateRow(
            event_id=row[0],
            course_id=row[1],
            slug=row[2],
            course=row[3],
            starts_at=row[4],
            returns=found[row[0]],
        )
        for row in db.session.execute(within_results(statement, actor, about))
        if row[0] in found
    ]
    return rows[:limit] if limit is not None else rows


def has_dates(actor: Actor, about: About, *, now: datetime) -> bool:
    """Whether there is any course date among these whose results `actor` may see, answered or not."""
    statement = (
        select(Event.id).join(Course, Event.course_id == Course.id).where(*events_about(about, now=now))
    )
    return db.session.scalar(within_results(statement, actor, about).limit(1)) is not None


def by_course(rows: Iterable[DateRow]) -> list[Row]:
    """The courses of these course dates, by title."""
    of_course: dict[int, list[DateRow]] = defaultdict(list)
    for row in rows:
        of_course[row.course_id].append(row)
    found = [
        Row(
            key=dates[0].slug,
            course_id=course_id,
            name=dates[0].course,
            returns=total_returns(each.returns for each in dates),
        )
        for course_id, dates in of_course.items()
    ]
    return sorted(found, key=lambda row: (row.name.casefold(), row.course_id))


def by_trainer(rows: Sequence[DateRow]) -> list[Row]:
    """The trainers of these course dates, by name. Two who train together are each given all of it."""
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


def by_agency(actor: Actor, about: About, stage: Stage, *, now: datetime) -> list[Row]:
    """The agencies, as at booking, whose people owe evaluations of this stage, by name."""
    return [
        Row(key=key, name=name, returns=back)
        for key, name, back in returns_by_agency(actor, about, stage, now=now)
    ][:MOST_LISTED]
