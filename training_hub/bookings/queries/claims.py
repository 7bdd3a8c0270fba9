"""Requests and offers that ran out, and claims of closed accounts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import CLAIMS, Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Person

MOST_AT_ONCE = 500


def run_out(*, now: datetime) -> Sequence[int]:
    """Ids of requests or offers whose deadline has passed, oldest first."""
    return db.session.scalars(
        select(Booking.id)
        .where(Booking.status.in_([Status.REQUESTED, Status.OFFERED]), Booking.decide_by <= now)
        .order_by(Booking.decide_by, Booking.id)
        .limit(MOST_AT_ONCE)
    ).all()


def claims_of_closed_accounts(*, now: datetime) -> Sequence[int]:
    """Ids of requests, offers and turns of closed accounts at upcoming events."""
    return db.session.scalars(
        select(Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Person, Booking.person_id == Person.id)
        .where(Event.starts_at > now, Booking.status.in_(CLAIMS), ~Person.is_active)
        .order_by(Event.starts_at, Booking.id)
        .limit(MOST_AT_ONCE)
    ).all()
