"""Store bookings made elsewhere, with their history, in bulk. Nobody is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update

from training_hub.bookings.actions.changes import ids_of, new_reference
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.moves import check_move
from training_hub.database import db


@dataclass(frozen=True, kw_only=True)
class PastBooking:
    """A booking made elsewhere, with its history."""

    event_id: int
    person_id: int
    agency_id: int
    status: Status
    asked_at: datetime
    is_walk_in: bool = False
    changes: Sequence[tuple[Status, datetime]] = field(default_factory=tuple)
    """Each status and since when; the last is `status`."""
    reference: str = ""
    """Its reference; drawn at random where empty."""
    follows: str = ""
    """The reference of the booking whose place it took."""
    is_held: bool = False
    decide_by: datetime | None = None


def bring_in(rows: Sequence[PastBooking], *, why: str) -> list[int]:
    """Store bookings made elsewhere, with status and history, in bulk. Returns their ids in order.

    Capacity does not limit them, because these places were taken.
    """
    if not rows:
        return []
    stored: list[dict[str, Any]] = []
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
                "reference": row.reference or new_reference(),
                "event_id": row.event_id,
                "person_id": row.person_id,
                "agency_id": row.agency_id,
                "status": row.status,
                "is_walk_in": row.is_walk_in,
                "asked_at": row.asked_at,
                "confirmed_at": confirmed,
                "is_held": row.is_held,
                "decide_by": row.decide_by,
            }
        )
    # Into the tables, without asking for ids: the ORM would send the rows one by one.
    db.session.execute(insert(cast(Table, Booking.__table__)), stored)
    ids = ids_of([row["reference"] for row in stored])
    _link_followed(rows, stored, ids)
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
    db.session.execute(insert(cast(Table, BookingChange.__table__)), history)
    return ids


def _link_followed(rows: Sequence[PastBooking], stored: Sequence[dict[str, Any]], ids: Sequence[int]) -> None:
    id_of = {row["reference"]: key for row, key in zip(stored, ids, strict=True)}
    pairs = [
        {"key": key, "other": id_of[row.follows]} for row, key in zip(rows, ids, strict=True) if row.follows
    ]
    if pairs:
        table = cast(Table, Booking.__table__)
        statement = update(table).where(table.c.id == bindparam("key")).values(follows_id=bindparam("other"))
        db.session.connection().execute(statement, pairs)
