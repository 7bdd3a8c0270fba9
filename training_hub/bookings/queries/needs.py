"""People's access and dietary needs at an event."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import CAN_STILL_CHANGE, HAS_PLACE, OPEN
from training_hub.catalogue.queries import trained_by
from training_hub.database import db

_NEEDS = select(BookingNeeds).join(Booking, BookingNeeds.booking_id == Booking.id)


def _expected_by(person_id: int) -> ColumnElement[bool]:
    """The condition that a booking is a place at an event where this person trains, so that they see its needs."""
    return and_(Booking.status.in_(HAS_PLACE), trained_by(Booking.event_id, person_id))


def needs_of(booking: Booking, actor: Actor) -> BookingNeeds | None:
    """The person's needs, if `actor` may see them."""
    statement = _NEEDS.where(BookingNeeds.booking_id == booking.id)
    return db.session.scalar(
        within(statement, actor, Permission.SEE_NEEDS, person=Booking.person_id, trained_by=_expected_by)
    )


def can_say_needs(booking: Booking, *, now: datetime) -> bool:
    """Whether the person may still come and has not said what they need."""
    if booking.status not in CAN_STILL_CHANGE or now >= booking.event.starts_at:
        return False
    return db.session.get(BookingNeeds, booking.id) is None


def needs_at(event_id: int, actor: Actor) -> dict[int, BookingNeeds]:
    """The needs of people with an open booking at an event, by booking, as far as `actor` may see."""
    statement = _NEEDS.where(Booking.event_id == event_id, Booking.status.in_(OPEN))
    seen = within(statement, actor, Permission.SEE_NEEDS, trained_by=_expected_by)
    return {needs.booking_id: needs for needs in db.session.scalars(seen)}
