"""What every change of a booking goes through: the hold on its event, and the one place that writes a status."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

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
"""How many are named in one statement: databases take only so many."""

# Put together once: each booking that is confirmed runs it.
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
    """Hold `event`, and `others`, until this transaction ends: nobody else decides on their places meanwhile.

    Whatever was read of them before is read again, or two people would count the same free place. Several are held
    in the order of their ids, so that two transactions that want the same two never wait for each other.
    """
    held = {each.id: each for each in (event, *others)}
    for event_id in sorted(held):
        # Of the event's row alone: PostgreSQL cannot lock what an outer join may leave empty, such as the venue.
        db.session.refresh(held[event_id], with_for_update={"of": Event})
    for row in list(db.session.identity_map.values()):
        # Looked up, not asked for: an attribute that is not loaded would be read from the database here.
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
    """A booking that is nothing yet: `change` makes it what it is to be. Its agency stays whatever changes later."""
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
    """The only place that writes a status; beside it, the history row and the mail.

    `undo` allows what only a hub officer may do to a booking that has ended; `terms` are those in force, where they
    are known already.
    """
    was = booking.status
    check_move(was, became, undo=undo)
    booking.status = became
    had_place, has_place = was is not None and FLAGS[was].has_place, FLAGS[became].has_place
    if had_place and not has_place:
        booking.asked_sequence = None
        # Its calendar entry is taken out, under a number that the one before had not.
        booking.calendar_sequence += 1
        outbox.drop(*reminder_keys(booking.reference))
    elif has_place and not had_place and booking.confirmed_at is not None:
        # It had the place before: undone, or back on the waiting list and then in again.
        booking.calendar_sequence += 1
        _remind_again(booking)
    if became is Status.CONFIRMED and booking.confirmed_at is None:
        booking.confirmed_at = now
    booking.is_told = True
    if was is Status.REQUESTED:
        # However it was decided, the line manager is not told any more that it still is to be.
        ask_no_longer(booking)
    if became is not Status.REQUESTED and became is not Status.OFFERED:
        booking.decide_by, booking.is_held = None, False
    # It brings a new booking into the session with it.
    row = BookingChange(booking=booking, was=was, became=became, at=now, by=by, cause=cause, why=why[:500])
    db.session.add(row)
    # Complete by now: the waiting list, the needs and the mail's key go by the ids.
    db.session.flush()
    if has_place and not had_place:
        # However the place came about, the person no longer waits to be told when the course next runs.
        whose = {"person": booking.person_id, "course": booking.event.course_id, "now": now}
        db.session.execute(_SATISFIED, whose)
    if not quietly:
        tell(booking, row, by=by, now=now, other_dates=other_dates, terms=terms)


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is to join a waiting list, and for which agency."""

    person: Person
    agency: Agency

    @property
    def agency_id(self) -> int:
        """The agency, as whoever shares places out reads it."""
        return self.agency.id


def join_list(
    newcomers: Sequence[Newcomer],
    event: Event,
    *,
    offered: Collection[Newcomer],
    asked_at: datetime,
    offer_ends_at: datetime,
    now: datetime,
    cause: Cause,
) -> list[int]:
    """Put all of them on the waiting list of a held `event`, in order, and offer `offered` a place at once; the ids of
    their bookings.

    The same moves and the same history as `change`, in as many statements however many there are; it tells nobody.
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
            "is_walk_in": False,
            "is_held": False,
            "manager_name": each.person.manager_name,
            "manager_email": each.person.manager_email,
            "asked_at": asked_at,
            "decide_by": offer_ends_at if each in offered else None,
            "calendar_sequence": 0,
            "is_told": False,
        }
        for each in newcomers
    ]
    # Into the tables themselves: the rows would be sent one by one.
    db.session.execute(insert(cast(Table, Booking.__table__)), rows)
    ids = ids_of([str(row["reference"]) for row in rows])
    joined = [
        {"booking_id": key, "was": None, "became": Status.WAITING, "at": now, "cause": cause} for key in ids
    ]
    then = [
        {"booking_id": key, "was": Status.WAITING, "became": Status.OFFERED, "at": now, "cause": None}
        for key, each in zip(ids, newcomers, strict=True)
        if each in offered
    ]
    db.session.execute(insert(cast(Table, BookingChange.__table__)), [*joined, *then])
    return ids


def ids_of(references: Sequence[str]) -> list[int]:
    """The ids of the bookings with these references, in order."""
    found: dict[str, int] = {}
    for start in range(0, len(references), AT_ONCE):
        part = references[start : start + AT_ONCE]
        rows = db.session.execute(select(Booking.reference, Booking.id).where(Booking.reference.in_(part)))
        found.update((reference, booking_id) for reference, booking_id in rows)
    return [found[reference] for reference in references]


def _remind_again(booking: Booking) -> None:
    """Have the worker look anew at what the person is to be told; what has left is not sent a second time."""
    outbox.allow_again(*reminder_keys(booking.reference))
    for kind in Reminder:
        forget_missed([booking.id], kind)


def forget_missed(booking_ids: Sequence[int], kind: Reminder) -> None:
    """Strike out that these people missed something: it may be sent after all, or be missed again."""
    db.session.execute(
        delete(MissedReminder).where(
            MissedReminder.booking_id.in_(booking_ids), MissedReminder.kind == kind.value
        )
    )
