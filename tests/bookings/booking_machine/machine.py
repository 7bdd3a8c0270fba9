"""A few dates and people, and what every step needs: do one thing, then check all rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition
from sqlalchemy import delete

from tests import make
from tests.bookings.booking_machine.invariants import check, check_step
from tests.bookings.booking_machine.model import PLACE, Rows, read
from tests.bookings.booking_machine.related_invariants import check_related, check_step_related
from tests.complaints import Complaints
from tests.conftest import NOW
from tests.resizing import resize
from training_hub.access import Role
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.interest import ask_to_be_told
from training_hub.bookings.actions.waiting_list import pause_list
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import Base, db, transaction
from training_hub.errors import Refused
from training_hub.people.models import Person

S = Status
EVENTS, PEOPLE = 4, 6
OPENS_DAYS = 15
"""How many days before a new date its bookings open, if not at once."""
POLICIES = st.fixed_dictionaries(
    {
        "waiting_list": st.sampled_from(["offers", "offers", "automatic", "manual"]),
        "approval": st.sampled_from(["nobody", "nobody", "line manager"]),
        "approval_holds_place": st.booleans(),
        "agency_cap": st.sampled_from([None, 1, 1, 2]),
    }
)
EVENT, PERSON = st.integers(0, EVENTS - 1), st.integers(0, PEOPLE - 1)
WHICH = st.integers(0, 11)
"""Picks one of the existing rows, by number."""
YES_OR_NO = st.booleans()
LATER = 20
"""In this many first steps no course begins and no date is called off, so that more can happen before."""


def there_are(*statuses: Status) -> Any:
    """A step that makes sense once there are bookings in these statuses."""
    return precondition(lambda machine: machine.with_status(statuses) != [])


begun = precondition(lambda machine: machine.in_the_room() != [])
"""A step that makes sense once someone has a place at a course that has begun."""


class Machine(RuleBasedStateMachine):
    """Three dates of one course and a draft of a fourth, six people of two agencies, and a clock.

    Each step is followed by a check of everything.
    """

    rows: Rows

    def __init__(self) -> None:
        super().__init__()
        self.now = self.reminded_at = NOW
        self.done = 0
        self.complaints = Complaints().__enter__()

    def teardown(self) -> None:
        self.complaints.__exit__()
        db.session.rollback()
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(delete(table))
        db.session.commit()

    @initialize(
        policies=st.lists(POLICIES, min_size=EVENTS, max_size=EVENTS),
        capacities=st.lists(st.integers(1, 3), min_size=EVENTS, max_size=EVENTS),
        claims=st.lists(st.tuples(PERSON, EVENT), min_size=4, max_size=12),
        opens_days=st.sampled_from([None, OPENS_DAYS]),
        wants=st.lists(PERSON, max_size=3, unique=True),
    )
    def begin(
        self,
        policies: Sequence[dict[str, Any]],
        capacities: Sequence[int],
        claims: Sequence[tuple[int, int]],
        opens_days: int | None,
        wants: Sequence[int],
    ) -> None:
        course, venue = make.course(), make.venue()
        self.events = [
            make.event(
                course,
                starts_at=NOW + timedelta(days=20 + 5 * number),
                days=1 + number % 2,
                venue=venue,
                policies={**policies[number], "opens_days": opens_days if number == EVENTS - 1 else None},
                capacity=capacities[number],
                has_places_since=None,
                status=EventStatus.DRAFT if number == EVENTS - 1 else EventStatus.PUBLISHED,
            ).id
            for number in range(EVENTS)
        ]
        agencies = [make.agency() for _ in range(2)]
        managed = {"manager_name": "Mo Manager", "manager_email": "mo@example.org"}
        self.people = [make.person(of=agencies[number // 3], **managed).id for number in range(PEOPLE)]
        self.agencies = [agency.id for agency in agencies]
        # The other agency has no training lead: the person who reserves a place hears about it.
        make.person("Lee Lead", Role.AGENCY_LEAD, of=agencies[0])
        self.officer_id = make.officer().id
        db.session.commit()
        self.rows = read(now=self.now)
        for person in wants:
            self.wanted(person)
        for person, event in claims:
            self.booked(person, event, by_officer=False)

    def wanted(self, person: int) -> None:
        """Have someone ask to be told when the course next runs."""
        self.do(lambda: ask_to_be_told(self.person(person), self.event(0).course, now=self.now))

    def booked(self, person: int, event: int, *, by_officer: bool) -> None:
        """Have a place booked for someone, by themselves or by an officer."""

        def act() -> None:
            who = self.person(person)
            by = self.officer if by_officer else who
            book(who, self.event(event), by=by, now=self.now, despite_clash=True)

        self.do(act)

    def resized(self, event: int, capacity: int) -> None:
        """Have an officer say how many places a date has."""
        self.do(lambda: resize(self.event(event), capacity, now=self.now))

    def paused(self, event: int, *, is_paused: bool) -> None:
        """Have an officer pause or resume a waiting list."""
        self.do(lambda: pause_list(self.event(event), is_paused=is_paused, now=self.now))

    def called_off(self, event: int) -> None:
        """Have an officer call a date off."""
        self.do(lambda: cancel_event(self.event(event), by=self.officer, now=self.now, reason="Snow"))

    def do(self, act: Callable[[], object], *, may_jump: bool = False) -> None:
        """Do one thing in its own transaction, as a request does, and check everything."""
        self.now += timedelta(minutes=1)
        self.done += 1
        try:
            with transaction():
                act()
        except Refused:
            return
        self.see(may_jump=may_jump)

    def to_one(
        self,
        which: int,
        statuses: Sequence[Status],
        act: Callable[[Booking], object],
        *,
        may_jump: bool = False,
        of: Sequence[int] = (),
    ) -> None:
        """Do something to one of the bookings in these statuses."""
        ids = of or self.with_status(statuses)
        booking_id = ids[which % len(ids)]
        self.do(lambda: act(db.session.get_one(Booking, booking_id)), may_jump=may_jump)

    def job(self, work: Callable[..., object]) -> None:
        """Run one of the worker's jobs, which begins and ends its own transactions."""
        work(now=self.now)
        self.see()
        # Running a job twice does nothing twice.
        assert work(now=self.now) == 0

    def see(self, *, may_jump: bool = False) -> None:
        """Check all rows in the database, and what has changed since the last check."""
        assert self.complaints.said == []
        before, after = replace(self.rows, now=self.now), read(now=self.now)
        check(after)
        check_related(after)
        check_step(before, after, may_jump=may_jump)
        check_step_related(before, after)
        self.rows = after

    def with_status(self, statuses: Sequence[Status]) -> list[int]:
        return [row.id for row in self.rows.bookings.values() if row.status in statuses]

    def event(self, number: int) -> Event:
        return db.session.get_one(Event, self.events[number])

    def person(self, number: int) -> Person:
        return db.session.get_one(Person, self.people[number])

    @property
    def officer(self) -> Person:
        return db.session.get_one(Person, self.officer_id)

    def in_the_room(self) -> list[int]:
        """The places at courses that have begun."""
        begun = {row.id for row in self.rows.events.values() if row.starts_at <= self.now}
        return [key for key in self.with_status([*PLACE]) if self.rows.bookings[key].event_id in begun]
