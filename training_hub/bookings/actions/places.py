"""Giving places, giving them up, and passing them on."""

from datetime import datetime

from training_hub.bookings import queries
from training_hub.bookings.actions.changes import change, hold, new_reference
from training_hub.bookings.models import Booking, BookingNeeds, Status
from training_hub.bookings.rules import bookings_close_at, cancelled_status, check_open
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people.models import Person


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
    # Whoever waits goes first: a free place with people waiting is theirs, not the latest comer's.
    became = Status.CONFIRMED if places.free > places.waiting else Status.WAITING
    if became is Status.WAITING:
        # Two clocks may differ, and a request may wait its turn: nobody comes in before those who were told
        # their place on the list.
        now = max(now, queries.last_asked_at(event) or now)
    booking = Booking(
        reference=new_reference(),
        event=event,
        person=person,
        agency=person.agency,
        manager_name=person.manager_name,
        manager_email=person.manager_email,
        asked_at=now,
    )
    change(booking, became, by=by, now=now)
    if access_needs or dietary_needs:
        db.session.add(BookingNeeds(booking_id=booking.id, access=access_needs, dietary=dietary_needs))
    return booking


def cancel(booking: Booking, *, by: Person, now: datetime, reason: str = "") -> None:
    """Give up a place, in time or late by the notice rule in force, or leave a waiting list.

    The first person waiting gets the place. Raises TooLate once the event has started, AlreadyOver where there is
    nothing left to give up.
    """
    event = hold(booking.event)
    change(booking, cancelled_status(booking.status, event, now=now), by=by, now=now, why=reason)
    promote(event, now=now)


def promote(event: Event, *, now: datetime) -> None:
    """Give the free places of a held `event` to those who wait, in order, until its bookings close."""
    if not event.is_published or now >= bookings_close_at(event):
        return
    free = queries.places(event).free
    for booking in queries.first_waiting(event, free) if free else []:
        change(booking, Status.CONFIRMED, by=None, now=now, why="A place became free")


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
