"""Counting bookings by event and status. The rules add up the counts into rows, months and totals."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import HAS_PLACE, OUTCOME_OF, Status
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.london import day_bounds, london_date
from training_hub.questionnaires.models import Stage
from training_hub.reporting.models import Figures, Filters, ToCome
from training_hub.reporting.rules import EventCount, figures_of, total

OLDEST = date(1990, 1, 1)


def in_figures(filters: Filters, *, now: datetime) -> ColumnElement[bool]:
    """The condition that an event counts: it starts in the period, and is over or called off."""
    over = and_(Event.status == EventStatus.PUBLISHED, Event.ends_at <= now)
    return and_(_asked_for(filters), or_(over, Event.status == EventStatus.CALLED_OFF))


def _asked_for(filters: Filters) -> ColumnElement[bool]:
    start, end = day_bounds(filters.first, filters.last)
    course = true() if filters.course_id is None else Event.course_id == filters.course_id
    return and_(Event.starts_at >= start, Event.starts_at < end, course)


def is_booked() -> ColumnElement[bool]:
    """The condition that a booking counts as booked: it was confirmed at some time, and is not a walk-in."""
    return and_(Booking.confirmed_at.is_not(None), ~Booking.is_walk_in)


def event_counts(actor: Actor, filters: Filters, *, now: datetime) -> list[EventCount]:
    """Every event in the figures that `actor` may read, with its bookings counted, in two queries."""
    which = in_figures(filters, now=now)
    returned = func.sum(case((Invitation.returned_at.is_not(None), 1), else_=0))
    bookings = (
        select(Booking.event_id, Booking.status, Booking.is_walk_in, func.count(Booking.id), returned)
        .join(Event, Booking.event_id == Event.id)
        .outerjoin(Invitation, and_(Invitation.booking_id == Booking.id, Invitation.stage == Stage.END))
        .where(which, Booking.confirmed_at.is_not(None))
        .group_by(Booking.event_id, Booking.status, Booking.is_walk_in)
    )
    counted = db.session.execute(within(bookings, actor, Permission.READ_REPORTS))
    booked: dict[int, dict[Status, int]] = defaultdict(dict)
    walk_ins: dict[int, dict[Status, int]] = defaultdict(dict)
    back: dict[int, int] = defaultdict(int)
    for event_id, status, is_walk_in, number, returns in counted:
        if not is_walk_in and status not in OUTCOME_OF:
            continue
        (walk_ins if is_walk_in else booked)[event_id][status] = number
        if status is Status.COMPLETED:
            back[event_id] += int(returns or 0)
    events = (
        select(Event.id, Event.course_id, Event.starts_at, Event.capacity, Event.status, Course.is_evaluated)
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
        for event_id, course_id, starts_at, capacity, status, is_evaluated in db.session.execute(
            within(events, actor, Permission.READ_REPORTS)
        )
    ]


def still_to_come(actor: Actor, filters: Filters, *, now: datetime) -> ToCome:
    """The published events of the period that are not over, and the places held at them."""
    coming = and_(_asked_for(filters), Event.status == EventStatus.PUBLISHED, Event.ends_at > now)
    dates = select(func.count(Event.id), func.coalesce(func.sum(Event.capacity), 0)).where(coming)
    held = case((Booking.status.in_(HAS_PLACE) & ~Booking.is_walk_in, 1), else_=0)
    waiting = case((Booking.status == Status.WAITING, 1), else_=0)
    bookings = (
        select(func.coalesce(func.sum(held), 0), func.coalesce(func.sum(waiting), 0))
        .select_from(Booking)
        .join(Event, Booking.event_id == Event.id)
        .where(coming)
    )
    events, capacity = db.session.execute(within(dates, actor, Permission.READ_REPORTS)).one()
    places, queue = db.session.execute(within(bookings, actor, Permission.READ_REPORTS)).one()
    return ToCome(events=events, capacity=int(capacity), places_held=int(places), waiting=int(queue))


def totals_of(actor: Actor, filters: Filters, *, now: datetime) -> Figures:
    """Only the totals of the figures."""
    return total(figures_of(count) for count in event_counts(actor, filters, now=now))
