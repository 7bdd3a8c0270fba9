"""Reminders that are due, and reminders that people missed."""

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
    """Ids of places whose people were not sent this reminder, and are not recorded as having missed it.

    `due` holds events, and the moment when the reminder was due. Leaves out people who got their place after
    that: the email about their place told them everything.
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
    """Booking and event ids of places whose people were never sent this reminder, if this is not recorded yet.

    An email that is waiting or failed may still be sent, and counts as sent. A dropped email does not.
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
    """The reminders that the person was not sent before the date, and when this was recorded."""
    rows = db.session.execute(
        select(MissedReminder.kind, MissedReminder.at).where(MissedReminder.booking_id == booking.id)
    )
    found = {row.kind: row.at for row in rows}
    return [(kind, found[kind.value]) for kind in Reminder if kind.value in found]


def missed_at(event_id: int) -> dict[int, list[Reminder]]:
    """The reminders that people with a place at an event were not sent before it, by booking."""
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
