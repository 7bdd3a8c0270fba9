"""Store bookings made elsewhere, with their history, in bulk. Sends no email."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, update

from training_hub.bookings.actions.changes import new_reference, store_bookings, store_changes
from training_hub.bookings.models.booking import Booking
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
    """Each status and when it began; the last is `status`."""
    reference: str = ""
    """The booking's reference; drawn at random if empty."""
    follows: str = ""
    """The reference of the booking that this one replaced."""
    is_held: bool = False
    decide_by: datetime | None = None


def bring_in(rows: Sequence[PastBooking], *, why: str) -> list[int]:
    """Store bookings made elsewhere, with status and history, in bulk. Returns their ids in order.

    Capacity does not limit them, because these places were taken.
    """
    if not rows:
        return []
    stored = [_columns(row) for row in rows]
    ids = store_bookings(stored)
    _link_followed(rows, stored, ids)
    store_changes(
        [
            {"booking_id": booking_id, "was": was, "became": became, "at": at, "why": why}
            for booking_id, row in zip(ids, rows, strict=True)
            for was, (became, at) in zip(_befores(row), row.changes, strict=True)
        ]
    )
    return ids


def _columns(row: PastBooking) -> dict[str, Any]:
    """The columns of a booking. Raises Refused if its history could not have happened."""
    for was, (became, _at) in zip(_befores(row), row.changes, strict=True):
        check_move(was, became)
    if not row.changes or row.changes[-1][0] is not row.status:
        raise ValueError("the last change is the status")
    confirmed_at = next((at for status, at in row.changes if status is Status.CONFIRMED), None)
    columns = {name: value for name, value in vars(row).items() if name not in {"changes", "follows"}}
    return {**columns, "reference": row.reference or new_reference(), "confirmed_at": confirmed_at}


def _befores(row: PastBooking) -> list[Status | None]:
    """The status before each change."""
    return [None, *(status for status, _at in row.changes[:-1])]


def _link_followed(rows: Sequence[PastBooking], stored: Sequence[dict[str, Any]], ids: Sequence[int]) -> None:
    id_of = {row["reference"]: key for row, key in zip(stored, ids, strict=True)}
    pairs = [
        {"key": key, "other": id_of[row.follows]} for row, key in zip(rows, ids, strict=True) if row.follows
    ]
    if pairs:
        table = cast(Table, Booking.__table__)
        statement = update(table).where(table.c.id == bindparam("key")).values(follows_id=bindparam("other"))
        db.session.connection().execute(statement, pairs)
