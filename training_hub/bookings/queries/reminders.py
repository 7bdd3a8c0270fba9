"""What has fallen due at course dates that are to come."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, exists, literal, or_, select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reminders import MissedReminder
from training_hub.bookings.models.status import HAS_PLACE, Status
from training_hub.bookings.rules.reminders import Reminder
from training_hub.database import db
from training_hub.mail.models import Mail, MailState


def not_yet_reminded(kind: Reminder, due: Mapping[int, datetime], *, limit: int) -> Sequence[int]:
    """The ids of the confirmed places whose people have not been sent this, nor missed it, at the events at which it
    fell due, with the moment of each.

    Who got the place after it fell due was told everything when they got it.
    """
    by_moment: dict[datetime, list[int]] = {}
    for event_id, moment in due.items():
        by_moment.setdefault(moment, []).append(event_id)
    if not by_moment:
        return []
    return db.session.scalars(
        select(Booking.id)
        .where(
            Booking.event_id.in_(list(due)),
            Booking.status == Status.CONFIRMED,
            ~Booking.is_walk_in,
            or_(
                *(
                    and_(Booking.event_id.in_(events), Booking.confirmed_at < moment)
                    for moment, events in by_moment.items()
                )
            ),
            ~exists().where(_is_mail_of(kind)),
            ~_is_missed(kind),
        )
        .order_by(Booking.event_id, Booking.id)
        .limit(limit)
    ).all()


def untold(kind: Reminder, event_ids: Sequence[int], *, limit: int) -> Sequence[Row[int, int]]:
    """Id and event of the places at these events whose people were never sent this, nor is it written down yet that
    they were not.

    What still waits, or was given up and can be sent again, may yet be sent; what was dropped was not.
    """
    if not event_ids:
        return []
    lives = exists().where(_is_mail_of(kind), Mail.state != MailState.DROPPED)
    return db.session.execute(
        select(Booking.id, Booking.event_id)
        .where(
            Booking.event_id.in_(event_ids),
            Booking.status.in_(HAS_PLACE),
            ~Booking.is_walk_in,
            ~lives,
            ~_is_missed(kind),
        )
        .order_by(Booking.event_id, Booking.id)
        .limit(limit)
    ).all()


def _is_mail_of(kind: Reminder) -> ColumnElement[bool]:
    return Mail.key == literal("booking:") + Booking.reference + literal(f":{kind.value}")


def _is_missed(kind: Reminder) -> ColumnElement[bool]:
    return exists().where(MissedReminder.booking_id == Booking.id, MissedReminder.kind == kind.value)


def missed_by(booking: Booking) -> list[tuple[Reminder, datetime]]:
    """What the person of `booking` was not sent before the course date, and when that was written down."""
    rows = db.session.execute(
        select(MissedReminder.kind, MissedReminder.at).where(MissedReminder.booking_id == booking.id)
    )
    found = {row.kind: row.at for row in rows}
    return [(kind, found[kind.value]) for kind in Reminder if kind.value in found]


def missed_at(event_id: int) -> dict[int, list[Reminder]]:
    """What people with a place at an event were not sent before it, by booking."""
    rows = db.session.execute(
        select(MissedReminder.booking_id, MissedReminder.kind)
        .join(Booking, MissedReminder.booking_id == Booking.id)
        .where(Booking.event_id == event_id)
        .order_by(MissedReminder.booking_id, MissedReminder.kind.desc())
    )
    found: dict[int, list[Reminder]] = {}
    for row in rows:
        found.setdefault(row.booking_id, []).append(Reminder(row.kind))
    return found
