"""Who is on one register, and their marks and outcomes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import aliased, lazyload

from training_hub.access import Actor, Permission, within
from training_hub.attendance.models import Attendance, Mark, MarkChange, OutcomeOverride
from training_hub.attendance.rules import has_started, outcome_of
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import HAS_PLACE, Status
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus
from training_hub.catalogue.queries import trained_by
from training_hub.database import db, fetch_all
from training_hub.people.models import Agency, Person

MOST_ON_REGISTER = 600
"""More people than an event ever has. Queries use it as a limit."""

Marker = aliased(Person)


def event_with_register(event_id: int, actor: Actor) -> Event | None:
    """The published event, if `actor` may mark its registers."""
    statement = select(Event).where(Event.id == event_id, Event.status == EventStatus.PUBLISHED)
    seen = within(statement, actor, Permission.MARK_REGISTERS, trained_by=partial(trained_by, Event.id))
    found: Event | None = db.session.scalar(seen.options(lazyload(Event.course, Course.board)))
    return found


def current_session(event: Event, *, now: datetime) -> EventSession:
    """The last session of `event` that has started, or the first."""
    started = [session for session in event.sessions if has_started(session, now=now)]
    return (started or event.sessions)[-1 if started else 0]


def register_rows(event_id: int, session_id: int) -> list[Any]:
    """Everyone on the register of one session, by name, each with agency as at booking, mark, outcome and marker."""
    rows = db.session.execute(
        select(
            Booking.id,
            Booking.reference,
            Booking.status,
            Booking.is_walk_in,
            Person.name,
            Agency.name.label("agency"),
            Attendance.mark,
            Attendance.marked_at,
            Marker.name.label("marked_by"),
            OutcomeOverride.at.label("overridden_at"),
        )
        .join(Person, Booking.person_id == Person.id)
        .join(Agency, Booking.agency_id == Agency.id)
        .outerjoin(Attendance, and_(Attendance.booking_id == Booking.id, Attendance.session_id == session_id))
        .outerjoin(Marker, Attendance.marked_by_id == Marker.id)
        .outerjoin(OutcomeOverride, OutcomeOverride.booking_id == Booking.id)
        .where(Booking.event_id == event_id, Booking.status.in_(HAS_PLACE))
        .order_by(Booking.id)
        .limit(MOST_ON_REGISTER)
    ).all()
    # Databases differ in how they sort names.
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


def held_bookings(event_id: int, ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The bookings with these ids that are on the register of this event.

    `is_decided` says that a hub officer has decided the outcome, so that marks do not change it.
    """
    return db.session.execute(
        select(
            Booking.id,
            Booking.status,
            Booking.is_walk_in,
            Person.name,
            OutcomeOverride.booking_id.is_not(None).label("is_decided"),
        )
        .join(Person, Booking.person_id == Person.id)
        .outerjoin(OutcomeOverride, OutcomeOverride.booking_id == Booking.id)
        .where(Booking.event_id == event_id, Booking.id.in_(ids), Booking.status.in_(HAS_PLACE))
        .order_by(Booking.id)
    ).all()


def session_ids(event_id: int) -> list[int]:
    """The sessions of this event, in order."""
    return fetch_all(
        select(EventSession.id).where(EventSession.event_id == event_id).order_by(EventSession.number)
    )


def on_register(person_id: int, event_id: int) -> Booking | None:
    """The booking because of which this person is on the register of this event."""
    return db.session.scalar(
        select(Booking).where(
            Booking.person_id == person_id, Booking.event_id == event_id, Booking.status.in_(HAS_PLACE)
        )
    )


def marks_of(ids: Iterable[int]) -> dict[tuple[int, int], Mark]:
    """The marks of these bookings, by booking and session."""
    rows = db.session.execute(
        select(Attendance.booking_id, Attendance.session_id, Attendance.mark).where(
            Attendance.booking_id.in_(list(ids))
        )
    )
    return {(booking_id, session_id): mark for booking_id, session_id, mark in rows}


def outcome_by_marks(booking: Booking) -> Status | None:
    """The outcome by the marks of `booking`, whatever an officer has decided. None while marks are missing."""
    marks = marks_of([booking.id])
    return outcome_of([marks.get((booking.id, each)) for each in session_ids(booking.event_id)])


def booking_on(event_id: int, reference: str) -> Booking | None:
    """The booking with this reference, if it is or was a place at this event. None if it was never a place."""
    return db.session.scalar(
        select(Booking).where(
            Booking.event_id == event_id, Booking.reference == reference, Booking.confirmed_at.is_not(None)
        )
    )


def mark_changes(booking: Booking) -> Sequence[Row[*tuple[Any, ...]]]:
    """Each change of a mark of `booking`, oldest first, with the session's number and the name of who made it."""
    return db.session.execute(
        select(
            MarkChange.at,
            MarkChange.was,
            MarkChange.became,
            MarkChange.why,
            EventSession.number,
            func.coalesce(Person.name, "").label("by"),
        )
        .join(EventSession, MarkChange.session_id == EventSession.id)
        .outerjoin(Person, MarkChange.by_id == Person.id)
        .where(MarkChange.booking_id == booking.id)
        .order_by(MarkChange.id)
    ).all()
