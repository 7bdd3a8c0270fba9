"""Lists of registers, and how far each has been marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, select

from training_hub.access import Actor, Permission, within
from training_hub.attendance.models import Attendance
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import HAS_PLACE, RECORDED, Status
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus, Venue, place_name
from training_hub.catalogue.queries import trained_by
from training_hub.database import PageOf, db, page_of
from training_hub.london import day_bounds, london_date

PAGE = 50
RECENT = 12


@dataclass(frozen=True)
class RegisterSummary:
    """One event's registers in a list."""

    event_id: int
    course: str
    place: str
    starts_at: datetime
    ends_at: datetime
    sessions: Sequence[Any]
    """The sessions in order, each with how many people have a mark."""
    people: int
    recorded: int
    """How many of the people on the register have an outcome."""

    def current(self, now: datetime) -> Any:
        """The session to open at `now`: the first started one not fully marked, else the last started, or the first."""
        started = [session for session in self.sessions if session.starts_at <= now]
        todo = [session for session in started if session.marked < self.people]
        if self.recorded == self.people:
            # Outcomes from an imported file come without marks, so nothing is left to mark.
            todo = []
        return (todo or started[-1:] or list(self.sessions))[0]


def registers_for(actor: Actor) -> Select[Any]:
    """The published events whose registers `actor` may mark: all for officers, their own for trainers."""
    statement: Any = (
        select(
            Event.id, Course.title, Event.starts_at, Event.ends_at, Event.is_online, Venue.name.label("venue")
        )
        .join(Course, Event.course_id == Course.id)
        .outerjoin(Venue, Event.venue_id == Venue.id)
        .where(Event.status == EventStatus.PUBLISHED)
    )
    return within(statement, actor, Permission.MARK_REGISTERS, trained_by=partial(trained_by, Event.id))


def _is_on(now: datetime) -> ColumnElement[bool]:
    first, last = day_bounds(london_date(now), london_date(now))
    has_session = exists().where(
        EventSession.event_id == Event.id, EventSession.starts_at >= first, EventSession.starts_at < last
    )
    return and_(Event.starts_at < last, Event.ends_at >= first, has_session)


def _lacks_marks(now: datetime) -> ColumnElement[bool]:
    unmarked = (
        select(EventSession.id)
        .join(Booking, Booking.event_id == EventSession.event_id)
        .where(
            EventSession.event_id == Event.id,
            EventSession.starts_at <= now,
            Booking.status == Status.CONFIRMED,
            ~exists().where(Attendance.booking_id == Booking.id, Attendance.session_id == EventSession.id),
        )
        .correlate(Event)
        .exists()
    )
    return and_(Event.starts_at <= now, unmarked)


def registers_today(actor: Actor, *, now: datetime) -> PageOf[RegisterSummary]:
    """Registers with a session today, earliest first."""
    return _page(registers_for(actor).where(_is_on(now)).order_by(Event.starts_at, Event.id), 1)


def registers_unmarked(actor: Actor, *, now: datetime, page: int) -> PageOf[RegisterSummary]:
    """Registers of earlier days, latest first, that list someone who has no mark and no outcome yet."""
    statement = registers_for(actor).where(~_is_on(now), _lacks_marks(now))
    return _page(statement.order_by(Event.starts_at.desc(), Event.id.desc()), page)


def registers_recent(actor: Actor, *, now: datetime) -> list[RegisterSummary]:
    """The latest fully marked registers of earlier days, a few of them."""
    statement = registers_for(actor).where(~_is_on(now), Event.starts_at <= now, ~_lacks_marks(now))
    latest = statement.order_by(Event.starts_at.desc(), Event.id.desc()).limit(RECENT)
    return _summaries(db.session.execute(latest).all())


def registers_past(actor: Actor, *, now: datetime, page: int) -> PageOf[RegisterSummary]:
    """Registers of dates that have begun, latest first."""
    statement = registers_for(actor).where(Event.starts_at <= now)
    return _page(statement.order_by(Event.starts_at.desc(), Event.id.desc()), page)


def registers_coming(actor: Actor, *, now: datetime, page: int) -> PageOf[RegisterSummary]:
    """Registers of upcoming dates, soonest first."""
    statement = registers_for(actor).where(Event.starts_at > now)
    return _page(statement.order_by(Event.starts_at, Event.id), page)


def _page(statement: Select[Any], page: int) -> PageOf[RegisterSummary]:
    listed = page_of(statement, page, size=PAGE, key=Event.id)
    return listed.holding(_summaries(listed.rows))


def _summaries(rows: Sequence[Row[Any]]) -> list[RegisterSummary]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    sessions = db.session.execute(
        select(
            EventSession.event_id,
            EventSession.number,
            EventSession.starts_at,
            EventSession.ends_at,
            func.count(Booking.id).label("marked"),
        )
        .outerjoin(Attendance, Attendance.session_id == EventSession.id)
        .outerjoin(Booking, and_(Attendance.booking_id == Booking.id, Booking.status.in_(HAS_PLACE)))
        .where(EventSession.event_id.in_(ids))
        .group_by(EventSession.id)
        .order_by(EventSession.event_id, EventSession.number)
    ).all()
    counts = {
        event_id: (people, recorded)
        for event_id, people, recorded in db.session.execute(
            select(Booking.event_id, func.count(), func.count(case((Booking.status.in_(RECORDED), 1))))
            .where(Booking.event_id.in_(ids), Booking.status.in_(HAS_PLACE))
            .group_by(Booking.event_id)
        )
    }
    return [
        RegisterSummary(
            event_id=row.id,
            course=row.title,
            place=place_name(row.is_online, row.venue),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            sessions=[each for each in sessions if each.event_id == row.id],
            people=counts.get(row.id, (0, 0))[0],
            recorded=counts.get(row.id, (0, 0))[1],
        )
        for row in rows
    ]
