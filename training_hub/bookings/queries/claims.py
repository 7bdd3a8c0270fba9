"""Requests and offers that stand, and those that have run out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select

from training_hub.access import Permission, Scope, scopes
from training_hub.bookings.models import CLAIMS, OPEN, Booking, ReservedPlace, Status
from training_hub.bookings.queries.due import LOOKS_AHEAD
from training_hub.bookings.queries.places import holds
from training_hub.bookings.rules import approval_reminder_key, approval_version, reminder_of_request_at
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Person

MOST_AT_ONCE = 500
MOST_REQUESTS = 5000


def run_out(status: Status, *, now: datetime) -> Sequence[int]:
    """The ids of the bookings in this status, requests or offers, that had to be decided by now, the oldest first."""
    return db.session.scalars(
        select(Booking.id)
        .where(Booking.status == status, Booking.decide_by <= now)
        .order_by(Booking.decide_by, Booking.id)
        .limit(MOST_AT_ONCE)
    ).all()


def requests_to_remind_of(*, now: datetime) -> list[int]:
    """The ids of the requests whose line manager may have to be reminded by now, and has not been."""
    rows = db.session.execute(
        select(Booking.id, Booking.reference, Booking.manager_email, Booking.asked_at, Booking.decide_by)
        .where(Booking.status == Status.REQUESTED, Booking.decide_by > now)
        .order_by(Booking.decide_by, Booking.id)
        .limit(MOST_REQUESTS)
    ).all()
    due: dict[str, int] = {
        approval_reminder_key(row.reference, approval_version(row)): row.id
        for row in rows
        if now >= reminder_of_request_at(row.asked_at, row.decide_by)
    }
    told = set(db.session.scalars(select(Mail.key).where(Mail.key.in_(due)))) if due else set()
    return [booking_id for key, booking_id in due.items() if key not in told][:MOST_AT_ONCE]


def manager_asked_at(booking: Booking) -> datetime:
    """When the line manager who is to decide was asked: later than the request, where another was named since."""
    key = f"booking:{booking.reference}:approval:{approval_version(booking)}"
    return db.session.scalar(select(Mail.queued_at).where(Mail.key == key)) or booking.asked_at


def events_to_fill(*, now: datetime) -> Sequence[int]:
    """The ids of the coming events at which somebody waits while a place is free, soonest first: none is held that is
    full."""
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


def claims_of_closed_accounts(*, now: datetime) -> Sequence[int]:
    """The ids of the requests, offers and turns on waiting lists of closed accounts, at events that are to come."""
    return db.session.scalars(
        select(Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Person, Booking.person_id == Person.id)
        .where(Event.starts_at > now, Booking.status.in_(CLAIMS), ~Person.is_active)
        .order_by(Event.starts_at, Booking.id)
        .limit(MOST_AT_ONCE)
    ).all()


def successor(booking: Booking) -> Booking | None:
    """The booking that took the place of this one: the newest, where there were several."""
    return db.session.scalar(
        select(Booking).where(Booking.follows_id == booking.id).order_by(Booking.id.desc()).limit(1)
    )


def who_passed_on(booking: Booking) -> Person:
    """Whoever passed the place of `booking` to a colleague; where the training team did it for them, its person."""
    passed = next(row for row in reversed(booking.history) if row.became is Status.SUBSTITUTED)
    if passed.by is None or Scope.ALL in scopes(passed.by, Permission.CHANGE_BOOKINGS):
        return booking.person
    return passed.by


def taken_instead(booking: Booking) -> Booking | None:
    """What the person of a booking whose date was called off has in its place: an open booking that follows it, be it
    moved on to yet another date; None where they have none, or have given it up."""
    after = successor(booking)
    while after is not None and after.status is Status.TRANSFERRED:
        after = successor(after)
    return after if after is not None and after.flags.is_open else None
