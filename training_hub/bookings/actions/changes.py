"""What every change of a booking goes through: the hold on its event, and the one place that writes a status."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import inspect

from training_hub.bookings import emails
from training_hub.bookings.models import FLAGS, Booking, BookingChange, Status
from training_hub.bookings.rules import check_move
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.mail import outbox
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
    # Of the event's row alone: PostgreSQL cannot lock what an outer join may leave empty, such as the venue.
    db.session.refresh(event, with_for_update={"of": Event})
    for row in list(db.session.identity_map.values()):
        # Looked up, not asked for: an attribute that is not loaded would be read from the database here.
        if (
            isinstance(row, Booking)
            and inspect(row).dict.get("event_id") == event.id
            and not db.session.is_modified(row)
        ):
            db.session.expire(row)
    return event


def change(
    booking: Booking,
    became: Status,
    *,
    by: Person | None,
    now: datetime,
    why: str = "",
    quietly: bool = False,
    other_dates: Sequence[Event] = (),
) -> None:
    """The only place that writes a status; beside it, the history row and the mail."""
    was = booking.status
    check_move(was, became)
    booking.status = became
    if became is Status.CONFIRMED and booking.confirmed_at is None:
        booking.confirmed_at = now
    # It brings a new booking into the session with it.
    db.session.add(BookingChange(booking=booking, was=was, became=became, at=now, by=by, why=why[:500]))
    if was is None:
        # Complete by now, and its id is what the waiting list and the needs go by.
        db.session.flush()
    if was is Status.CONFIRMED and not FLAGS[became].holds_place:
        outbox.drop(*emails.reminder_keys(booking.reference))
    if not quietly:
        emails.tell(booking, was, by=by, now=now, reason=why, other_dates=other_dates)
