"""Counting: SQL counts at the grain event × status; plain rules fold that into rows, months and totals."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models import HAS_PLACE, Booking, Status
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db
from training_hub.evaluation.models import Invitation, Stage
from training_hub.london import day_bounds, london_date
from training_hub.people.models import Agency, Person
from training_hub.reporting.models import CourseRow, Figures, MonthRow, Outcome, Report, ToCome
from training_hub.reporting.rules import (
    OUTCOME_OF,
    EventCount,
    figures_of,
    months_between,
    period_before,
    total,
)
from training_hub.web.periods import check_period

OLDEST = date(1990, 1, 1)


def programme(first: date, last: date, *, now: datetime) -> Report:
    """The programme from `first` to `last`, both included, as at `now`. Raises Refused for no period."""
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
    return Report(
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


def in_figures(first: date, last: date, *, now: datetime) -> ColumnElement[bool]:
    """That an event is in the period's figures: first session in it, and over by `now` or called off (domain 4.1)."""
    start, end = day_bounds(first, last)
    over = and_(Event.status == EventStatus.PUBLISHED, Event.ends_at <= now)
    return and_(
        Event.starts_at >= start,
        Event.starts_at < end,
        or_(over, Event.status == EventStatus.CALLED_OFF),
    )


def is_booked() -> ColumnElement[bool]:
    """That a booking counts as booked: it was confirmed at some time, and its person did not just walk in."""
    return and_(Booking.confirmed_at.is_not(None), ~Booking.is_walk_in)


def event_counts(first: date, last: date, *, now: datetime, course_id: int | None = None) -> list[EventCount]:
    """Every event in the figures, with its bookings counted: two queries, whatever the size of the programme."""
    which = in_figures(first, last, now=now)
    if course_id is not None:
        which = and_(which, Event.course_id == course_id)
    returned = func.sum(case((Invitation.returned_at.is_not(None), 1), else_=0))
    counted = db.session.execute(
        select(Booking.event_id, Booking.status, Booking.is_walk_in, func.count(Booking.id), returned)
        .join(Event, Booking.event_id == Event.id)
        .outerjoin(Invitation, and_(Invitation.booking_id == Booking.id, Invitation.stage == Stage.END))
        .where(which, Booking.confirmed_at.is_not(None))
        .group_by(Booking.event_id, Booking.status, Booking.is_walk_in)
    )
    booked: dict[int, dict[Status, int]] = defaultdict(dict)
    walk_ins: dict[int, dict[Status, int]] = defaultdict(dict)
    back: dict[int, int] = defaultdict(int)
    for event_id, status, is_walk_in, number, returns in counted:
        if not is_walk_in and status not in OUTCOME_OF:
            continue
        (walk_ins if is_walk_in else booked)[event_id][status] = number
        if status is Status.COMPLETED:
            back[event_id] += int(returns or 0)
    events = db.session.execute(
        select(
            Event.id,
            Event.course_id,
            Event.starts_at,
            Event.capacity,
            Event.status,
            Course.is_evaluated,
        )
        .join(Course, Event.course_id == Course.id)
        .where(which)
        .order_by(Event.starts_at, Event.id)
    )
    return [
        EventCount(
            course_id=course_id,
            month=london_date(starts_at).replace(day=1),
            capacity=capacity,
            ran=status is not EventStatus.CALLED_OFF,
            is_evaluated=is_evaluated,
            booked=booked.get(event_id, {}),
            walk_ins=walk_ins.get(event_id, {}),
            returned=back.get(event_id, 0),
        )
        for event_id, course_id, starts_at, capacity, status, is_evaluated in events
    ]


def _titles(course_ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(select(Course.id, Course.title).where(Course.id.in_(list(course_ids))))
    return {row.id: row.title for row in rows}


def still_to_come(first: date, last: date, *, now: datetime) -> ToCome:
    """The published events of the period that are not over, and the places held at them."""
    start, end = day_bounds(first, last)
    coming = and_(
        Event.status == EventStatus.PUBLISHED,
        Event.starts_at >= start,
        Event.starts_at < end,
        Event.ends_at > now,
    )
    events, capacity = db.session.execute(
        select(func.count(Event.id), func.coalesce(func.sum(Event.capacity), 0)).where(coming)
    ).one()
    held = case((Booking.status.in_(HAS_PLACE) & ~Booking.is_walk_in, 1), else_=0)
    waiting = case((Booking.status == Status.WAITING, 1), else_=0)
    places, queue = db.session.execute(
        select(func.coalesce(func.sum(held), 0), func.coalesce(func.sum(waiting), 0))
        .select_from(Booking)
        .join(Event, Booking.event_id == Event.id)
        .where(coming)
    ).one()
    return ToCome(events=events, capacity=int(capacity), places_held=int(places), waiting=int(queue))


EVERYONE = "everyone"
FIGURES = {
    EVERYONE: "Everyone",
    "booked": "Booked",
    **{outcome.value: outcome.words for outcome in Outcome},
    "walk_ins": "Walk-ins",
    "evaluations_due": "Evaluations due",
    "evaluations_returned": "Evaluations returned",
    "evaluations_outstanding": "Evaluations outstanding",
}
"""The figures whose people can be listed."""


def people_behind(
    actor: Actor, figure: str, first: date, last: date, *, now: datetime, course_id: int | None = None
) -> Select[*tuple[Any, ...]]:
    """The bookings that `figure` counts, one row each, for those who may see names; same conditions as the count."""
    statement = (
        select(
            Booking.reference,
            Person.name.label("person"),
            Person.email,
            Agency.name.label("agency"),
            Course.title.label("course"),
            Course.is_evaluated,
            Event.starts_at,
            Booking.status,
            Booking.is_walk_in,
            Invitation.returned_at,
        )
        .select_from(Booking)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .join(Person, Booking.person_id == Person.id)
        .join(Agency, Booking.agency_id == Agency.id)
        .outerjoin(Invitation, and_(Invitation.booking_id == Booking.id, Invitation.stage == Stage.END))
        .where(in_figures(first, last, now=now), Booking.confirmed_at.is_not(None), _counts_as(figure))
        .order_by(Event.starts_at, Person.name, Booking.id)
    )
    if course_id is not None:
        statement = statement.where(Event.course_id == course_id)
    return within(statement, actor, Permission.SEE_NAMES_BEHIND_FIGURES)


def in_batches(statement: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """The rows of `statement`, read some hundred at a time: a list may be longer than the memory."""
    return iter(db.session.execute(statement.execution_options(yield_per=500)))


def _counts_as(figure: str) -> ColumnElement[bool]:
    booked = and_(is_booked(), Booking.status.in_(OUTCOME_OF))
    walked_in = and_(Booking.is_walk_in, Booking.status.in_(HAS_PLACE))
    if figure == EVERYONE:
        return or_(booked, walked_in)
    if figure == "booked":
        return booked
    if figure == "walk_ins":
        return walked_in
    due = and_(Booking.status == Status.COMPLETED, Course.is_evaluated)
    if figure == "evaluations_due":
        return due
    if figure == "evaluations_returned":
        return and_(due, Invitation.returned_at.is_not(None))
    if figure == "evaluations_outstanding":
        return and_(due, Invitation.returned_at.is_(None))
    statuses = [status for status, outcome in OUTCOME_OF.items() if outcome.value == figure]
    return and_(is_booked(), Booking.status.in_(statuses))


def totals_of(first: date, last: date, *, now: datetime, course_id: int | None = None) -> Figures:
    """The totals of a period alone, of everything or of one course."""
    counts = event_counts(first, last, now=now, course_id=course_id)
    return total(figures_of(count) for count in counts)
