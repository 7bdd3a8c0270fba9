"""Dates that a place can move to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.events import open_dates
from training_hub.bookings.rules.claims import is_kept_for
from training_hub.bookings.rules.eligibility import bars
from training_hub.catalogue.models import Event
from training_hub.database import db


def dates_to_move_to(booking: Booking, *, now: datetime) -> tuple[list[Event], list[Event]]:
    """The other dates of the course that this agency's sector can book: those with a place, and full ones.

    A date has a place if one is available and nobody waits for it, or if one is held for this person.
    """
    dates = open_dates(booking.event, now=now, agency_id=booking.agency_id)
    kept = _kept_for(booking, [date.event.id for date in dates], now=now)
    able = [
        date for date in dates if not bars(booking.agency.sector, date.terms.policies.sectors, missing=())
    ]
    free = [date.event for date in able if date.availability.is_free or date.event.id in kept]
    return free, [date.event for date in able if date.event not in free]


def _kept_for(booking: Booking, event_ids: Sequence[int], *, now: datetime) -> set[int]:
    """Ids of events at which a place is held for the person, into which `booking` could move."""
    if not event_ids:
        return set()
    claims = select(Booking).where(
        Booking.person_id == booking.person_id,
        Booking.event_id.in_(event_ids),
        Booking.status.in_([Status.REQUESTED, Status.OFFERED]),
    )
    return {claim.event_id for claim in db.session.scalars(claims) if is_kept_for(booking, claim, now=now)}
