"""What hub officers are told of without asking: that too few people are booked, or that a room is half empty."""

from datetime import datetime
from functools import partial

from training_hub.bookings.actions.changes import hold
from training_hub.bookings.emails import alerts as alerts_emails
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries.alerts import few_booked, officers, people_with_places, queued
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import is_half_empty
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn
from training_hub.people.models import Person


def alert_few(*, now: datetime) -> int:
    """Tell each hub officer once of the course dates at which fewer people have a place than they need; how many mails
    (domain 5).

    They are looked at from 8am, so many working days before; a date that is moved to another day is looked at anew.
    Mails leave in office hours. Run by the worker each minute: running it twice, or in two places at once, queues each
    once.
    """
    db.session.rollback()
    few = [(event.id, terms) for event, terms, _people in few_booked(now=now)]
    if not few:
        return 0
    keys = {
        alerts_emails.few_key(event_id, terms, officer.id): event_id
        for officer in officers()
        for event_id, terms in few
    }
    told = queued(list(keys))
    untold = {event_id for key, event_id in keys.items() if key not in told}
    return each_in_turn(
        [event_id for event_id, _terms in few if event_id in untold], partial(_alert, now=now)
    )


def _alert(event_id: int, *, now: datetime) -> int:
    # Held, and counted again: whoever booked, or was called off, since it was found is no news.
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
    """Tell the hub officers that a place at a held `event` was given up late, where that leaves the room half empty;
    how many.

    Half empty means that fewer than half of the places are held after it, offers and reserved places included: a place
    that went to somebody who waits is no loss. Not told are the officer who cancelled it, who knows, and anybody twice
    about one event on one day, or ten cancellations in a row would be ten mails. The mail gives figures, and says
    nothing of who cancelled or why. It costs one query, and more only where there is something to tell.
    """
    places = availability_queries.places(event)
    if not is_half_empty(places.held, places.capacity):
        return 0
    return sum(
        alerts_emails.alert_late(event, officer, terms, places, now=now)
        for officer in officers()
        if officer.id != by.id
    )
