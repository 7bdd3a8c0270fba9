"""The programme's figures for a period."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.periods import check_period
from training_hub.reporting.models import CourseRow, MonthRow, Programme
from training_hub.reporting.queries.counting import OLDEST, event_counts, still_to_come
from training_hub.reporting.rules import figures_of, months_between, period_before, total


def programme(first: date, last: date, *, now: datetime) -> Programme:
    """The figures from `first` to `last`, both included, as at `now`. Raises Refused for an impossible period."""
    check_period(first, last)
    counts = event_counts(first, last, now=now)
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
    earlier = event_counts(*period_before(first, last), now=now) if first > OLDEST else []
    return Programme(
        first=first,
        last=last,
        as_at=now,
        courses=tuple(courses),
        months=tuple(
            MonthRow(month=month, figures=total(by_month.get(month, [])))
            for month in months_between(first, last)
        ),
        totals=total(row.figures for row in courses),
        to_come=still_to_come(first, last, now=now),
        before=total(figures_of(count) for count in earlier),
    )


def _titles(course_ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(select(Course.id, Course.title).where(Course.id.in_(list(course_ids))))
    return {row.id: row.title for row in rows}
