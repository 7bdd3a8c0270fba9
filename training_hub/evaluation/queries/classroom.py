"""Questions about answering in the room: which room a code opens, who has a place there, how many have answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, exists, func, select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db
from training_hub.evaluation.models.classroom import Room
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.classroom import IN_THE_ROOM, room_key
from training_hub.mail.models import Mail
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage


@dataclass(frozen=True)
class RoomCount:
    """How many of those in the room have answered."""

    returned: int
    people: int


def room_of(event_id: int) -> Room | None:
    """The room of an event, open or closed; None where it was never opened."""
    return db.session.get(Room, event_id)


def event_in_room(code: str, *, now: datetime) -> Event | None:
    """The event whose room this code opens at `now`."""
    return db.session.scalar(
        select(Event)
        .join(Room, Room.event_id == Event.id)
        .where(
            Room.code == code,
            Room.closes_at > now,
            Event.status == EventStatus.PUBLISHED,
            Event.course_id.in_(select(Course.id).where(Course.is_evaluated)),
        )
    )


def is_code_taken(code: str) -> bool:
    """Whether a room has this code, or had it last."""
    return bool(db.session.scalar(select(exists().where(Room.code == code))))


def is_room_open(booking: Booking, *, now: datetime) -> bool:
    """Whether this booking's form can be answered before the register is marked: its place stands, its room is open."""
    if booking.status is not Status.CONFIRMED:
        return False
    is_open = exists().where(Room.event_id == booking.event_id, Room.closes_at > now)
    return bool(db.session.scalar(select(is_open)))


def place_in_room(event_id: int, email: str) -> Booking | None:
    """The booking of whoever is known by this address, where they can answer in the room of this event."""
    return db.session.scalar(
        select(Booking)
        .join(Booking.person)
        .where(Booking.event_id == event_id, Person.email == email, Booking.status.in_(IN_THE_ROOM))
    )


def room_count(event_id: int) -> RoomCount:
    """How many have answered, of those in the room: places that are confirmed or completed, walk-ins included."""
    is_back = case((Invitation.returned_at.is_not(None), 1), else_=0)
    returned, people = db.session.execute(
        select(func.coalesce(func.sum(is_back), 0), func.count(Booking.id))
        .outerjoin(Invitation, and_(Invitation.booking_id == Booking.id, Invitation.stage == Stage.END))
        .where(Booking.event_id == event_id, Booking.status.in_(IN_THE_ROOM))
    ).one()
    return RoomCount(int(returned), int(people))


def unknown_addresses(room: Room) -> int:
    """How many addresses that nobody booked with have sent answers since the room was opened."""
    counted = select(func.count(Mail.id)).where(
        # Said for the index: the outbox holds years of mails.
        Mail.queued_at >= room.opened_at,
        Mail.key.startswith(room_key(room.event_id)),
    )
    return int(db.session.scalar(counted) or 0)
