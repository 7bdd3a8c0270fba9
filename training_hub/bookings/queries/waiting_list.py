"""A waiting list for officers, its order, and positions on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from training_hub.access import Actor, Permission, may, within
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import OPEN, Status
from training_hub.bookings.queries.availability import holds, shares_at
from training_hub.bookings.queries.booking import MOST_LISTED, TO_BE_TOLD, last_change
from training_hub.bookings.queries.claims import MOST_AT_ONCE
from training_hub.bookings.queries.events import LOOKS_AHEAD
from training_hub.bookings.rules.places import Places
from training_hub.bookings.rules.terms import Terms
from training_hub.bookings.rules.waiting_list import ListState, why_waiting
from training_hub.bookings.rules.wording import offer_sentence, waiting_sentence
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.people.models import Agency, Person
from training_hub.policies.rules import WaitingList


@dataclass(frozen=True)
class ListInHand:
    """An officer's view of a waiting list. Each person and offer has a sentence that explains it."""

    turns: Sequence[tuple[Any, str]]
    offers: Sequence[tuple[Any, str]]
    free: int
    can_pick: bool
    """Whether an officer can give someone a place: one is available, and the course has not started."""
    can_pause: bool
    """Whether the list can be paused or resumed: bookings are still open."""


def state_of(event: Event, terms: Terms, places: Places, *, now: datetime) -> ListState:
    """What decides whether an available place at `event` goes to the people waiting."""
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
    """The waiting list of `event`, if `actor` manages waiting lists, in a fixed number of queries."""
    if not may(actor, Permission.MANAGE_WAITING_LISTS):
        return None
    rows = db.session.execute(within(_listed(event.id), actor, Permission.MANAGE_WAITING_LISTS)).all()
    turns = [row for row in rows if row.status is Status.WAITING]
    state = state_of(event, terms, places, now=now)
    sentences = [waiting_sentence(waiting, state) for waiting in why_waiting(turns, state)]
    is_coming = event.is_published and now < event.starts_at
    return ListInHand(
        turns=list(zip(turns, sentences, strict=True)),
        offers=[
            (row, offer_sentence(row.status, row.decide_by, row.changed_at))
            for row in rows
            if row.status is not Status.WAITING
        ],
        free=places.free,
        can_pick=is_coming and places.free > 0,
        can_pause=is_coming and now < terms.bookings_close_at,
    )


def _listed(event_id: int) -> Any:
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
        .join(BookingChange, BookingChange.id == last_change())
        .where(
            Booking.event_id == event_id,
            or_(Booking.status.in_([Status.WAITING, Status.OFFERED]), ended),
        )
        .order_by(Booking.asked_at, Booking.id)
        .limit(MOST_LISTED)
    )


def events_to_fill(*, now: datetime) -> Sequence[int]:
    """Ids of coming events at which people wait and places are available, soonest first."""
    held = select(func.count()).where(Booking.event_id == Event.id, Booking.status.in_(OPEN), holds())
    reserved = select(func.count()).where(
        ReservedPlace.event_id == Event.id, ReservedPlace.ended_at.is_(None)
    )
    waits = exists().where(Booking.event_id == Event.id, Booking.status == Status.WAITING)
    return db.session.scalars(
        select(Event.id)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.starts_at > now,
            Event.starts_at < now + LOOKS_AHEAD,
            ~Event.is_list_paused,
            waits,
            Event.capacity > held.scalar_subquery() + reserved.scalar_subquery(),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_AT_ONCE)
    ).all()


def first_waiting(event: Event, limit: int) -> list[Booking]:
    """The first `limit` people on the waiting list of `event`, in order, without closed accounts."""
    return list(db.session.scalars(_in_line(select(Booking), event).limit(limit).options(*TO_BE_TOLD)))


def line(event: Event) -> Sequence[Row[int, int]]:
    """Id and agency of everyone on the waiting list of `event`, in order, without closed accounts."""
    return db.session.execute(_in_line(select(Booking.id, Booking.agency_id), event)).all()


def _in_line(statement: Any, event: Event) -> Any:
    waits = (Booking.event_id == event.id, Booking.status == Status.WAITING, Person.is_active)
    who = statement.join(Person, Booking.person_id == Person.id).where(*waits)
    return who.order_by(Booking.asked_at, Booking.id)


def in_order(ids: Sequence[int]) -> list[Booking]:
    """The bookings with these ids, in the order in which they were asked for."""
    return list(
        db.session.scalars(
            select(Booking)
            .where(Booking.id.in_(ids))
            .order_by(Booking.asked_at, Booking.id)
            .options(*TO_BE_TOLD)
        )
    )


# Built once, because everyone who joins a waiting list runs both statements.
_WAITS = (Booking.event_id == bindparam("event"), Booking.status == Status.WAITING)
_LAST_ASKED = select(func.max(Booking.asked_at)).where(*_WAITS)
_BEFORE = select(func.count()).where(
    *_WAITS,
    or_(
        Booking.asked_at < bindparam("asked_at"),
        and_(Booking.asked_at == bindparam("asked_at"), Booking.id < bindparam("booking")),
    ),
)


def end_of_list(event: Event, *, now: datetime) -> datetime:
    """The moment to store for a person who asks at `now`, so that they are behind everyone who waits for `event`.

    Processes' clocks differ, so the last person's moment may be later than `now`.
    """
    last = db.session.scalar(_LAST_ASKED, {"event": event.id})
    return now if last is None or now > last else last + timedelta(microseconds=1)


def waiting_position(booking: Booking) -> int:
    """The booking's position on its waiting list. 1 is next."""
    given = {"event": booking.event_id, "asked_at": booking.asked_at, "booking": booking.id}
    return int(db.session.scalar(_BEFORE, given) or 0) + 1


def waiting_positions(bookings: Iterable[Any]) -> dict[int, int]:
    """The position of each of `bookings` that waits, by id, in one query."""
    ids = [booking.id for booking in bookings if booking.status is Status.WAITING]
    if not ids:
        return {}
    other = aliased(Booking)
    before = (other.asked_at < Booking.asked_at) | (
        (other.asked_at == Booking.asked_at) & (other.id < Booking.id)
    )
    counted = (
        select(Booking.id, func.count(other.id))
        .select_from(Booking)
        .outerjoin(other, and_(other.event_id == Booking.event_id, other.status == Status.WAITING, before))
        .where(Booking.id.in_(ids))
        .group_by(Booking.id)
    )
    return {row[0]: int(row[1]) + 1 for row in db.session.execute(counted)}
