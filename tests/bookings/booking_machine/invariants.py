"""What must be true of bookings after every step, counted without the queries under test."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.bookings.booking_machine.model import OPEN, PLACE, Rows
from training_hub.bookings.emails.changes import TEMPLATES
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places, shares_at
from training_hub.bookings.queries.waiting_list import first_waiting, waiting_positions
from training_hub.catalogue.models import Event, EventStatus
from training_hub.commands.report import Operator
from training_hub.database import db
from training_hub.reporting.models import Figures, Filters
from training_hub.reporting.queries.programme import programme

S = Status
BEFORE_A_PLACE = {None, S.REQUESTED, S.WAITING, S.OFFERED}
PUT_BACK = {S.WITHDRAWN, S.LAPSED, S.DECLINED}
QUIET = {Cause.REPLACED, Cause.CAME_ANYWAY, Cause.WALK_IN, Cause.ACCOUNT_CLOSED, Cause.INTEREST}
"""Causes of changes that send no email: another email tells the person, or they are at the course."""
GIVEN_UP = {S.CANCELLED, S.CANCELLED_LATE, S.EVENT_CANCELLED}
ENDS = {S.COMPLETED, S.PARTIAL, S.DID_NOT_ATTEND, *GIVEN_UP, S.CONFIRMED}
YEARS = date(2025, 4, 1), date(2027, 3, 31)
_CHANGE_KEY = re.compile(r"booking:[^:]+:\d+:.+")
SESSION = ":session:"
"""A part of the key of an email with the calendar entry of a later session."""


def check(rows: Rows) -> None:
    """Check what must be true at any moment."""
    for event_id in rows.events:
        _check_places(rows, event_id)
    _check_histories(rows)
    _check_mails(rows)
    _check_calendars(rows.mails)
    _check_figures(rows)


def _check_places(rows: Rows, event_id: int) -> None:
    event = db.session.get_one(Event, event_id)
    held, waiting = rows.held(event_id), rows.waiting(event_id)
    counted = places(event)
    assert held.total() <= event.capacity
    assert (counted.held, counted.waiting) == (held.total(), len(waiting))
    assert counted.held + counted.free == event.capacity
    if rows.terms[event_id].policies.agency_cap is not None:
        shares = shares_at(event).items()
        assert {agency: share.held for agency, share in shares if share.held} == dict(held)
    listed = first_waiting(event, 99) if waiting else []
    able = [row.id for row in waiting if rows.people[row.person_id].is_active]
    assert [booking.id for booking in listed] == able
    assert waiting_positions(waiting) == {row.id: place for place, row in enumerate(waiting, 1)}
    still = rows.at(event_id, *OPEN)
    assert len({row.person_id for row in still}) == len(still)
    if event.is_called_off:
        assert still == []


def _check_histories(rows: Rows) -> None:
    histories = defaultdict(list)
    for change in rows.changes:
        histories[change.booking_id].append(change)
    assert set(histories) == set(rows.bookings)
    for booking in rows.bookings.values():
        history = histories[booking.id]
        assert [change.was for change in history] == [None, *(change.became for change in history[:-1])]
        assert history[-1].became is booking.status
        assert [change.at for change in history] == sorted(change.at for change in history)
        confirmed = [change.at for change in history if change.became is S.CONFIRMED]
        assert booking.confirmed_at == (confirmed[0] if confirmed else None)
        assert (booking.decide_by is not None) == (booking.status in {S.REQUESTED, S.OFFERED})
        assert not booking.is_held or booking.status is S.REQUESTED


def _check_mails(rows: Rows) -> None:
    expected = []
    for change in rows.changes:
        booking = rows.bookings[change.booking_id]
        template = TEMPLATES.get((change.was, change.became))
        # A person who is offered a place on joining is told in one email that the course runs again.
        joined_with_offer = change.became is S.OFFERED and (change.cause, change.by_id) == (None, None)
        is_quiet = change.cause in QUIET or joined_with_offer
        if template is not None and not booking.is_walk_in and not is_quiet:
            key = f"booking:{booking.reference}:{change.id}:{change.became.value}"
            expected.append((key, template, rows.people[booking.person_id].email))
    told = [mail for mail in rows.mails if _CHANGE_KEY.fullmatch(mail.key)]
    # The email about a move has the number of the event's change in its key.
    told = [mail for mail in told if not any(of in mail.key for of in (":moved:", ":approval:", SESSION))]
    assert sorted((mail.key, mail.template, mail.to_email) for mail in told) == sorted(expected)
    _check_sessions(rows)


def _check_sessions(rows: Rows) -> None:
    """Each email that changes the calendar is joined by one email for each session after the first."""
    by_reference = {row.reference: row for row in rows.bookings.values()}
    expected = []
    for mail in rows.mails:
        if mail.calendar and SESSION not in mail.key:
            event_id = by_reference[mail.key.split(":")[1]].event_id
            expected += [
                f"{mail.key}{SESSION}{number}" for number in range(2, len(rows.sessions[event_id]) + 1)
            ]
    assert sorted(mail.key for mail in rows.mails if SESSION in mail.key) == sorted(expected)


def _check_calendars(mails: Iterable[Any]) -> None:
    """A calendar believes the highest sequence number, so later messages must have higher ones."""
    sequences = defaultdict(list)
    for mail in mails:
        if mail.calendar:
            uid = re.search(r"UID:(\S+)", mail.calendar)
            number = re.search(r"SEQUENCE:(\d+)", mail.calendar)
            assert uid is not None
            assert number is not None
            sequences[uid[1]].append(int(number[1]))
    for numbers in sequences.values():
        assert numbers == sorted(set(numbers))


def _check_figures(rows: Rows) -> None:
    counted = {
        event.id
        for event in rows.events.values()
        if event.status is EventStatus.CALLED_OFF
        or (event.status is EventStatus.PUBLISHED and event.ends_at <= rows.now)
    }
    if not counted:
        return
    report = programme(Operator(), Filters(first=YEARS[0], last=YEARS[1]), now=rows.now)
    booked, walked_in = Counter[Status](), Counter[bool]()
    for booking in rows.bookings.values():
        if booking.event_id not in counted:
            continue
        if booking.is_walk_in:
            walked_in[booking.status is S.COMPLETED] += booking.status in PLACE
        elif booking.status in ENDS:
            booked[booking.status] += booking.confirmed_at is not None
    totals = report.totals
    assert {status: totals.of(status) for status in ENDS if totals.of(status)} == +booked
    assert (totals.walk_ins, totals.walk_ins_completed) == (walked_in.total(), walked_in[True])
    assert totals.events == len(counted)
    for figures in (totals, *(row.figures for row in report.courses), *report.months.values()):
        _check_adds_up(figures)
    assert sum(figures.booked for figures in report.months.values()) == totals.booked == booked.total()
    assert sum(row.figures.booked for row in report.courses) == totals.booked


def _check_adds_up(figures: Figures) -> None:
    assert sum(figures.of(status) for status in ENDS) == figures.booked
    absent = sum(figures.of(status) for status in {*GIVEN_UP, S.DID_NOT_ATTEND, S.CONFIRMED})
    assert figures.booked - absent + figures.walk_ins == figures.in_the_room


def check_step(before: Rows, after: Rows, *, may_jump: bool = False) -> None:
    """Check one step between two moments. With `may_jump` an officer chose the person."""
    assert after.changes[: len(before.changes)] == before.changes
    assert after.stalled() - before.stalled() == set()
    for change in after.changes[len(before.changes) :]:
        booking = after.bookings[change.booking_id]
        if change.became is S.CONFIRMED and change.was in BEFORE_A_PLACE and not booking.is_walk_in:
            assert after.now < after.events[booking.event_id].starts_at
    for event_id in after.events:
        _check_moves_are_told(before, after, event_id)
        _check_list_is_kept(before, after, event_id)
        if not may_jump:
            _check_nobody_is_passed_over(before, after, event_id)


def _check_moves_are_told(before: Rows, after: Rows, event_id: int) -> None:
    event = after.events[event_id]
    told = {row.key for row in after.mails} - {row.key for row in before.mails}
    told = {key for key in told if ":moved:" in key and SESSION not in key}
    if event.status is EventStatus.CALLED_OFF or event.sequence == before.events[event_id].sequence:
        return
    expected = before.at(event_id, S.REQUESTED, S.WAITING, S.OFFERED, S.CONFIRMED)
    assert told == {f"booking:{row.reference}:moved:{event.sequence}" for row in expected}


def _check_list_is_kept(before: Rows, after: Rows, event_id: int) -> None:
    was = [row.id for row in before.waiting(event_id)] if event_id in before.events else []
    now_waiting = [row.id for row in after.waiting(event_id)]
    assert [key for key in was if key in now_waiting] == [key for key in now_waiting if key in was]
    # New people come last. Someone put back by an officer gets their old turn.
    back = {
        change.booking_id for change in after.changes if change.became is S.WAITING and change.was in PUT_BACK
    }
    came = [key for key in now_waiting if key not in was and key not in back]
    assert now_waiting[len(now_waiting) - len(came) :] == came or not set(now_waiting).isdisjoint(back)


def _check_nobody_is_passed_over(before: Rows, after: Rows, event_id: int) -> None:
    """No place goes to a person while someone ahead of them could have it."""
    waits = after.waiting(event_id)
    for change in after.changes[len(before.changes) :]:
        booking = after.bookings[change.booking_id]
        if booking.event_id != event_id or booking.is_walk_in:
            continue
        if change.was is S.WAITING and change.became in {S.OFFERED, S.CONFIRMED}:
            earlier = [row for row in waits if (row.asked_at, row.id) < (booking.asked_at, booking.id)]
            earlier = [row for row in earlier if after.people[row.person_id].is_active]
            assert not any(after.could_have_one(event_id, row.agency_id) for row in earlier)
            _check_cap(after, booking)
        elif change.was not in {None, S.REQUESTED} or _is_kept(before, after, booking):
            continue
        elif change.became is S.CONFIRMED or booking.is_held:
            # If a list is booked at once, people who wait come after people who have a place.
            waited = [row.id for row in before.waiting(event_id)]
            assert after.free(event_id) >= after.claims(event_id, waited)
            _check_cap(after, booking)


def _is_kept(before: Rows, after: Rows, booking: Any) -> bool:
    """Whether the place was held for the person, or for their agency, before."""
    mine = (booking.event_id, booking.person_id, booking.agency_id)
    return any(row.booking_id == booking.id for row in after.all_reserved) or any(
        (row.event_id, row.person_id, row.agency_id) == mine and (row.status is S.OFFERED or row.is_held)
        for row in before.bookings.values()
    )


def _check_cap(rows: Rows, booking: Any) -> None:
    cap = rows.terms[booking.event_id].cap(now=rows.now)
    assert cap is None or rows.held(booking.event_id)[booking.agency_id] <= cap
