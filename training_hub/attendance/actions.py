"""Changes to a register: marks, walk-ins, and outcomes that an officer decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update

from training_hub.attendance.models import Attendance, Mark, MarkChange, OutcomeOverride
from training_hub.attendance.queries import marks as marks_queries
from training_hub.attendance.rules import (
    DECIDABLE,
    MarkedMeanwhile,
    check_may_be,
    check_reason,
    check_started,
    is_correction,
    outcome_after,
)
from training_hub.bookings.actions import changes as changes_actions
from training_hub.bookings.actions import register as register_actions
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event, EventSession
from training_hub.database import db
from training_hub.errors import Refused, Stale
from training_hub.people import actions as people_actions
from training_hub.people import queries as known
from training_hub.people.models import Person


@dataclass(frozen=True)
class Choice:
    """The mark that the trainer chose for one booking, and the mark that the page showed."""

    booking_id: int
    shown: Mark | None
    chosen: Mark


@dataclass(frozen=True)
class _Change:
    held: Any
    """The booking, as `held_bookings` returns it."""
    was: Mark | None
    became: Mark
    outcome: Status | None


def mark(
    session: EventSession, choices: Iterable[Choice], *, by: Person, now: datetime, why: str = ""
) -> int:
    """Record marks at one session, and the outcomes that follow. Returns how many marks changed.

    Writes only marks that were changed on the page. Saves nothing if it raises: NotStarted; MarkedMeanwhile if
    someone else marked the same people differently; ReasonNeeded if a saved mark changes without `why`;
    CameWithoutBooking.
    """
    check_started(session, now=now)
    asked = {choice.booking_id: choice for choice in choices if choice.chosen is not choice.shown}
    if not asked:
        return 0
    session_id, event_id = session.id, session.event_id
    changes_actions.hold(session.event)
    changes = _changes(event_id, session_id, asked)
    if any(is_correction(each.was, each.held.status, each.outcome) for each in changes):
        check_reason(why)
    for change in changes:
        check_may_be(change.outcome, change.held.id, name=change.held.name, is_walk_in=change.held.is_walk_in)
    _write(session_id, changes, by=by, now=now, why=why[:500])
    return len(changes)


def _changes(event_id: int, session_id: int, asked: Mapping[int, Choice]) -> list[_Change]:
    """The changes to make to the marks that are stored now. Raises MarkedMeanwhile."""
    found = marks_queries.held_bookings(event_id, asked)
    if len(found) < len(asked):
        # The person has been taken off this register meanwhile.
        raise Stale
    marks = marks_queries.marks_of(asked)
    sessions = marks_queries.session_ids(event_id)
    changes, meanwhile = [], {}
    for held in found:
        choice, saved = asked[held.id], marks.get((held.id, session_id))
        if saved is choice.chosen:
            # Someone else has saved the same mark, so there is nothing to change.
            continue
        if saved is not choice.shown:
            meanwhile[held.id] = saved
            continue
        before = [marks.get((held.id, each)) for each in sessions]
        after = [
            choice.chosen if each == session_id else mark for each, mark in zip(sessions, before, strict=True)
        ]
        outcome = None if held.is_decided else outcome_after(held.status, before, after)
        changes.append(_Change(held, saved, choice.chosen, outcome))
    if meanwhile:
        raise MarkedMeanwhile(meanwhile)
    return changes


def _write(session_id: int, changes: Sequence[_Change], *, by: Person, now: datetime, why: str) -> None:
    if not changes:
        return
    # In bulk, so that a register of 25 people takes only a few statements.
    connection, by_id = db.session.connection(), by.id

    def row(change: _Change, **facts: Any) -> dict[str, Any]:
        return {"booking_id": change.held.id, "session_id": session_id, **facts}

    new = [
        row(change, mark=change.became, marked_at=now, marked_by_id=by_id)
        for change in changes
        if change.was is None
    ]
    if new:
        connection.execute(insert(Attendance), new)
    for became in Mark:
        ids = [change.held.id for change in changes if change.was is not None and change.became is became]
        if ids:
            connection.execute(
                update(Attendance)
                .where(Attendance.booking_id.in_(ids), Attendance.session_id == session_id)
                .values(mark=became, marked_at=now, marked_by_id=by_id)
            )
    history = [
        row(change, was=change.was, became=change.became, at=now, by_id=by_id, why=why) for change in changes
    ]
    connection.execute(insert(MarkChange), history)
    outcomes = {change.held.id: change.outcome for change in changes if change.outcome is not None}
    register_actions.record_outcomes(outcomes, by=by, now=now, why=why)


def add_walk_in(
    session: EventSession, email: str, *, name: str, agency: str, by: Person, now: datetime
) -> tuple[Booking, bool]:
    """Put someone who came without a booking on the register, as present. Returns False if they were on it already.

    Existing people keep their name and agency. New people get the ones given. Does not change a mark that is
    there.
    """
    check_started(session, now=now)
    # Before adding anyone, so that if two people add the same newcomer at once, the second finds the first's row.
    held = changes_actions.hold(session.event)
    person = _person(email, name=name, agency=agency, by=by, now=now)
    there = marks_queries.on_register(person.id, held.id)
    booking = there or register_actions.add_walk_in(person, held, by=by, now=now)
    # Stored now, because the mark needs the new booking's id.
    db.session.flush()
    if (booking.id, session.id) not in marks_queries.marks_of([booking.id]):
        mark(session, [Choice(booking.id, None, Mark.PRESENT)], by=by, now=now, why="Came without a booking")
    return booking, there is None


def _person(email: str, *, name: str, agency: str, by: Person, now: datetime) -> Person:
    person = known.person_by_email(email)
    if person is not None and person.name and person.agency is not None:
        return person
    if not agency:
        raise Refused("Say which agency this person works for.")
    works_for = people_actions.agency_named(agency)
    if person is None:
        # The person's first sign-in asks for the missing details.
        return people_actions.add_person(
            people_actions.Details(email=email, name=name, agency=works_for), now=now, by=by
        )
    person.name = person.name or name
    if person.agency is None:
        people_actions.put_agency(person, works_for)
    return person


def take_off(booking: Booking, *, by: Person, now: datetime, why: str) -> None:
    """Take a walk-in added by mistake off the register. The history keeps the marks, but they no longer count."""
    changes_actions.hold(booking.event)
    register_actions.remove_walk_in(booking, by=by, now=now, reason=why)
    db.session.execute(delete(Attendance).where(Attendance.booking_id == booking.id))
    db.session.execute(delete(OutcomeOverride).where(OutcomeOverride.booking_id == booking.id))


def decide_outcome(
    booking: Booking, decided: Status | None, *, shown: Status, by: Person, now: datetime, why: str
) -> None:
    """Decide the outcome of a place, whatever its marks say now or later. CONFIRMED means not recorded.

    None takes an earlier decision back: the outcome follows the marks again, or is not recorded without marks.
    """
    if decided not in {*DECIDABLE, None}:
        raise Refused("Choose one of the outcomes shown.")
    _check_decidable(booking, shown=shown, now=now)
    check_reason(why)
    outcome = decided or marks_queries.outcome_by_marks(booking) or Status.CONFIRMED
    check_may_be(outcome, booking.id, name=booking.person.name, is_walk_in=booking.is_walk_in)
    if decided is None:
        db.session.execute(delete(OutcomeOverride).where(OutcomeOverride.booking_id == booking.id))
    else:
        override = db.session.get(OutcomeOverride, booking.id) or OutcomeOverride(booking_id=booking.id)
        override.at, override.by, override.why = now, by, why[:500]
        db.session.add(override)
    register_actions.record_outcome(booking, outcome, by=by, now=now, why=why)


def _check_decidable(booking: Booking, *, shown: Status, now: datetime) -> None:
    event: Event = changes_actions.hold(booking.event)
    if not booking.flags.has_place:
        raise Refused("This place has been given up, so it has no outcome to change.")
    check_started(event.sessions[0], now=now)
    if booking.status is not shown:
        raise Stale
