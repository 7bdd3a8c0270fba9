"""Answering in the classroom: which event a code opens, who has a place there, how many have answered."""

from datetime import datetime

from sqlalchemy import Row, and_, exists, func, select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db
from training_hub.evaluation.models.classroom import Classroom
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.classroom import IN_THE_CLASSROOM
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage


def event_in_classroom(code: str, *, now: datetime) -> Event | None:
    """The event whose form this code opens at `now`."""
    return db.session.scalar(
        select(Event)
        .join(Classroom, Classroom.event_id == Event.id)
        .where(
            Classroom.code == code,
            Classroom.closes_at > now,
            Event.status == EventStatus.PUBLISHED,
            Event.course_id.in_(select(Course.id).where(Course.is_evaluated)),
        )
    )


def is_classroom_open(booking: Booking, *, now: datetime) -> bool:
    """Whether a person with a confirmed place can answer before the register is marked."""
    if booking.status is not Status.CONFIRMED:
        return False
    is_open = exists().where(Classroom.event_id == booking.event_id, Classroom.closes_at > now)
    return bool(db.session.scalar(select(is_open)))


def place_in_classroom(event_id: int, email: str) -> Booking | None:
    """The booking of the person with this address, if they can answer in the classroom of this event."""
    return db.session.scalar(
        select(Booking)
        .join(Booking.person)
        .where(Booking.event_id == event_id, Person.email == email, Booking.status.in_(IN_THE_CLASSROOM))
    )


def classroom_count(event_id: int) -> Row[int, int]:
    """How many have `returned` of the `people` in the classroom: confirmed and completed places, with walk-ins."""
    return db.session.execute(
        select(func.count(Invitation.returned_at).label("returned"), func.count(Booking.id).label("people"))
        .outerjoin(Invitation, and_(Invitation.booking_id == Booking.id, Invitation.stage == Stage.END))
        .where(Booking.event_id == event_id, Booking.status.in_(IN_THE_CLASSROOM))
    ).one()
