"""Tell people who wait at one date of a course that another date has places."""

from datetime import datetime
from functools import partial

from training_hub.bookings.actions.changes import hold
from training_hub.bookings.actions.interest import TOLD_AT_ONCE
from training_hub.bookings.emails import another_date as another_date_emails
from training_hub.bookings.models.interest import DateTold
from training_hub.bookings.queries.another_date import (
    dates_that_turned,
    dates_to_tell_of,
    waiting_elsewhere,
)
from training_hub.bookings.queries.availability import availability_at, counts_at
from training_hub.bookings.queries.events import OpenDate
from training_hub.bookings.queries.interest import asked_for_any_date
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import availability
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn


def tell_of_another_date(*, now: datetime) -> int:
    """Tell people waiting at one date about another date with places. Returns how many emails.

    Each person hears once about a date and keeps their turn. People are not told if they began to wait while
    the date had places, or if their agency is at its limit there. Each step is a short transaction. The worker
    runs this each minute, after free places have gone to those waiting for them.
    """
    each_in_turn(dates_that_turned(now=now), partial(_note, now=now))
    total = 0
    for event_id in dates_to_tell_of(now=now):
        while told := each_in_turn([event_id], partial(_tell, now=now)):
            total += told
    return total


def _note(event_id: int, *, now: datetime) -> int:
    """Record when a date was found to have places, or that it has none now."""
    event = hold(db.session.get_one(Event, event_id))
    terms = terms_for(event)
    here = availability_at(event, terms, None, now=now)
    event.has_places_since = (event.has_places_since or now) if here.is_free else None
    return 0


def _tell(event_id: int, *, now: datetime) -> int:
    # Locked and counted again: the places may have been taken meanwhile.
    event = hold(db.session.get_one(Event, event_id))
    terms = terms_for(event)
    counts = counts_at(event, terms, now=now)
    here = availability(event, terms, counts, None, now=now)
    if not here.is_free:
        return 0
    told = waiting_elsewhere(
        event,
        now=now,
        sectors=terms.policies.sectors,
        but=[agency_id for agency_id in counts.shares if counts.share_left(agency_id) == 0],
        limit=TOLD_AT_ONCE,
    )
    # A turn that came from asking for any date of the course ends once its person has a place.
    giving_way = asked_for_any_date(told) if told else set()
    people = {booking.person_id for booking in told}
    db.session.add_all(DateTold(event_id=event.id, person_id=person_id, at=now) for person_id in people)
    date = OpenDate(event, terms, here)
    return sum(
        another_date_emails.tell_of_another_date(booking, date, gives_way=booking.id in giving_way, now=now)
        for booking in told
    )
