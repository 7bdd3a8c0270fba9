"""Booking several of an agency's people at once, for whoever may book for them."""

from collections.abc import Sequence
from datetime import datetime

from training_hub.bookings.actions.book import enter
from training_hub.bookings.actions.changes import hold
from training_hub.bookings.actions.colleagues import booking_for, colleague
from training_hub.bookings.actions.interest import tell_interested
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.queries import terms as terms_queries
from training_hub.bookings.queries.groups import known_of, room_at
from training_hub.bookings.queries.reserved import reserved_places
from training_hub.bookings.rules.availability import check_open
from training_hub.bookings.rules.group_list import Entry
from training_hub.bookings.rules.groups import Asking, Fate, Line, Seat, is_worse, plan
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.models import Agency, Person
from training_hub.policies.rules import Approval


class NotAsTold(Refused):
    """The list cannot be booked as it was asked for. `lines` says what would become of each person now."""

    def __init__(self, sentence: str, lines: Sequence[Line]) -> None:
        super().__init__(sentence)
        self.lines = lines


def plan_group(
    event: Event,
    agency: Agency,
    entries: Sequence[Entry],
    terms: Terms,
    *,
    now: datetime,
    despite_clash: bool = False,
) -> list[Line]:
    """What would become of each person in the list if they were booked now. Changes nothing.

    Raises NotOpen where the event takes no bookings.
    """
    check_open(event, terms, now=now)
    policies = terms.policies
    asking = Asking(
        agency=agency,
        sectors=policies.sectors,
        needs_manager=policies.approval is Approval.MANAGER,
        holds_place=policies.approval_holds_place,
        despite_clash=despite_clash,
        needed=[course.title for course in event.course.prerequisites],
    )
    known = known_of([entry.email for entry in entries], event)
    return plan(entries, known, room_at(event, agency, terms, now=now), asking)


def book_group(
    event: Event,
    agency: Agency,
    entries: Sequence[Entry],
    *,
    by: Person,
    now: datetime,
    all_or_nothing: bool,
    despite_clash: bool = False,
    told: str = "",
) -> list[tuple[Line, Booking | None]]:
    """Book the people in the list, each for themselves to keep or refuse; each line with its booking.

    Places that the agency has reserved are used first. With `all_or_nothing` everyone gets a place or nobody is
    booked; else as many as fit get one, in the order of the list, the next wait, and the rest are left out. Raises
    NotAsTold, and books nobody, where that cannot be, or where somebody who was `told` that they get a place no longer
    would. Sent twice, it books once.
    """
    hold(event)
    tell_interested(event, now=now)
    terms = terms_queries.terms_for(event)
    lines = plan_group(event, agency, entries, terms, now=now, despite_clash=despite_clash)
    if all_or_nothing and not all(line.fits for line in lines):
        raise NotAsTold("Not everyone in the list can have a place, so nobody has been booked.", lines)
    if is_worse(lines, told):
        raise NotAsTold("Something has changed since you looked, so nobody has been booked yet.", lines)
    if not any(line.is_booked or line.fate is Fate.HAS for line in lines):
        raise NotAsTold("Nobody in the list can be booked.", lines)
    kept = list(reserved_places(event, agency))
    bookings = {line.entry: line.known.existing for line in lines if line.fate is Fate.HAS}
    for line in sorted(lines, key=_clashing_last):
        if line.is_booked:
            reserved = kept.pop(0) if line.seat is Seat.RESERVED else None
            bookings[line.entry] = _book(line, event, agency, terms, reserved, by=by, now=now)
    return [(line, bookings.get(line.entry)) for line in lines]


def _clashing_last(line: Line) -> bool:
    # In the order in which the plan dealt out the places, so that turns on the waiting list are as it says.
    return line.known.clashes


def _book(
    line: Line,
    event: Event,
    agency: Agency,
    terms: Terms,
    reserved: ReservedPlace | None,
    *,
    by: Person,
    now: datetime,
) -> Booking:
    entry = line.entry
    person = colleague(
        entry.name,
        entry.email,
        agency,
        now=now,
        manager_name=entry.manager_name,
        manager_email=entry.manager_email,
    )
    booking = booking_for(
        person,
        event,
        agency,
        now=now,
        manager_name=entry.manager_name,
        manager_email=entry.manager_email,
    )
    if reserved is not None:
        # Both in this transaction, so that nobody else ever sees the place as free.
        reserved.ended_at, reserved.ended_by_id = now, by.id
    holds_place = reserved is not None or terms.policies.approval_holds_place
    enter(
        booking,
        terms,
        has_place=line.seat is not None,
        asks=line.fate is Fate.ASKED,
        is_held=line.seat is not None and holds_place,
        by=by,
        now=now,
    )
    if reserved is not None:
        reserved.booking_id = booking.id
    return booking
