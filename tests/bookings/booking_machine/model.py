"""All rows about places at one moment, and their numbers counted one by one in Python."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from training_hub.access import Role
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.terms import Terms, terms_of
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Person, RoleHolding
from training_hub.policies.rules import WaitingList

S = Status
PLACE = {S.CONFIRMED, S.COMPLETED, S.PARTIAL, S.DID_NOT_ATTEND}
OPEN = {S.REQUESTED, S.WAITING, S.OFFERED, *PLACE}


@dataclass
class Rows:
    """All rows that matter, and the moment at which they were read."""

    now: datetime
    events: Mapping[int, Any]
    terms: Mapping[int, Terms]
    bookings: Mapping[int, Any]
    changes: list[Any]
    mails: list[Any]
    all_reserved: list[Any]
    people: Mapping[int, Any]
    leads: Mapping[int, set[int]]
    """Who leads the training of each agency."""
    interests: list[Any]
    needs: Mapping[int, Any]
    sessions: Mapping[int, list[Any]]

    @property
    def reserved(self) -> list[Any]:
        """The places that agencies reserve without a name."""
        return [row for row in self.all_reserved if row.ended_at is None]

    def at(self, event_id: int, *statuses: Status) -> list[Any]:
        """The bookings of one event in these statuses, in the order in which they were asked for."""
        found = [row for row in self.bookings.values() if row.event_id == event_id and row.status in statuses]
        return sorted(found, key=lambda row: (row.asked_at, row.id))

    def waiting(self, event_id: int) -> list[Any]:
        """Who waits for a place at this event, in order."""
        return self.at(event_id, S.WAITING)

    def held(self, event_id: int) -> Counter[int]:
        """How many places each agency holds at one event."""
        held = Counter(row.agency_id for row in self.at(event_id, S.OFFERED, *PLACE) if not row.is_walk_in)
        held.update(row.agency_id for row in self.at(event_id, S.REQUESTED) if row.is_held)
        held.update(row.agency_id for row in self.reserved if row.event_id == event_id)
        return held

    def free(self, event_id: int) -> int:
        """How many places are free."""
        return int(self.events[event_id].capacity) - self.held(event_id).total()

    def could_have_one(self, event_id: int, agency_id: int) -> bool:
        """Whether an agency may hold one more place at this event."""
        cap = self.terms[event_id].cap(now=self.now)
        return cap is None or self.held(event_id)[agency_id] < cap

    def claims(self, event_id: int, of: Collection[int] | None = None) -> int:
        """How many of the people waiting, or of these bookings, could have a place if there were enough."""
        cap, held = self.terms[event_id].cap(now=self.now), self.held(event_id)
        waiting = Counter(row.agency_id for row in self.waiting(event_id) if of is None or row.id in of)
        if cap is None:
            return waiting.total()
        return sum(min(number, max(cap - held[agency_id], 0)) for agency_id, number in waiting.items())

    def is_expected_elsewhere(self, booking: Any) -> bool:
        """Whether the person of `booking` holds a place at another event while its event is on."""
        return any(
            there.starts_at < here.ends_at and here.starts_at < there.ends_at
            for row in self.bookings.values()
            if row.person_id == booking.person_id and row.event_id != booking.event_id
            if row.status in {S.OFFERED, *PLACE}
            for there in self.sessions[row.event_id]
            for here in self.sessions[booking.event_id]
        )

    def stalled(self) -> set[int]:
        """The events with a free place that someone on the waiting list should have been given."""
        return {
            event_id
            for event_id, event in self.events.items()
            if event.status is EventStatus.PUBLISHED
            and not event.is_list_paused
            and self.terms[event_id].policies.waiting_list is not WaitingList.MANUAL
            and self.now < self.terms[event_id].bookings_close_at
            and self.free(event_id) > 0
            and self.claims(event_id) > 0
            # The turns of closed accounts end within a minute, and their places are passed on.
            and all(self.people[row.person_id].is_active for row in self.waiting(event_id))
        }


def read(*, now: datetime) -> Rows:
    """Everything that is in the database at this moment."""
    db.session.rollback()
    courses = {row.id: row for row in _all(Course)}
    events = {row.id: row for row in _all(Event)}
    people = {row.id: row for row in _all(Person)}
    leads, sessions = defaultdict(set), defaultdict(list)
    for holding in _all(RoleHolding):
        if holding.role is Role.AGENCY_LEAD:
            leads[people[holding.person_id].agency_id].add(holding.person_id)
    for session in _all(EventSession):
        sessions[session.event_id].append(session)
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
        all_reserved=_all(ReservedPlace),
        people=people,
        leads=leads,
        interests=_all(Interest),
        needs={row.booking_id: row for row in _all(BookingNeeds)},
        sessions=sessions,
    )


def _all(model: type) -> list[Any]:
    table = model.__table__  # type: ignore[attr-defined]
    return list(db.session.execute(select(table).order_by(*table.primary_key)))
