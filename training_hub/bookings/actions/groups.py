"""Booking several of an agency's people at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from training_hub.bookings.actions.book import Decision, enter
from training_hub.bookings.actions.changes import hold
from training_hub.bookings.actions.colleagues import booking_for, colleague
from training_hub.bookings.actions.interest import tell_interested
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.queries.availability import availability_at
from training_hub.bookings.queries.groups import known_of
from training_hub.bookings.queries.reserved import reserved_places
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import check_open
from training_hub.bookings.rules.group_list import Entry
from training_hub.bookings.rules.groups import (
    GroupTerms,
    Line,
    LineResult,
    Source,
    Supply,
    is_broken,
    plan,
)
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.models import Agency, Person


class NotAsTold(Refused):
    """The list can no longer be booked as shown. `lines` says what would happen to each person now."""

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
    """What would happen to each person in the list if they were booked now. Changes nothing.

    Raises NotOpen if the event takes no bookings.
    """
    check_open(event, terms, now=now)
    policies = terms.policies
    group_terms = GroupTerms(
        agency=agency,
        sectors=policies.sectors,
        needs_manager=policies.asks_manager,
        holds_place=policies.approval_holds_place,
        despite_clash=despite_clash,
        needed=[course.title for course in event.course.prerequisites],
    )
    known = known_of([entry.email for entry in entries], event)
    here = availability_at(event, terms, agency.id, now=now)
    reserved = len(reserved_places(event, agency)) if here.places.reserved else 0
    return plan(entries, known, Supply(here, reserved), group_terms)


def book_group(
    event: Event,
    agency: Agency,
    entries: Sequence[Entry],
    *,
    by: Person,
    now: datetime,
    all_or_nothing: bool,
    despite_clash: bool = False,
    promise: Collection[int] = (),
) -> list[tuple[Line, Booking | None]]:
    """Book the people in the list. Returns each line with its booking. Each person can decline their place.

    Uses the agency's reserved places first. With `all_or_nothing` everyone gets a place or nobody is booked.
    Otherwise fills places in the order of the list. The next people wait, and the rest are not booked.

    Raises NotAsTold, and books nobody, if the list cannot be booked so, or if someone at a position in `promise` (as
    `promised` says) no longer gets a place.
    """
    hold(event)
    tell_interested(event, now=now)
    terms = terms_for(event)
    lines = plan_group(event, agency, entries, terms, now=now, despite_clash=despite_clash)
    if all_or_nothing and not all(line.fits for line in lines):
        raise NotAsTold("Not everyone on the list can have a place, so nobody has been booked.", lines)
    if is_broken(promise, lines):
        raise NotAsTold("Something has changed since you looked, so nobody has been booked yet.", lines)
    if not any(line.is_new or line.result is LineResult.BOOKED for line in lines):
        raise NotAsTold("Nobody on the list can be booked.", lines)
    kept = list(reserved_places(event, agency))
    bookings = {line.entry: line.known.existing for line in lines if line.result is LineResult.BOOKED}
    # In the order of the plan, with clashes last, so that people get the positions that the page promised.
    for line in sorted(lines, key=lambda each: each.known.clashes):
        if line.is_new:
            reserved = kept.pop(0) if line.source is Source.RESERVED else None
            bookings[line.entry] = _book(line, event, agency, terms, reserved, by=by, now=now)
    return [(line, bookings.get(line.entry)) for line in lines]


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
    name, email = entry.manager_name, entry.manager_email
    person = colleague(entry.name, entry.email, agency, now=now, manager_name=name, manager_email=email)
    booking = booking_for(person, event, agency, now=now, manager_name=name, manager_email=email)
    if reserved is not None:
        # In this transaction, so that nobody else sees the place as available.
        reserved.ended_at, reserved.ended_by_id = now, by.id
    holds_place = reserved is not None or terms.policies.approval_holds_place
    has_place = line.source is not None
    decision = Decision(
        has_place=has_place,
        asks=line.result is LineResult.REQUEST,
        is_held=has_place and holds_place,
        is_limited=line.is_limited,
    )
    enter(booking, terms, decision, by=by, now=now)
    if reserved is not None:
        reserved.booking_id = booking.id
    return booking
