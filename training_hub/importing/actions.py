"""Importing: read and check the file, then check again and store it in one short transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from training_hub.bookings.actions.changes import new_reference
from training_hub.bookings.actions.past import PastBooking
from training_hub.bookings.actions.past import bring_in as bring_in_bookings
from training_hub.bookings.models.status import GIVEN_UP, Status
from training_hub.catalogue.actions import add_board
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus, Level
from training_hub.catalogue.queries import default_board
from training_hub.catalogue.rules import slug_of
from training_hub.database import Base, db, transaction
from training_hub.errors import Refused
from training_hub.evaluation.actions.past import PastReturn
from training_hub.evaluation.actions.past import bring_in as bring_in_returns
from training_hub.importing import queries
from training_hub.importing.models import Imported, Line, Plan, Row, Stored
from training_hub.importing.rules import BadRows, check, rows_of, session_on
from training_hub.people.models import Agency, Person, Sector

S = Status
WHY = "Imported"
MOST_TRIES = 5
"""How often to check again because other data was stored meanwhile. The last check is made under the lock."""


def import_lines(
    lines: Sequence[Line],
    *,
    now: datetime,
    dry_run: bool = False,
    board_name: str = "Safeguarding Children Partnership",
    tell: Callable[[str], None] = lambda _sentence: None,
) -> Imported:
    """Store the bookings of a file, all of them or none, and return how many there were. Sends no email.

    Rows that are already stored do not change. Raises BadRows, naming every bad row. `board_name` is for the
    board that is made if a new course has no board to own it. `tell` is called with progress.
    """
    tell(f"Checking {len(lines):,} {'row' if len(lines) == 1 else 'rows'} …")
    rows, faults = rows_of(lines)
    for tries in range(MOST_TRIES + 1):
        # Check without the write lock, because comparing tens of thousands of rows takes long.
        db.session.rollback()
        stored = queries.stored_for(rows)
        plan, more = check(rows, stored, now=now)
        db.session.rollback()
        if faults or more:
            raise BadRows([*faults, *more], len(lines))
        if dry_run or not plan.new:
            break
        tell(f"Storing {len(plan.new):,} {'booking' if len(plan.new) == 1 else 'bookings'} …")
        insist = tries == MOST_TRIES
        done = _store_unless_changed(rows, stored, plan, now=now, board_name=board_name, insist=insist)
        if done is not None:
            plan = done
            break
    return Imported(
        new=len(plan.new),
        known=plan.known,
        courses=len(plan.courses),
        events=len(plan.events),
        agencies=len(plan.agencies),
        people=len(plan.people),
    )


def _store_unless_changed(
    rows: Sequence[Row], stored: Stored, plan: Plan, *, now: datetime, board_name: str, insist: bool
) -> Plan | None:
    """Store `plan` and return it, or return None if the stored data has changed since it was checked."""
    # Make references before taking the lock, because random numbers are slow.
    references = [new_reference() for _ in plan.new]
    try:
        with transaction():
            _hold(stored)
            if queries.mark() != stored.mark:
                if not insist:
                    return None
                stored = queries.stored_for(rows)
                again, faults = check(rows, stored, now=now)
                if faults:
                    raise BadRows(faults, len(rows))
                plan, references = again, [new_reference() for _ in again.new]
            _store(plan, stored, references, now=now, board_name=board_name)
    except IntegrityError as error:
        # On PostgreSQL another transaction may have stored the same person a moment earlier.
        if insist:
            raise Refused("Too much is being changed at this moment. Import the file again later.") from error
        return None
    return plan


def _hold(stored: Stored) -> None:
    """Lock the events that get bookings, as every decision about a place does."""
    for part in queries.in_parts(event.id for event in stored.events.values()):
        db.session.execute(select(Event.id).where(Event.id.in_(part)).order_by(Event.id).with_for_update())


def _store(plan: Plan, stored: Stored, references: Sequence[str], *, now: datetime, board_name: str) -> None:
    courses = stored.courses | _store_courses(plan, stored, board_name)
    agencies = stored.agencies | _store_agencies(plan)
    people = _store_people(plan, stored, agencies, now=now)
    events = _store_events(plan, stored, courses, now=now)
    _call_off(plan, events, now=now)
    ids = bring_in_bookings(
        [
            _past_booking(
                row, reference, events[row.event], people[row.email], agencies[row.agency_key], now=now
            )
            for row, reference in zip(plan.new, references, strict=True)
        ],
        why=WHY,
    )
    bring_in_returns(
        [
            PastReturn(
                booking_id=booking_id, due_at=events[row.event].ends_at, returned_at=events[row.event].ends_at
            )
            for booking_id, row in zip(ids, plan.new, strict=True)
            if row.is_returned
        ]
    )


def _store_courses(plan: Plan, stored: Stored, board_name: str) -> dict[str, int]:
    if not plan.courses:
        return {}
    board = default_board() or add_board(board_name, is_default=True)
    # The courses need the board's id.
    db.session.flush()
    rows, slugs = [], set(stored.slugs)
    for title in plan.courses.values():
        slug, number = slug_of(title), 1
        while slug in slugs:
            number += 1
            slug = f"{slug_of(title)}-{number}"
        slugs.add(slug)
        rows.append(
            {
                "title": title,
                "slug": slug,
                "board_id": board.id,
                "level": Level.CORE,
                "is_listed": True,
                "is_evaluated": True,
            }
        )
    return dict(zip(plan.courses, _insert(Course, rows), strict=True))


def _store_agencies(plan: Plan) -> dict[str, int]:
    rows = [
        {"name": name, "key": key, "sector": Sector.OTHER, "is_active": True}
        for key, name in plan.agencies.items()
    ]
    return dict(zip(plan.agencies, _insert(Agency, rows), strict=True))


def _store_people(plan: Plan, stored: Stored, agencies: dict[str, int], *, now: datetime) -> dict[str, int]:
    people = {email: person_id for email, (person_id, _name) in stored.people.items()}
    rows = [
        {"email": email, "name": row.name, "agency_id": agencies[row.agency_key], "entered_at": now}
        for email, row in plan.people.items()
    ]
    people |= dict(zip(plan.people, _insert(Person, rows), strict=True))
    for email, row in plan.to_name.items():
        # These people once asked for a sign-in code, so only their address is known.
        db.session.execute(
            update(Person)
            .where(Person.id == people[email], Person.name == "")
            .values(name=row.name, agency_id=agencies[row.agency_key])
        )
    return people


class EventKeys(NamedTuple):
    """The ids of an event, whether it was stored before or just now."""

    id: int
    starts_at: datetime
    ends_at: datetime


def _store_events(
    plan: Plan, stored: Stored, courses: dict[str, int], *, now: datetime
) -> dict[str, EventKeys]:
    events = {
        reference: EventKeys(event.id, event.starts_at, event.ends_at)
        for reference, event in stored.events.items()
    }
    times = {reference: session_on(row.starts_on) for reference, row in plan.events.items()}
    ids = _insert(
        Event,
        [
            {
                "reference": reference,
                "course_id": courses[row.course_key],
                "status": EventStatus.PUBLISHED,
                "capacity": row.capacity,
                "starts_at": times[reference][0],
                "ends_at": times[reference][1],
                "entered_at": now,
                "is_online": False,
                "sequence": 0,
            }
            for reference, row in plan.events.items()
        ],
    )
    new = {name: EventKeys(id, *times[name]) for name, id in zip(plan.events, ids, strict=True)}
    _insert(
        EventSession,
        [
            {"event_id": each.id, "number": 1, "starts_at": each.starts_at, "ends_at": each.ends_at}
            for each in new.values()
        ],
    )
    return events | new


def _call_off(plan: Plan, events: dict[str, EventKeys], *, now: datetime) -> None:
    for reference in sorted(plan.called_off):
        event = events[reference]
        db.session.execute(
            update(Event)
            .where(Event.id == event.id)
            .values(
                status=EventStatus.CALLED_OFF,
                called_off_at=min(event.starts_at, now),
                called_off_reason=WHY,
                sequence=Event.sequence + 1,
            )
        )


def _past_booking(
    row: Row, reference: str, event: EventKeys, person_id: int, agency_id: int, *, now: datetime
) -> PastBooking:
    """The booking with its history, dated by its event, because a file has no dates of bookings."""
    booked_at = min(event.starts_at, now)
    changes = [(S.CONFIRMED, booked_at)]
    if row.status in GIVEN_UP:
        changes.append((row.status, booked_at))
    elif row.status is not S.CONFIRMED:
        changes.append((row.status, event.ends_at))
    return PastBooking(
        reference=reference,
        event_id=event.id,
        person_id=person_id,
        agency_id=agency_id,
        status=row.status,
        asked_at=booked_at,
        is_walk_in=row.is_walk_in,
        changes=changes,
    )


def _insert(model: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert the rows. Returns their ids in the same order."""
    if not rows:
        return []
    table = cast(Table, model.__table__)
    return list(db.session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))
