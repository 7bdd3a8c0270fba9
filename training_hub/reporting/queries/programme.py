"""The programme's figures for a period."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from training_hub.access import Actor
from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.periods import check_period
from training_hub.reporting.models import CourseRow, Filters, Programme
from training_hub.reporting.queries.counting import OLDEST, event_counts, still_to_come
from training_hub.reporting.rules import figures_of, months_between, period_before, total


def programme(actor: Actor, filters: Filters, *, now: datetime) -> Programme:
    """The figures that `actor` may read, as at `now`. Raises Refused for an impossible period."""
    first, last = filters.first, filters.last
    check_period(first, last)
    counts = event_counts(actor, filters, now=now)
    by_course, by_month = defaultdict(list), defaultdict(list)
    for count in counts:
        figures = figures_of(count)
        by_course[count.course_id].append(figures)
        by_month[count.month].append(figures)
    titles = _titles(by_course)
    courses = [
        CourseRow(course_id=key, course=titles[key], figures=total(rows)) for key, rows in by_course.items()
    ]
    courses.sort(key=lambda row: (row.course.casefold(), row.course_id))
    day, until = period_before(first, last)
    before = replace(filters, first=day, last=until)
    earlier = event_counts(actor, before, now=now) if first > OLDEST else []
    return Programme(
        first=first,
        last=last,
        as_at=now,
        courses=tuple(courses),
        months={month: total(by_month.get(month, [])) for month in months_between(first, last)},
        totals=total(row.figures for row in courses),
        to_come=still_to_come(actor, filters, now=now),
        before=total(figures_of(count) for count in earlier),
    )


def _titles(course_ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(select(Course.id, Course.title).where(Course.id.in_(list(course_ids))))
    return {row.id: row.title for row in rows}
