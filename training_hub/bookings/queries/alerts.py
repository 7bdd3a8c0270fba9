"""Dates with too few people, and the officers to tell."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import HAS_PLACE
from training_hub.bookings.queries.events import coming_events
from training_hub.bookings.queries.terms import terms_of_each
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Person, RoleHolding

MOST_OFFICERS = 50


def officers() -> list[Person]:
    """The hub officers with open accounts, by id."""
    holds_role = select(RoleHolding.person_id).where(RoleHolding.role == Role.HUB_OFFICER)
    return list(
        db.session.scalars(
            select(Person)
            .where(Person.id.in_(holds_role), Person.is_active)
            .order_by(Person.id)
            .limit(MOST_OFFICERS)
            .options(lazyload(Person.agency), lazyload(Person.holdings))
        )
    )


def people_with_places(event_ids: Iterable[int]) -> dict[int, int]:
    """How many people have a place at each event, without walk-ins, offers, requests and reserved places."""
    ids = list(event_ids)
    if not ids:
        return {}
    rows = db.session.execute(
        select(Booking.event_id, func.count())
        .where(Booking.event_id.in_(ids), Booking.status.in_(HAS_PLACE), ~Booking.is_walk_in)
        .group_by(Booking.event_id)
    )
    counted = {row[0]: int(row[1]) for row in rows}
    return {event_id: counted.get(event_id, 0) for event_id in ids}


def few_booked(*, now: datetime) -> list[tuple[Event, Terms, int]]:
    """Upcoming dates with too few people, from the day when officers should be told, soonest first. In four queries."""
    coming = coming_events(now=now)
    terms = terms_of_each(coming)
    due = [event for event in coming if now >= terms[event.id].numbers_due_at]
    people = people_with_places(event.id for event in due)
    return [
        (event, terms[event.id], people[event.id])
        for event in due
        if terms[event.id].is_few(people[event.id], capacity=event.capacity, now=now)
    ]


def queued(keys: Sequence[str]) -> set[str]:
    """Those of `keys` for which an email has been queued."""
    return set(db.session.scalars(select(Mail.key).where(Mail.key.in_(keys)))) if keys else set()
