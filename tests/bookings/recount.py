"""What must be true of bookings whatever was done, counted row by row and without the queries that it is to prove."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from training_hub.bookings import queries
from training_hub.bookings.emails import TEMPLATES
from training_hub.bookings.models import Booking, BookingChange, ReservedPlace, Status
from training_hub.bookings.rules import Terms, terms_of
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Person
from training_hub.policies.rules import WaitingList
from training_hub.reporting.models import Figures, Outcome
from training_hub.reporting.queries import programme

S = Status
PLACE = {S.CONFIRMED, S.COMPLETED, S.PARTIAL, S.DID_NOT_ATTEND}
OPEN = {S.REQUESTED, S.WAITING, S.OFFERED, *PLACE}
BEFORE_A_PLACE = {None, S.REQUESTED, S.WAITING, S.OFFERED}
PUT_BACK = {S.WITHDRAWN, S.LAPSED, S.DECLINED}
QUIET = {"Replaced by a place", "Came without a place", "Came without a booking"}
"""Why a change tells nobody: who made it has told them of another, or stands before them."""
ENDS_AS = {
    S.COMPLETED: Outcome.COMPLETED,
    S.PARTIAL: Outcome.PARTIAL,
    S.DID_NOT_ATTEND: Outcome.DID_NOT_ATTEND,
    S.CANCELLED: Outcome.CANCELLED,
    S.CANCELLED_LATE: Outcome.CANCELLED_LATE,
    S.EVENT_CANCELLED: Outcome.EVENT_CANCELLED,
    S.CONFIRMED: Outcome.NOT_RECORDED,
}
YEARS = date(2025, 4, 1), date(2027, 3, 31)
_CHANGE_KEY = re.compile(r"booking:[^:]+:\d+:.+")


@dataclass
class Rows:
    """All rows that matter, as they stand, and the moment at which they were read."""

    now: datetime
    events: Mapping[int, Any]
    terms: Mapping[int, Terms]
    bookings: Mapping[int, Any]
    changes: list[Any]
    mails: list[Any]
    reserved: list[Any]
    addresses: Mapping[int, str]

    def at(self, event_id: int, *statuses: Status) -> list[Any]:
        """The bookings of one event in these statuses, in the order in which they were asked for."""
        found = [row for row in self.bookings.values() if row.event_id == event_id and row.status in statuses]
        return sorted(found, key=lambda row: (row.asked_at, row.id))

    def waiting(self, event_id: int) -> list[Any]:
        """Who waits for a place at this event, in order."""
        return self.at(event_id, S.WAITING)

    def held(self, event_id: int) -> Counter[int]:
        """How many places each agency holds at one event (domain 3)."""
        held = Counter(row.agency_id for row in self.at(event_id, S.OFFERED, *PLACE) if not row.is_walk_in)
        held.update(row.agency_id for row in self.at(event_id, S.REQUESTED) if row.is_held)
        held.update(row.agency_id for row in self.reserved if row.event_id == event_id)
        return held

    def free(self, event_id: int) -> int:
        """How many places nobody holds."""
        return int(self.events[event_id].capacity) - self.held(event_id).total()

    def could_have_one(self, event_id: int, agency_id: int) -> bool:
        """Whether an agency may hold one more place at this event."""
        cap = self.terms[event_id].cap(now=self.now)
        return cap is None or self.held(event_id)[agency_id] < cap

    def claims(self, event_id: int) -> int:
        """How many of those who wait could have a place, were there enough of them."""
        cap, held = self.terms[event_id].cap(now=self.now), self.held(event_id)
        waiting = Counter(row.agency_id for row in self.waiting(event_id))
        if cap is None:
            return waiting.total()
        return sum(min(number, max(cap - held[agency_id], 0)) for agency_id, number in waiting.items())

    def stalled(self) -> set[int]:
        """The events at which a place lies free although somebody waits who is to have it by themselves."""
        return {
            event_id
            for event_id, event in self.events.items()
            if event.status is EventStatus.PUBLISHED
            and not event.is_list_paused
            and self.terms[event_id].policies.waiting_list is not WaitingList.MANUAL
            and self.now < self.terms[event_id].bookings_close_at
            and self.free(event_id) > 0
            and self.claims(event_id) > 0
        }


SESSION = ":session:"
"""In the key of a mail that carries the calendar entry of a session after the first."""


def read(*, now: datetime) -> Rows:
    """Everything that stands in the database at this moment."""
    db.session.rollback()
    courses = {row.id: row for row in _all(Course)}
    events = {row.id: row for row in _all(Event)}
    return Rows(
        now=now,
        events=events,
        terms={
            row.id: terms_of(row.starts_at, courses[row.course_id].policies, row.policies)
            for row in events.values()
        },
        bookings={row.id: row for row in _all(Booking)},
        changes=_all(BookingChange),
        mails=_all(Mail),
        reserved=[row for row in _all(ReservedPlace) if row.ended_at is None],
        addresses={row.id: row.email for row in _all(Person)},
    )


def _all(model: type) -> list[Any]:
    table = model.__table__  # type: ignore[attr-defined]
    return list(db.session.execute(select(table).order_by(*table.primary_key)))


def check(rows: Rows) -> None:
    """What must be so at any moment."""
    for event_id in rows.events:
        _check_places(rows, event_id)
    _check_histories(rows)
    _check_mails(rows)
    _check_calendars(rows.mails)
    _check_figures(rows)


def _check_places(rows: Rows, event_id: int) -> None:
    event = db.session.get_one(Event, event_id)
    held, waiting = rows.held(event_id), rows.waiting(event_id)
    counted = queries.places(event)
    assert held.total() <= event.capacity
    assert (counted.held, counted.waiting) == (held.total(), len(waiting))
    assert counted.held + counted.free == event.capacity
    if rows.terms[event_id].policies.agency_cap is not None:
        shares = queries.shares_at(event).items()
        assert {agency: share.held for agency, share in shares if share.held} == dict(held)
    listed = queries.first_waiting(event, 99) if waiting else []
    assert [booking.id for booking in listed] == [row.id for row in waiting]
    assert queries.waiting_positions(listed) == {row.id: place for place, row in enumerate(waiting, 1)}
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
        if template is not None and not booking.is_walk_in and change.why not in QUIET:
            key = f"booking:{booking.reference}:{change.id}:{change.became.value}"
            expected.append((key, template, rows.addresses[booking.person_id]))
    told = [mail for mail in rows.mails if _CHANGE_KEY.fullmatch(mail.key)]
    # A move is told under a number too, that of the event's change.
    told = [mail for mail in told if not any(of in mail.key for of in (":moved:", ":approval:", SESSION))]
    assert sorted((mail.key, mail.template, mail.to_email) for mail in told) == sorted(expected)
    _check_sessions(rows)
    asked = Counter(change.booking_id for change in rows.changes if change.became is S.REQUESTED)
    managers = [mail for mail in rows.mails if mail.template == "approval_asked"]
    assert len(managers) == asked.total()


def _check_sessions(rows: Rows) -> None:
    """Each session after the first has a mail of its own beside each mail that changes the calendar."""
    sessions = Counter(row.event_id for row in _all(EventSession))
    by_reference = {row.reference: row for row in rows.bookings.values()}
    expected = []
    for mail in rows.mails:
        if mail.calendar and SESSION not in mail.key:
            event_id = by_reference[mail.key.split(":")[1]].event_id
            expected += [f"{mail.key}{SESSION}{number}" for number in range(2, sessions[event_id] + 1)]
    assert sorted(mail.key for mail in rows.mails if SESSION in mail.key) == sorted(expected)


def _check_calendars(mails: Iterable[Any]) -> None:
    """A calendar takes the highest number for the truth, so what is sent later must have a higher one."""
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
    report = programme(*YEARS, now=rows.now)
    booked, walked_in = Counter[Outcome](), Counter[bool]()
    for booking in rows.bookings.values():
        if booking.event_id not in counted:
            continue
        if booking.is_walk_in:
            walked_in[booking.status is S.COMPLETED] += booking.status in PLACE
        elif booking.status in ENDS_AS:
            booked[ENDS_AS[booking.status]] += booking.confirmed_at is not None
    totals = report.totals
    assert {outcome: totals.of(outcome) for outcome in Outcome if totals.of(outcome)} == +booked
    assert (totals.walk_ins, totals.walk_ins_completed) == (walked_in.total(), walked_in[True])
    assert totals.events == len(counted)
    for figures in (totals, *(row.figures for row in (*report.courses, *report.months))):
        _check_adds_up(figures)
    assert sum(row.figures.booked for row in report.months) == totals.booked == booked.total()
    assert sum(row.figures.booked for row in report.courses) == totals.booked


def _check_adds_up(figures: Figures) -> None:
    assert sum(figures.of(outcome) for outcome in Outcome) == figures.booked
    absent = figures.cancelled + figures.cancelled_late + figures.event_cancelled
    absent += figures.did_not_attend + figures.not_recorded
    assert figures.booked - absent + figures.walk_ins == figures.in_the_room


def check_step(before: Rows, after: Rows, *, may_jump: bool = False) -> None:
    """What must be so of one thing that was done between two moments; `may_jump` where an officer chose who it is."""
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
    stands = [row.id for row in after.waiting(event_id)]
    assert [key for key in was if key in stands] == [key for key in stands if key in was]
    # Whoever comes anew comes last; who is put back by an officer has the turn they had.
    back = {
        change.booking_id for change in after.changes if change.became is S.WAITING and change.was in PUT_BACK
    }
    came = [key for key in stands if key not in was and key not in back]
    assert stands[len(stands) - len(came) :] == came or not set(stands).isdisjoint(back)


def _check_nobody_is_passed_over(before: Rows, after: Rows, event_id: int) -> None:
    """No place goes to anyone while somebody waits before them who could have it."""
    waits = after.waiting(event_id)
    for change in after.changes[len(before.changes) :]:
        booking = after.bookings[change.booking_id]
        if booking.event_id != event_id or booking.is_walk_in:
            continue
        if change.was is S.WAITING and change.became in {S.OFFERED, S.CONFIRMED}:
            earlier = [row for row in waits if (row.asked_at, row.id) < (booking.asked_at, booking.id)]
            assert not any(after.could_have_one(event_id, row.agency_id) for row in earlier)
            _check_cap(after, booking)
        elif change.was in {None, S.REQUESTED} and (change.became is S.CONFIRMED or booking.is_held):
            held_before = change.was is S.REQUESTED and before.bookings[booking.id].is_held
            if not held_before:
                assert after.free(event_id) >= after.claims(event_id)
                _check_cap(after, booking)


def _check_cap(rows: Rows, booking: Any) -> None:
    cap = rows.terms[booking.event_id].cap(now=rows.now)
    assert cap is None or rows.held(booking.event_id)[booking.agency_id] <= cap
