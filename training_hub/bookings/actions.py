"""Everything that changes a booking. Each seat decision holds the event, reads again, counts, and only then writes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select

from training_hub.bookings import emails, queries
from training_hub.bookings.models import OPEN, Booking, BookingChange, BookingNeeds, Status
from training_hub.bookings.rules import NotOpen, bookings_close_at, cancelled_status, check_move, check_open
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people.models import Person

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What a reference is made of: nothing that could be misread over the telephone."""


def new_reference() -> str:
    """A booking's reference, such as "TH-7KQ2M9XD", drawn at random."""
    return "TH-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def hold(event: Event) -> Event:
    """Hold `event` until this transaction ends: nobody else decides on its places meanwhile.

    Whatever was read of it before is read again, or two people would count the same free place.
    """
    db.session.refresh(event, with_for_update={"of": Event})
    for row in list(db.session.identity_map.values()):
        if isinstance(row, Booking) and row.event_id == event.id and not db.session.is_modified(row):
            db.session.expire(row)
    return event


def book(
    person: Person,
    event: Event,
    *,
    by: Person,
    now: datetime,
    access_needs: str = "",
    dietary_needs: str = "",
) -> Booking:
    """Give `person` a place at `event`, or the next place on its waiting list.

    Who has an open booking already gets that one back: a button pressed twice books once. Raises NotOpen
    where the event takes no bookings, Refused where the person has given no agency.
    """
    hold(event)
    existing = queries.open_booking(person.id, event.id)
    if existing is not None:
        return existing
    check_open(event, now=now)
    if person.agency is None:
        raise Refused(
            "Tell us which agency you work for before you book. You can do so on your profile page."
        )
    places = queries.places(event)
    booking = Booking(
        reference=new_reference(),
        event=event,
        person=person,
        agency=person.agency,
        manager_name=person.manager_name,
        manager_email=person.manager_email,
        asked_at=now,
    )
    # Whoever waits goes first: a free place with people waiting is theirs, not the latest comer's.
    became = Status.CONFIRMED if places.free > places.waiting else Status.WAITING
    _change(booking, became, by=by, now=now)
    db.session.add(booking)
    if access_needs or dietary_needs:
        # The needs' key is the booking's, which the database gives.
        db.session.flush()
        db.session.add(BookingNeeds(booking_id=booking.id, access=access_needs, dietary=dietary_needs))
    return booking


def cancel(booking: Booking, *, by: Person, now: datetime, reason: str = "") -> None:
    """Give up a place, in time or late by the notice rule in force, or leave a waiting list.

    The first person waiting gets the place. Raises TooLate once the event has started.
    """
    event = hold(booking.event)
    _change(booking, cancelled_status(booking.status, event, now=now), by=by, now=now, why=reason)
    promote(event, now=now)


def promote(event: Event, *, now: datetime) -> None:
    """Give the free places of a held `event` to those who wait, in order, until its bookings close."""
    if not event.is_published or now >= bookings_close_at(event):
        return
    free = queries.places(event).free
    for booking in queries.first_waiting(event, free) if free else []:
        _change(booking, Status.CONFIRMED, by=None, now=now, why="A place became free")


def change_capacity(event: Event, capacity: int, *, now: datetime) -> None:
    """Make room for `capacity` people. More room goes to those who wait; less than is taken is refused."""
    hold(event)
    held = queries.places(event).held
    if capacity < held:
        raise Refused(
            f"{held} places are taken, so the capacity cannot be {capacity}. "
            "Cancel bookings first, or keep the capacity as it is."
        )
    event.capacity = capacity
    promote(event, now=now)


def cancel_event(event: Event, *, by: Person, now: datetime, reason: str) -> int:
    """Call `event` off. Everyone booked or waiting is told, and counted apart from those who cancelled; how many."""
    hold(event)
    if event.is_called_off:
        raise Refused("This course date has already been called off.")
    if not event.is_published:
        raise Refused("This course date was never published. Delete the draft instead.")
    if now >= event.starts_at:
        raise Refused("This course date has started, so it can no longer be called off.")
    event.status, event.called_off_at, event.called_off_reason = EventStatus.CALLED_OFF, now, reason
    event.sequence += 1
    told = list(
        db.session.scalars(
            select(Booking).where(Booking.event_id == event.id, Booking.status.in_(OPEN)).order_by(Booking.id)
        )
    )
    for booking in told:
        _change(booking, Status.EVENT_CANCELLED, by=by, now=now, why=reason)
    return len(told)


def add_walk_in(person: Person, event: Event, *, by: Person, now: datetime) -> Booking:
    """Put someone who came without a booking on the register, outside the capacity.

    Who waits for a place, or has one, keeps one booking: the waiting one is withdrawn, a place is simply used.
    """
    hold(event)
    if event.status is not EventStatus.PUBLISHED:
        raise NotOpen("Only a published course date has a register.")
    if now < event.starts_at:
        raise NotOpen("People can be added once the course has started.")
    if person.agency is None:
        raise Refused("Say which agency this person works for.")
    existing = queries.open_booking(person.id, event.id)
    if existing is not None and existing.status is not Status.WAITING:
        return existing
    if existing is not None:
        _change(existing, Status.WITHDRAWN, by=by, now=now, why="Came without a place", quietly=True)
        # The index that allows one open booking must see this one go before the next comes.
        db.session.flush()
    booking = Booking(
        reference=new_reference(),
        event=event,
        person=person,
        agency=person.agency,
        is_walk_in=True,
        manager_name=person.manager_name,
        manager_email=person.manager_email,
        asked_at=now,
    )
    _change(booking, Status.CONFIRMED, by=by, now=now, why="Came without a booking", quietly=True)
    db.session.add(booking)
    return booking


def remove_walk_in(booking: Booking, *, by: Person, now: datetime, reason: str) -> None:
    """Take off the register a walk-in who was entered by mistake."""
    if not booking.is_walk_in:
        raise Refused("Only someone who came without a booking can be taken off the register.")
    hold(booking.event)
    if booking.status is not Status.CONFIRMED:
        _change(booking, Status.CONFIRMED, by=by, now=now, why=reason, quietly=True)
    _change(booking, Status.WITHDRAWN, by=by, now=now, why=reason, quietly=True)


def record_outcome(booking: Booking, outcome: Status, *, by: Person, now: datetime, why: str = "") -> None:
    """Record what became of a confirmed place; `Status.CONFIRMED` says that it is not recorded after all."""
    if booking.status is not outcome:
        _change(booking, outcome, by=by, now=now, why=why)


def forget_needs(*, ended_before: datetime) -> int:
    """Delete the access and dietary needs for events that ended before this moment; how many."""
    over = select(Booking.id).join(Event, Booking.event_id == Event.id).where(Event.ends_at < ended_before)
    statement = delete(BookingNeeds).where(BookingNeeds.booking_id.in_(over))
    return int(db.session.connection().execute(statement).rowcount)


def _change(
    booking: Booking,
    became: Status,
    *,
    by: Person | None,
    now: datetime,
    why: str = "",
    quietly: bool = False,
) -> None:
    """The only place that writes a status; beside it, the history row and the mail."""
    was = booking.status
    check_move(was, became)
    booking.status = became
    if became is Status.CONFIRMED and booking.confirmed_at is None:
        booking.confirmed_at = now
    booking.history.append(BookingChange(was=was, became=became, at=now, by=by, why=why[:500]))
    if not quietly:
        emails.tell(booking, was, now=now)


@dataclass(frozen=True, kw_only=True)
class PastBooking:
    """A booking that was made elsewhere, with all that became of it."""

    event_id: int
    person_id: int
    agency_id: int
    status: Status
    asked_at: datetime
    is_walk_in: bool = False
    changes: Sequence[tuple[Status, datetime]] = field(default_factory=tuple)
    """Each status that it had, and since when; the last is `status`."""


def bring_in(rows: Sequence[PastBooking], *, why: str) -> list[int]:
    """Store bookings made elsewhere, status and history, in bulk; their ids, in order. Tells no one.

    Not bound by capacity: what happened, happened.
    """
    if not rows:
        return []
    stored = []
    for row in rows:
        was: Status | None = None
        for became, _at in row.changes:
            check_move(was, became)
            was = became
        if was is not row.status:
            raise ValueError("the last change is the status")
        confirmed = next((at for status, at in row.changes if status is Status.CONFIRMED), None)
        stored.append(
            {
                "reference": new_reference(),
                "event_id": row.event_id,
                "person_id": row.person_id,
                "agency_id": row.agency_id,
                "status": row.status,
                "is_walk_in": row.is_walk_in,
                "asked_at": row.asked_at,
                "confirmed_at": confirmed,
            }
        )
    ids = list(
        db.session.scalars(insert(Booking).returning(Booking.id, sort_by_parameter_order=True), stored)
    )
    history = [
        {
            "booking_id": booking_id,
            "was": row.changes[number - 1][0] if number else None,
            "became": became,
            "at": at,
            "why": why,
        }
        for booking_id, row in zip(ids, rows, strict=True)
        for number, (became, at) in enumerate(row.changes)
    ]
    db.session.execute(insert(BookingChange), history)
    return ids
