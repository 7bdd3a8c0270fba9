"""A small world in which places are booked, for a test that does one thing after another to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition
from sqlalchemy import delete

from tests import make
from tests.bookings.recount import PLACE, Rows, check, check_step, read
from tests.complaints import Complaints
from tests.conftest import NOW
from training_hub.bookings import actions
from training_hub.bookings.models import Booking, Status
from training_hub.catalogue.models import Event
from training_hub.database import Base, db, transaction
from training_hub.errors import Refused
from training_hub.people.models import Person

S = Status
EVENTS, PEOPLE = 3, 6
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
"""Of those there are, counted round."""
YES_OR_NO = st.booleans()
LATER = 20
"""After how many steps a day comes, or a date is called off: before, there is more to do."""


def there_are(*statuses: Status) -> Any:
    """A rule that makes sense once there are bookings in these statuses."""
    return precondition(lambda machine: machine.with_status(statuses) != [])


begun = precondition(lambda machine: machine.in_the_room() != [])
"""A rule that makes sense once somebody has a place at a course that has begun."""


class World(RuleBasedStateMachine):
    """Three dates of one course, and six people of two agencies, with a clock that goes on.

    After each thing that is done, everything is looked at.
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
    )
    def begin(
        self, policies: Sequence[dict[str, Any]], capacities: Sequence[int], claims: Sequence[tuple[int, int]]
    ) -> None:
        course, venue = make.course(), make.venue()
        self.events = [
            make.event(
                course,
                starts_at=NOW + timedelta(days=20 + 5 * number),
                days=1 + number % 2,
                venue=venue,
                policies=policies[number],
                capacity=capacities[number],
            ).id
            for number in range(EVENTS)
        ]
        agencies = [make.agency() for _ in range(2)]
        managed = {"manager_name": "Mo Manager", "manager_email": "mo@example.org"}
        self.people = [make.person(of=agencies[number // 3], **managed).id for number in range(PEOPLE)]
        self.officer_id = make.officer().id
        db.session.commit()
        self.rows = read(now=self.now)
        for person, event in claims:
            self.booked(person, event, by_officer=False)

    def booked(self, person: int, event: int, *, by_officer: bool) -> None:
        """Have a place booked for someone, by themselves or by an officer."""

        def act() -> None:
            who = self.person(person)
            by = self.officer if by_officer else who
            actions.book(who, self.event(event), by=by, now=self.now, despite_clash=True)

        self.do(act)

    def do(self, act: Callable[[], object], *, may_jump: bool = False) -> None:
        """Do one thing in a transaction of its own, as a request would, and see that all is as it must be."""
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
        """Have one of the worker's jobs done, which begins and ends its own transactions."""
        work(now=self.now)
        self.see()

    def see(self, *, may_jump: bool = False) -> None:
        """Look at all that stands in the database now, and at what has changed since the last time."""
        assert self.complaints.said == []
        before, after = replace(self.rows, now=self.now), read(now=self.now)
        check(after)
        check_step(before, after, may_jump=may_jump)
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
