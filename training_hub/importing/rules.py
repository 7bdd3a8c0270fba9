"""The checks of an import: each line by itself, lines against one another, and lines against stored data."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from training_hub.bookings.models.status import FLAGS, GIVEN_UP, OUTCOME_OF, CountsAs, Status
from training_hub.catalogue.models import EventStatus
from training_hub.errors import Refused
from training_hub.importing import cells
from training_hub.importing.models import COLUMNS, Fault, Line, Plan, Row, Stored, StoredEvent
from training_hub.london import at_london, london_date
from training_hub.wording import folded

S = Status
BEGINS, ENDS = time(9, 30), time(16, 30)
"""The times at which the only session of an imported event starts and ends."""
READERS: dict[str, Callable[[Any], Any]] = {
    "course": cells.words(200),
    "event": cells.words(60),
    "starts_on": cells.day,
    "capacity": cells.places,
    "agency": cells.words(200),
    "name": cells.person,
    "email": cells.address,
    "outcome": cells.outcome,
    "walk_in": cells.flag("yes"),
    "evaluation": cells.flag("returned"),
}


class BadRows(Refused):
    """Some rows are wrong, so nothing is stored. `faults` lists what is wrong."""

    def __init__(self, faults: Sequence[Fault], rows: int) -> None:
        self.faults = sorted(
            set(faults), key=lambda fault: (fault.line, COLUMNS.index(fault.column), fault.reason)
        )
        bad = len({fault.line for fault in faults})
        super().__init__(
            f"Nothing was imported: {bad:,} of {rows:,} rows {'is' if bad == 1 else 'are'} wrong."
        )


def session_on(day: date) -> tuple[datetime, datetime]:
    """When an imported event on this day starts and ends: 09:30 to 16:30 in London."""
    return at_london(day, BEGINS), at_london(day, ENDS)


def rows_of(lines: Iterable[Line]) -> tuple[list[Row], list[Fault]]:
    """The valid lines as rows, and the faults of the others."""
    rows: list[Row] = []
    faults: list[Fault] = []
    for line in lines:
        found = []
        before = len(faults)
        for column, cell in zip(COLUMNS, line.cells, strict=True):
            try:
                found.append(READERS[column](cell))
            except cells.Wrong as wrong:
                faults.append(Fault(line.number, column, str(wrong)))
        if len(faults) == before:
            row = Row(line.number, *found)
            rows.append(row)
            faults += _contradictions(row)
    return rows, faults


def _contradictions(row: Row) -> Iterable[Fault]:
    if row.is_walk_in and OUTCOME_OF[row.status].counts_as not in (CountsAs.THERE, CountsAs.UNKNOWN):
        yield Fault(row.line, "walk_in", f"someone who walked in was there, and is not “{row.status.value}”")
    if row.is_returned and row.status is not S.COMPLETED:
        yield Fault(row.line, "evaluation", "is returned, but the outcome is not completed")


def check(rows: Sequence[Row], stored: Stored, *, now: datetime) -> tuple[Plan, list[Fault]]:
    """The plan of what to store, and the faults of rows that contradict each other or stored data."""
    faults = [*_disagreements(rows), *_repeated(rows)]
    plan = Plan()
    by_event: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_event[row.event].append(row)
        faults += _against_person(row, stored)
        if _is_known(row, stored):
            faults += _differences(row, stored)
            plan.known += 1
        else:
            plan.new.append(row)
    for reference, group in by_event.items():
        faults += _against_event(group, stored.events.get(reference), stored, plan, now=now)
    if not faults:
        _gather(plan, stored)
    return plan, faults


def _disagreements(rows: Iterable[Row]) -> Iterable[Fault]:
    """The faults where one reference is for two events in the file, or one address for two names."""
    events: dict[str, Row] = {}
    names: dict[str, Row] = {}
    for row in rows:
        first = events.setdefault(row.event, row)
        if first.course_key != row.course_key:
            yield Fault(row.line, "course", f"event {row.event} is of another course on line {first.line}")
        if first.starts_on != row.starts_on:
            yield Fault(
                row.line, "starts_on", f"event {row.event} is on {first.starts_on} on line {first.line}"
            )
        if first.capacity != row.capacity:
            yield Fault(row.line, "capacity", f"event {row.event} has {first.capacity} on line {first.line}")
        named = names.setdefault(row.email, row)
        if folded(named.name) != folded(row.name):
            yield Fault(row.line, "name", f"{row.email} is {named.name} on line {named.line}")


def _repeated(rows: Iterable[Row]) -> Iterable[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        first = seen.setdefault((row.event, row.email), row.line)
        if first != row.line:
            yield Fault(row.line, "email", f"the same person is at the same event on line {first}")


def _against_person(row: Row, stored: Stored) -> Iterable[Fault]:
    known = stored.people.get(row.email)
    if known is not None and known[1] and folded(known[1]) != folded(row.name):
        yield Fault(row.line, "name", f"{row.email} is stored as {known[1]}")


def _is_known(row: Row, stored: Stored) -> bool:
    return (row.event, row.email) in stored.bookings


def _differences(row: Row, stored: Stored) -> Iterable[Fault]:
    booking = stored.bookings[row.event, row.email]
    if booking.status is not row.status:
        yield Fault(row.line, "outcome", f"is stored as “{booking.status.value}”")
    if booking.is_walk_in is not row.is_walk_in:
        yield Fault(row.line, "walk_in", f"is stored as {'a walk-in' if booking.is_walk_in else 'a booking'}")
    if booking.agency_key != row.agency_key:
        yield Fault(row.line, "agency", "another agency is stored for this booking")
    if booking.is_returned is not row.is_returned:
        yield Fault(row.line, "evaluation", f"is stored as {'' if booking.is_returned else 'not '}returned")


def _against_event(
    group: Sequence[Row], known: StoredEvent | None, stored: Stored, plan: Plan, *, now: datetime
) -> list[Fault]:
    """The faults in the rows of one event. Adds the event to `plan` if it was called off."""
    first = group[0]
    ends_at = known.ends_at if known else session_on(first.starts_on)[1]
    faults = [fault for row in group for fault in _against_stored_event(row, known)]
    if faults:
        return faults
    new = [row for row in group if not _is_known(row, stored)]
    became = {row.status for row in new} | (known.statuses if known else set())
    if any(FLAGS[status].in_room for status in became):
        faults += [
            Fault(row.line, "outcome", "is event cancelled, but someone attended this event")
            for row in group
            if row.status is S.EVENT_CANCELLED
        ]
    if now < ends_at:
        faults += _before_it_is_over(new, known, capacity=first.capacity)
    is_off = S.EVENT_CANCELLED in became and became <= set(GIVEN_UP)
    if is_off and not (known and known.status is EventStatus.CALLED_OFF):
        plan.called_off.add(first.event)
    return faults


def _against_stored_event(row: Row, known: StoredEvent | None) -> Iterable[Fault]:
    if known is None:
        return
    if known.status is EventStatus.DRAFT:
        yield Fault(row.line, "event", f"{row.event} is a draft here: publish it first")
    if known.course_key != row.course_key:
        yield Fault(row.line, "course", f"event {row.event} is stored as of another course")
    if london_date(known.starts_at) != row.starts_on:
        yield Fault(row.line, "starts_on", f"event {row.event} is stored on another day")
    if known.capacity != row.capacity:
        yield Fault(row.line, "capacity", f"event {row.event} is stored with {known.capacity}")
    if known.status is EventStatus.CALLED_OFF and row.status not in GIVEN_UP:
        yield Fault(row.line, "outcome", f"event {row.event} is stored as called off")


def _before_it_is_over(new: Sequence[Row], known: StoredEvent | None, *, capacity: int) -> Iterable[Fault]:
    held = known.held if known else 0
    for row in new:
        if FLAGS[row.status].is_outcome:
            yield Fault(row.line, "outcome", f"is “{row.status.value}”, but the event is not over yet")
        elif row.is_walk_in:
            yield Fault(row.line, "walk_in", "the event is not over yet, so no one can have walked in")
        elif row.status is S.CONFIRMED:
            held += 1
            if held > capacity:
                yield Fault(row.line, "event", f"all {capacity} places of {row.event} are taken")


def _gather(plan: Plan, stored: Stored) -> None:
    """Add what is new to the plan. A person gets the agency of their latest event."""
    for row in plan.new:
        if row.course_key not in stored.courses:
            plan.courses.setdefault(row.course_key, row.course)
        if row.agency_key not in stored.agencies:
            plan.agencies.setdefault(row.agency_key, row.agency)
        if row.event not in stored.events:
            plan.events.setdefault(row.event, row)
        known = stored.people.get(row.email)
        people = plan.people if known is None else plan.to_name
        if known is None or not known[1]:
            latest = people.get(row.email)
            if latest is None or latest.starts_on <= row.starts_on:
                people[row.email] = row
