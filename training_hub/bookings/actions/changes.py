"""Lock a course date, and change the status of a booking."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, inspect, select, update

from training_hub.bookings.emails.approval import ask_no_longer
from training_hub.bookings.emails.changes import tell
from training_hub.bookings.emails.reminders import reminder_keys
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.reminders import MissedReminder
from training_hub.bookings.models.status import FLAGS, Status
from training_hub.bookings.rules.moves import check_move
from training_hub.bookings.rules.reminders import Reminder
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.mail import outbox
from training_hub.people.models import Agency, Person
from training_hub.wording import ALPHABET

AT_ONCE = 1000
"""The most values that both databases accept in one statement."""

# Built once, because every confirmed booking runs this statement.
_SATISFIED = (
    update(Interest)
    .where(
        Interest.person_id == bindparam("person"),
        Interest.course_id == bindparam("course"),
        Interest.ended_at.is_(None),
    )
    .values(ended_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)


def new_reference() -> str:
    """A booking's reference, such as "TH-7KQ2M9XD", drawn at random."""
    return "TH-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def hold(event: Event, *others: Event) -> Event:
    """Lock `event` and `others` until this transaction ends, so that nobody else decides on their places.

    Reads their bookings again, as otherwise two people would count the same place as available. Locks events in
    the order of their ids, to avoid deadlocks.
    """
    held = {each.id: each for each in (event, *others)}
    for event_id in sorted(held):
        # PostgreSQL cannot lock the nullable side of an outer join, such as the venue.
        db.session.refresh(held[event_id], with_for_update={"of": Event})
    for row in list(db.session.identity_map.values()):
        # Read from the dict, because an attribute that is not loaded would query the database.
        if (
            isinstance(row, Booking)
            and inspect(row).dict.get("event_id") in held
            and not db.session.is_modified(row)
        ):
            db.session.expire(row)
    return event


def new_booking(
    person: Person, event: Event, agency: Agency, *, now: datetime, follows: Booking | None = None
) -> Booking:
    """A booking without a status. Call `change` to give it one. Its agency never changes later."""
    return Booking(
        reference=new_reference(),
        event=event,
        person=person,
        agency=agency,
        manager_name=person.manager_name,
        manager_email=person.manager_email,
        asked_at=now,
        follows=follows,
    )


def change(
    booking: Booking,
    became: Status,
    *,
    by: Person | None,
    now: datetime,
    cause: Cause | None = None,
    why: str = "",
    quietly: bool = False,
    undo: bool = False,
    other_dates: Sequence[Event] = (),
    terms: Terms | None = None,
) -> None:
    """Write a status with its history row and its email. No other function changes a status.

    `undo` allows moves that only a hub officer makes. Passing `terms` saves a query.
    """
    was = booking.status
    check_move(was, became, undo=undo)
    booking.status, booking.is_told = became, True
    had_place, has_place = was is not None and FLAGS[was].has_place, FLAGS[became].has_place
    if had_place is not has_place:
        _enter_calendar(booking, has_place=has_place)
    if became is Status.CONFIRMED and booking.confirmed_at is None:
        booking.confirmed_at = now
    if was is Status.REQUESTED:
        ask_no_longer(booking)
    if became is not Status.REQUESTED and became is not Status.OFFERED:
        booking.decide_by, booking.is_held = None, False
    row = BookingChange(booking=booking, was=was, became=became, at=now, by=by, cause=cause, why=why[:500])
    db.session.add(row)
    # The ids are needed by the waiting list, the needs and the email's key.
    db.session.flush()
    if has_place and not had_place:
        # A person with a place no longer needs to be told when the course runs.
        whose = {"person": booking.person_id, "course": booking.event.course_id, "now": now}
        db.session.execute(_SATISFIED, whose)
    if not quietly:
        tell(booking, row, by=by, now=now, other_dates=other_dates, terms=terms)


@dataclass(frozen=True)
class Newcomer:
    """A person who joins a waiting list, and for which agency."""

    person: Person
    agency: Agency

    @property
    def agency_id(self) -> int:
        """The agency's id, as `next_in_line` reads it."""
        return self.agency.id


def join_list(
    newcomers: Sequence[Newcomer],
    event: Event,
    *,
    offered: Collection[Newcomer],
    asked_at: datetime,
    offer_ends_at: datetime,
    now: datetime,
) -> list[int]:
    """Put people on the waiting list of a locked `event`, in order, and offer `offered` a place. Returns booking ids.

    Writes the same statuses and history as `change`, in a fixed number of statements. Sends no email.
    """
    check_move(None, Status.WAITING)
    check_move(Status.WAITING, Status.OFFERED)
    rows = [
        {
            "reference": new_reference(),
            "event_id": event.id,
            "person_id": each.person.id,
            "agency_id": each.agency.id,
            "status": Status.OFFERED if each in offered else Status.WAITING,
            "manager_name": each.person.manager_name,
            "manager_email": each.person.manager_email,
            "asked_at": asked_at,
            "decide_by": offer_ends_at if each in offered else None,
            "is_told": False,
        }
        for each in newcomers
    ]
    ids = store_bookings(rows)
    facts = {"at": now, "was": None, "became": Status.WAITING, "cause": Cause.INTEREST}
    joined = [{"booking_id": key, **facts} for key in ids]
    facts = {"at": now, "was": Status.WAITING, "became": Status.OFFERED, "cause": None}
    then = [{"booking_id": key, **facts} for key, each in zip(ids, newcomers, strict=True) if each in offered]
    store_changes([*joined, *then])
    return ids


def store_bookings(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Store new bookings, column by column, in bulk. Returns their ids in order.

    Inserts into the table and then reads the ids, because the ORM would send the rows one by one.
    """
    db.session.execute(insert(cast(Table, Booking.__table__)), rows)
    references = [row["reference"] for row in rows]
    found: dict[str, int] = {}
    for start in range(0, len(references), AT_ONCE):
        part = Booking.reference.in_(references[start : start + AT_ONCE])
        rows_of_part = db.session.execute(select(Booking.reference, Booking.id).where(part))
        found.update((reference, booking_id) for reference, booking_id in rows_of_part)
    return [found[reference] for reference in references]


def store_changes(rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the history of bookings in bulk."""
    db.session.execute(insert(cast(Table, BookingChange.__table__)), rows)


def _enter_calendar(booking: Booking, *, has_place: bool) -> None:
    """Prepare the calendar entry and the reminders for a place that was lost or given back."""
    keys = reminder_keys(booking.reference)
    if not has_place:
        booking.asked_sequence = None
        # A calendar removes an entry only for a higher sequence number.
        booking.calendar_sequence += 1
        outbox.drop(*keys)
    elif booking.confirmed_at is not None:
        # The person had the place before. Reminders that were sent then are not sent again.
        booking.calendar_sequence += 1
        outbox.allow_again(*keys)
        for kind in Reminder:
            forget_missed([booking.id], kind)


def forget_missed(booking_ids: Sequence[int], kind: Reminder) -> None:
    """Delete the record that these people missed a reminder, because it may be sent after all."""
    db.session.execute(
        delete(MissedReminder).where(
            MissedReminder.booking_id.in_(booking_ids), MissedReminder.kind == kind.value
        )
    )
