"""A waiting list as the hub's officers see it: who waits and why, and what became of the places that were offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from training_hub.access import Actor, Permission, may, within
from training_hub.bookings.models import Booking, BookingChange, Status
from training_hub.bookings.queries.lists import MOST_LISTED
from training_hub.bookings.queries.places import Places, shares_at
from training_hub.bookings.rules import Terms
from training_hub.bookings.rules.waiting import ListState, what_became_of_offer, why_waiting
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Agency, Person
from training_hub.policies.rules import WaitingList


@dataclass(frozen=True)
class ListInHand:
    """A waiting list that an officer has in hand: each who waits, in order, and each who was offered a place, with a
    sentence."""

    turns: Sequence[tuple[Any, str]]
    offers: Sequence[tuple[Any, str]]
    free: int
    can_pick: bool
    """Whether there is a place, and still time, to pick somebody for."""
    can_pause: bool
    """Whether places still go to those who wait, so that it makes a difference."""


def state_of(event: Event, terms: Terms, places: Places, *, now: datetime) -> ListState:
    """What decides whether a free place at `event` reaches those who wait."""
    cap = terms.cap(now=now)
    return ListState(
        free=places.free,
        shares={} if cap is None else shares_at(event),
        is_published=event.is_published,
        is_closed=now >= terms.bookings_close_at,
        is_paused=event.is_list_paused,
        is_manual=terms.policies.waiting_list is WaitingList.MANUAL,
        cap=cap,
        cap_ends_on=terms.cap_released_on if cap is not None else None,
    )


def list_in_hand(
    event: Event, terms: Terms, places: Places, actor: Actor, *, now: datetime
) -> ListInHand | None:
    """The waiting list of `event`, if `actor` decides about waiting lists; in as many queries however long it is."""
    if not may(actor, Permission.MANAGE_WAITING_LISTS):
        return None
    rows = db.session.execute(within(_listed(event.id), actor, Permission.MANAGE_WAITING_LISTS)).all()
    turns = [row for row in rows if row.status is Status.WAITING]
    sentences = why_waiting(turns, state_of(event, terms, places, now=now))
    is_coming = event.is_published and now < event.starts_at
    return ListInHand(
        turns=list(zip(turns, sentences, strict=True)),
        offers=[(row, what_became_of_offer(row)) for row in rows if row.status is not Status.WAITING],
        free=places.free,
        can_pick=is_coming and places.free > 0,
        can_pause=is_coming and now < terms.bookings_close_at,
    )


def _listed(event_id: int) -> Any:
    last = (
        select(func.max(BookingChange.id))
        .where(BookingChange.booking_id == Booking.id)
        .correlate(Booking)
        .scalar_subquery()
    )
    ended = and_(Booking.status.in_([Status.LAPSED, Status.WITHDRAWN]), BookingChange.was == Status.OFFERED)
    return (
        select(
            Booking.id,
            Booking.reference,
            Booking.status,
            Booking.agency_id,
            Booking.asked_at,
            Booking.decide_by,
            Person.name,
            Person.job_role,
            Agency.name.label("agency"),
            BookingChange.at.label("changed_at"),
        )
        .join(Person, Booking.person_id == Person.id)
        .join(Agency, Booking.agency_id == Agency.id)
        .join(BookingChange, BookingChange.id == last)
        .where(
            Booking.event_id == event_id,
            or_(Booking.status.in_([Status.WAITING, Status.OFFERED]), ended),
        )
        .order_by(Booking.asked_at, Booking.id)
        .limit(MOST_LISTED)
    )
