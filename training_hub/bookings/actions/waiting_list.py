"""The waiting list: take and pass on offers, and what officers decide about it."""

from datetime import datetime
from functools import partial

from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.eligibility import check_clash
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.bookings.queries.eligibility import clashing_of
from training_hub.bookings.queries.interest import asked_for_any_date
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.claims import Decided
from training_hub.bookings.rules.places import next_in_line
from training_hub.bookings.rules.terms import Terms
from training_hub.bookings.rules.waiting_list import check_offer, no_longer_waits
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn
from training_hub.errors import Refused
from training_hub.people.models import Person
from training_hub.policies.rules import WaitingList


def take_offer(booking: Booking, *, by: Person, now: datetime, despite_clash: bool = False) -> None:
    """Accept the place that is offered. Raises Decided once the offer has ended, Clash if the person has a place
    elsewhere at that time."""
    event = hold(booking.event)
    check_offer(booking, now=now)
    if not booking.person.is_active:
        raise Decided("There is no place held for you any more.")
    if not despite_clash:
        check_clash(booking.person, event)
    change(booking, Status.CONFIRMED, by=by, now=now)


def fill_free_places(*, now: datetime) -> int:
    """Pass on places that became available without a cancellation, such as when an agency's cap ends. Returns how many.

    The worker runs this each minute.
    """
    return each_in_turn(waiting_list_queries.events_to_fill(now=now), partial(_fill, now=now))


def _fill(event_id: int, *, now: datetime) -> int:
    return pass_on(hold(db.session.get_one(Event, event_id)), now=now)


def pick(booking: Booking, *, by: Person, now: datetime, outright: bool, reason: str) -> None:
    """Offer an available place to one person on the list, or book it `outright`, whatever their position.

    Raises Decided if the person is no longer waiting, Refused if no place is available or the course has
    started.
    """
    event = hold(booking.event)
    if booking.status is not Status.WAITING:
        raise Decided(no_longer_waits(booking.status, booking.person.name, booking.decide_by))
    if not booking.person.is_active:
        raise Refused("This person’s account is closed, so they cannot get a place.")
    _check_coming(event, now=now)
    if not availability_queries.places(event).free:
        raise Refused("No place is available. Raise the capacity first, or cancel a booking.")
    terms = terms_for(event)
    # After bookings have closed, an offer leaves no time to answer.
    is_offer = not outright and now < terms.bookings_close_at
    kind = WaitingList.OFFERS if is_offer else WaitingList.AUTOMATIC
    give(booking, terms, kind, by=by, now=now, why=reason)


def pause_list(event: Event, *, is_paused: bool, now: datetime) -> int:
    """Pause or resume the waiting list. Returns how many places were offered on resuming.

    Raises Refused if the course has started or was called off.
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


def pass_on(event: Event, *, now: datetime) -> int:
    """Offer or give available places of a locked `event` to the people waiting, in order. Returns how many.

    The policy says whether places are offered or given. Does nothing once bookings have closed, if the list is
    paused, or if officers choose who gets a place.
    """
    # Checked first, because most events have no waiting list.
    places = availability_queries.places(event)
    if not places.free or not places.waiting or not event.is_published or event.is_list_paused:
        return 0
    terms = terms_for(event)
    kind = terms.policies.waiting_list
    if kind is WaitingList.MANUAL or now >= terms.bookings_close_at:
        return 0
    cap = terms.cap(now=now)
    if cap is None:
        chosen = waiting_list_queries.first_waiting(event, places.free)
    else:
        # A person far down the list may be the first who can have the place.
        line, shares = waiting_list_queries.line(event), availability_queries.shares_at(event)
        ids = [claim.id for claim in next_in_line(line, places.free, cap=cap, shares=shares)]
        chosen = waiting_list_queries.in_order(ids) if ids else []
    decide = set()
    if chosen and kind is WaitingList.AUTOMATIC:
        # Only offered, because the person never chose this date, or has a place elsewhere at that time.
        decide = asked_for_any_date(chosen) | clashing_of(chosen, event)
    for booking in chosen:
        give(booking, terms, WaitingList.OFFERS if booking.id in decide else kind, now=now)
    return len(chosen)


def give(
    booking: Booking,
    terms: Terms,
    kind: WaitingList,
    *,
    now: datetime,
    by: Person | None = None,
    why: str = "",
) -> None:
    """Offer an available place to a person on the list, or give it at once, by `kind`. Lock the event first."""
    became, cause = Status.CONFIRMED, None if why else Cause.FREE_PLACE
    if kind is WaitingList.OFFERS:
        became, booking.decide_by = Status.OFFERED, terms.offer_ends_at(now=now)
    change(booking, became, by=by, now=now, cause=cause, why=why)
