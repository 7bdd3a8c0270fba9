"""Tell hub officers about dates with too few people, and about late cancellations that leave places empty."""

from datetime import datetime
from functools import partial

from training_hub.bookings.actions.changes import hold
from training_hub.bookings.emails import alerts as alerts_emails
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries.alerts import few_booked, officers, people_with_places, queued
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn
from training_hub.people.models import Person


def alert_few(*, now: datetime) -> int:
    """Tell each hub officer once about dates with too few people. Returns how many emails.

    Sent from 8am on the working day that the policy names, and again if the date moves to another day. The
    worker runs this each minute. Running it twice queues each email once.
    """
    few = {event.id: terms for event, terms, _people in few_booked(now=now)}
    if not few:
        return 0
    keys = {
        alerts_emails.few_key(event_id, terms, officer.id): event_id
        for officer in officers()
        for event_id, terms in few.items()
    }
    told = queued(list(keys))
    untold = {event_id for key, event_id in keys.items() if key not in told}
    return each_in_turn([event_id for event_id in few if event_id in untold], partial(_alert, now=now))


def _alert(event_id: int, *, now: datetime) -> int:
    # Locked and counted again: people may have booked since the date was found.
    event = hold(db.session.get_one(Event, event_id))
    terms = terms_for(event)
    people = people_with_places([event_id])[event_id]
    if not event.is_published or not terms.is_few(people, capacity=event.capacity, now=now):
        return 0
    places = availability_queries.places(event)
    return sum(
        alerts_emails.alert_few(event, officer, terms, people, places, now=now) for officer in officers()
    )


def tell_of_late_cancellation(event: Event, terms: Terms, *, by: Person, now: datetime) -> int:
    """Tell hub officers that a late cancellation leaves a locked `event` half empty. Returns how many emails.

    Half empty: fewer than half of the places are held, offers and reserved places included. The officer who cancelled
    is not told, and nobody is told twice about one date on one day. The email gives figures, not names or reasons.
    """
    places = availability_queries.places(event)
    if not places.is_half_empty:
        return 0
    return sum(
        alerts_emails.alert_late(event, officer, terms, places, now=now)
        for officer in officers()
        if officer.id != by.id
    )
