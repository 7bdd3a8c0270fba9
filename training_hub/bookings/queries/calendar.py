"""The bookings in a person's calendar feed."""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, raiseload, selectinload

from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import CLAIMS, FLAGS, HAS_PLACE
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db

MOST_IN_CALENDAR = 200
KEPT = timedelta(days=365)
"""How long a place stays in the calendar after its date."""
GONE_KEPT = timedelta(days=31)
"""How long a cancelled place stays in the calendar after its date."""
_GONE = [status for status, flags in FLAGS.items() if not flags.is_open]


def in_calendar(person_id: int, *, now: datetime) -> list[tuple[Booking, datetime]]:
    """A person's bookings for their calendar, each with the moment of its last change, soonest first.

    Includes present and past places, requests, offers and turns until the course starts, and cancelled places
    for a while. One booking for each date: the open one, or else the last.
    """
    last = (
        select(func.max(BookingChange.at))
        .where(BookingChange.booking_id == Booking.id)
        .correlate(Booking)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Booking, func.coalesce(last, Booking.asked_at))
        .join(Booking.event)
        .where(
            Booking.person_id == person_id,
            Event.status != EventStatus.DRAFT,
            or_(
                and_(Booking.status.in_(HAS_PLACE), Event.ends_at > now - KEPT),
                and_(Booking.status.in_(CLAIMS), Event.starts_at > now),
                and_(Booking.status.in_(_GONE), Event.ends_at > now - GONE_KEPT),
            ),
        )
        .order_by(Event.starts_at.desc(), Booking.id.desc())
        .limit(MOST_IN_CALENDAR)
        .options(
            contains_eager(Booking.event).options(
                selectinload(Event.sessions),
                raiseload(Event.trainers),
                joinedload(Event.course).raiseload(Course.board),
            ),
            raiseload(Booking.person),
            raiseload(Booking.agency),
            raiseload(Booking.history),
        )
    ).all()
    shown: dict[int, tuple[Booking, datetime]] = {}
    for booking, at in rows:
        if booking.event_id not in shown or booking.flags.is_open:
            shown[booking.event_id] = (booking, at)
    return list(shown.values())[::-1]
