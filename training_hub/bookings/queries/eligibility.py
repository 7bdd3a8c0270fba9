"""What a person has completed, and where else they are expected."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, case, select
from sqlalchemy.orm import aliased

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.models.status import HOLDS_PLACE, Status
from training_hub.catalogue.models import Course, Event, EventSession, Prerequisite
from training_hub.database import db

_PERSON: BindParameter[int] = bindparam("person")
_here, _there = aliased(EventSession), aliased(EventSession)

_IS_THEN = and_(
    Booking.status.in_([*HOLDS_PLACE, Status.REQUESTED]),
    _there.starts_at < _here.ends_at,
    _here.starts_at < _there.ends_at,
)
"""The condition for a clash: a place or a request at an event with a session (`_there`) that overlaps one of the other
event's (`_here`)."""

# Built once: building these statements takes longer than running them, and every booking runs both.
_MISSING = (
    select(Course)
    .join(Prerequisite, Prerequisite.needs_id == Course.id)
    .where(
        Prerequisite.course_id == bindparam("course"),
        Course.id.not_in(
            select(Event.course_id)
            .join(Booking, Booking.event_id == Event.id)
            .where(
                Booking.person_id == _PERSON,
                # Written so that SQLite starts with one person's places, and not with everyone's completed places.
                case((Booking.status == Status.COMPLETED, True), else_=False),
            )
        ),
        Course.id.not_in(
            select(Equivalence.course_id).where(
                Equivalence.person_id == _PERSON, Equivalence.ended_at.is_(None)
            )
        ),
    )
    .order_by(Course.title, Course.id)
)
_CLASHING = (
    select(Booking.reference, Course.title, Event.starts_at)
    .select_from(Booking)
    .join(Event, Booking.event_id == Event.id)
    .join(Course, Event.course_id == Course.id)
    .join(_there, _there.event_id == Event.id)
    .join(_here, _here.event_id == bindparam("event"))
    .where(
        Booking.person_id == _PERSON,
        Booking.event_id.not_in([bindparam("event"), bindparam("but")]),
        _IS_THEN,
    )
    .group_by(Booking.id, Booking.reference, Course.title, Event.starts_at)
    .order_by(Event.starts_at, Booking.id)
    .limit(5)
)


def missing_prerequisites(person_id: int, course_id: int) -> list[Course]:
    """Prerequisites that the person has not completed and has no equivalence for."""
    return list(db.session.scalars(_MISSING, {"person": person_id, "course": course_id}))


def clashing(person_id: int, event_id: int, *, but: int = 0) -> Sequence[Any]:
    """The person's places and requests at other events with overlapping sessions, soonest first.

    Each with its reference, course and start. Leaves out the event with the id `but`.
    """
    return db.session.execute(_CLASHING, {"person": person_id, "event": event_id, "but": but}).all()


def expected_elsewhere(person_ids: Sequence[int], event: Event) -> set[int]:
    """Ids of people with a place or a request at another event with overlapping sessions, in one query."""
    return set(
        db.session.scalars(
            select(Booking.person_id)
            .join(_there, _there.event_id == Booking.event_id)
            .join(_here, _here.event_id == event.id)
            .where(
                Booking.person_id.in_(person_ids),
                Booking.event_id != event.id,
                _IS_THEN,
            )
            .distinct()
        )
    )


def clashing_of(bookings: Sequence[Booking], event: Event) -> set[int]:
    """Ids of those of `bookings` at `event` whose people are expected elsewhere at that time."""
    elsewhere = expected_elsewhere([booking.person_id for booking in bookings], event)
    return {booking.id for booking in bookings if booking.person_id in elsewhere}


def completed_by(person_ids: Sequence[int], course_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Who has completed which of these courses, or has an equivalence for it."""
    completed = (
        select(Booking.person_id, Event.course_id)
        .join(Event, Booking.event_id == Event.id)
        .where(
            Booking.person_id.in_(person_ids),
            Booking.status == Status.COMPLETED,
            Event.course_id.in_(course_ids),
        )
    )
    equivalent = select(Equivalence.person_id, Equivalence.course_id).where(
        Equivalence.person_id.in_(person_ids),
        Equivalence.course_id.in_(course_ids),
        Equivalence.ended_at.is_(None),
    )
    return {(row[0], row[1]) for row in db.session.execute(completed.union_all(equivalent))}
