"""Places that an agency reserves without a name: reserve, give back, release and remind."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from training_hub.bookings.actions.changes import hold
from training_hub.bookings.actions.interest import tell_interested
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.emails import reserved as reserved_emails
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.queries.availability import availability_at
from training_hub.bookings.queries.reserved import (
    events_with_reserved,
    reserved_at,
    reserved_places,
    those_to_tell,
)
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import check_open
from training_hub.bookings.rules.reserved import check_reserving, released_at, reminded_at
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn
from training_hub.errors import Refused, Stale
from training_hub.london import next_working_moment
from training_hub.people.models import Agency, Person
from training_hub.wording import plural


class CannotReserve(Refused):
    """This number of places cannot be reserved or given back."""


def reserve(event: Event, agency: Agency, number: int, *, had: int, by: Person, now: datetime) -> None:
    """Reserve `number` places for `agency`, within its cap and never ahead of people waiting.

    `had` is the number of reserved places that the page showed. Raises Stale if this has changed, NotOpen if
    places can no longer be reserved, and CannotReserve if too few are available.
    """
    hold(event)
    _check_same(len(reserved_places(event, agency)), had)
    terms = terms_for(event)
    check_open(event, terms, now=now)
    check_reserving(terms, now=now)
    tell_interested(event, now=now)
    left = availability_at(event, terms, agency.id, now=now).left
    if number > left:
        most = f"Only {plural(left, 'more place')}" if left else "No more places"
        raise CannotReserve(f"{most} can be reserved now.")
    for _ in range(number):
        db.session.add(
            ReservedPlace(event_id=event.id, agency_id=agency.id, reserved_at=now, reserved_by_id=by.id)
        )


def give_back(event: Event, agency: Agency, number: int, *, had: int, by: Person, now: datetime) -> None:
    """Give back `number` of the agency's reserved places to the waiting list. Raises as `reserve`."""
    hold(event)
    kept = reserved_places(event, agency)
    _check_same(len(kept), had)
    if number > len(kept):
        raise CannotReserve(f"Only {plural(len(kept), 'place')} can be given back.")
    _end(kept[-number:], by=by, now=now)
    pass_on(event, now=now)


def _check_same(have: int, had: int) -> None:
    if have != had:
        raise Stale


def _end(kept: Iterable[ReservedPlace], *, by: Person | None, now: datetime) -> None:
    for place in kept:
        place.ended_at, place.ended_by_id = now, by.id if by is not None else None
    # Written now, because `pass_on` counts reserved places.
    db.session.flush()


def release_reserved(*, now: datetime) -> int:
    """Release reserved places that were not named in time, and tell their agencies. Returns how many.

    The worker runs this each minute.
    """
    return each_in_turn(events_with_reserved(now=now), partial(_release, now=now))


def _release(event_id: int, *, now: datetime) -> int:
    event = hold(db.session.get_one(Event, event_id))
    if event.is_published and now < released_at(terms_for(event)):
        return 0
    return end_reserved(event, now=now)


def end_reserved(event: Event, *, now: datetime) -> int:
    """End all reserved places at a locked `event`, tell the agencies and pass the places on. Returns how many."""
    ended = 0
    for agency, kept in reserved_at(event).items():
        _end(kept, by=None, now=now)
        ended += len(kept)
        if now < event.starts_at:
            for person in those_to_tell(agency, kept):
                reserved_emails.tell_released(person, event, agency, len(kept), last=kept[-1].id, now=now)
    pass_on(event, now=now)
    return ended


def remind_of_reserved(*, now: datetime) -> int:
    """Remind agencies two working days before their unnamed places are released. Returns how many emails.

    The worker runs this each minute.
    """
    return each_in_turn(events_with_reserved(now=now), partial(_remind, now=now))


def _remind(event_id: int, *, now: datetime) -> int:
    event = db.session.get_one(Event, event_id)
    if not event.is_published:
        return 0
    terms = terms_for(event)
    due, ends_at = reminded_at(terms), released_at(terms)
    if not due <= now < ends_at or next_working_moment(now) >= ends_at:
        return 0
    hold(event)
    queued = 0
    for agency, kept in reserved_at(event).items():
        # Places reserved after this day need no reminder: the page showed the release day.
        old = [place for place in kept if place.reserved_at < due]
        if not old:
            continue
        for person in those_to_tell(agency, old):
            queued += reserved_emails.remind_of_reserved(person, event, agency, len(kept), now=now)
    return queued
