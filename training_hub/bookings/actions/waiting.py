"""The waiting list: offers that are taken, refused or run out, and what a hub officer decides about it."""

from datetime import datetime
from functools import partial

from training_hub.bookings import queries
from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.not_taken import settle_not_taken
from training_hub.bookings.actions.places import check_clash, give, pass_on
from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules import Decided, check_offer, is_claim
from training_hub.bookings.rules.waiting import no_longer_waits
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn
from training_hub.errors import Refused
from training_hub.people.models import Person
from training_hub.policies.rules import WaitingList


def take_offer(booking: Booking, *, by: Person, now: datetime, despite_clash: bool = False) -> None:
    """Take the place that is offered. Raises Decided once the offer no longer stands, Clash where the person has a
    place elsewhere at that time; pressed twice, it is taken once."""
    event = hold(booking.event)
    if booking.status is Status.CONFIRMED:
        return
    check_offer(booking, now=now)
    if not booking.person.is_active:
        raise Decided("There is no place held for you any more.")
    if not despite_clash:
        check_clash(booking.person, event)
    change(booking, Status.CONFIRMED, by=by, now=now)


def lapse_offers(*, now: datetime) -> int:
    """End the offers that have run out, and pass their places on; how many. Run by the worker each minute."""
    db.session.rollback()
    return each_in_turn(queries.run_out(Status.OFFERED, now=now), partial(_lapse, now=now))


def _lapse(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    event = hold(booking.event)
    # Taken, or offered anew, since it was found.
    if booking.status is not Status.OFFERED or booking.decide_by is None or now < booking.decide_by:
        return 0
    change(booking, Status.LAPSED, by=None, now=now, why="Nobody answered in time")
    pass_on(event, now=now)
    return 1


def fill_free_places(*, now: datetime) -> int:
    """Pass on the places that became free without anyone giving one up, as when an agency's cap ends; how many.

    Run by the worker each minute.
    """
    db.session.rollback()
    return each_in_turn(queries.events_to_fill(now=now), partial(_fill, now=now))


def _fill(event_id: int, *, now: datetime) -> int:
    return pass_on(hold(db.session.get_one(Event, event_id)), now=now)


def give_up_of_closed(*, now: datetime) -> int:
    """Take back the requests, offers and turns on waiting lists of people whose account is closed; how many.

    The places that they held go to the next. They are not told: they could do nothing about it. Run by the worker each
    minute.
    """
    db.session.rollback()
    return each_in_turn(queries.claims_of_closed_accounts(now=now), partial(_give_up, now=now))


def _give_up(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    event = hold(booking.event)
    # Opened again, or decided, since it was found.
    if booking.person.is_active or not is_claim(booking.status, event, now=now):
        return 0
    was = booking.status
    change(booking, Status.WITHDRAWN, by=None, now=now, why="The account was closed", quietly=True)
    settle_not_taken(booking, was, by=None, now=now)
    pass_on(event, now=now)
    return 1


def give_up_not_needed(*, now: datetime) -> int:
    """Take back the offers and turns that came of having asked to be told of a course, once their person has a place
    at another date of it; how many.

    The person is told, and what they held goes to the next. Run by the worker each minute: where the place is given,
    the other date is not held, and two that wanted each other's would wait for one another.
    """
    db.session.rollback()
    return each_in_turn(queries.claims_not_needed(now=now), partial(_give_up_not_needed, now=now))


def _give_up_not_needed(booking_id: int, *, now: datetime) -> int:
    booking = db.session.get_one(Booking, booking_id)
    event = hold(booking.event)
    # Taken, or the other place given up, since it was found.
    is_needed = not queries.has_coming_place(booking.person_id, event.course_id, now=now)
    if is_needed or not is_claim(booking.status, event, now=now):
        return 0
    change(booking, Status.WITHDRAWN, by=None, now=now, why="Has a place at another date of the course")
    pass_on(event, now=now)
    return 1


def pick(booking: Booking, *, by: Person, now: datetime, outright: bool, reason: str) -> None:
    """Give a free place to someone who waits, whoever is before them: offered, or `outright`.

    Raises Decided where the person no longer waits, Refused where no place is free or the course has started.
    """
    event = hold(booking.event)
    if booking.status is not Status.WAITING:
        raise Decided(no_longer_waits(booking.status, booking.person.name, booking.decide_by))
    if not booking.person.is_active:
        raise Refused("This person’s account is closed, so they cannot get a place.")
    _check_coming(event, now=now)
    if not queries.places(event).free:
        raise Refused("No place is free. Make room first: raise the capacity, or cancel a booking.")
    terms = queries.terms_for(event)
    # After bookings have closed there is no time left in which to answer an offer.
    is_offer = not outright and now < terms.bookings_close_at
    kind = WaitingList.OFFERS if is_offer else WaitingList.AUTOMATIC
    give(booking, terms, kind, by=by, now=now, why=reason)


def pause_list(event: Event, *, is_paused: bool, now: datetime) -> int:
    """Stop free places from going to those who wait, or let them go on; how many went at once.

    Pressed twice, it is done once. Raises Refused where the course has started or was called off.
    """
    hold(event)
    _check_coming(event, now=now)
    event.is_list_paused = is_paused
    return pass_on(event, now=now)


def _check_coming(event: Event, *, now: datetime) -> None:
    if event.is_called_off:
        raise Refused("This course date has been called off, so its places can no longer be given.")
    if not event.is_published:
        raise Refused("This course date is not published, so it has no waiting list yet.")
    if now >= event.starts_at:
        raise Refused("The course has started, so its places can no longer be given.")
