"""What a person, the hub and the worker do to a place, from booking to the day of the course."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.bookings.booking_machine.machine import (
    EVENT,
    LATER,
    PEOPLE,
    PERSON,
    WHICH,
    YES_OR_NO,
    begun,
    there_are,
)
from tests.bookings.booking_machine.model import PLACE
from tests.bookings.booking_machine.step_sequences import StepSequences
from training_hub.attendance import actions as attendance
from training_hub.attendance.models import Mark
from training_hub.attendance.queries.marks import marks_of
from training_hub.bookings.actions import approval as approval_actions
from training_hub.bookings.actions import cancel as cancel_actions
from training_hub.bookings.actions import substitute as substitute_actions
from training_hub.bookings.actions import transfer as transfer_actions
from training_hub.bookings.actions import undo as undo_actions
from training_hub.bookings.actions import waiting_list as waiting_list_actions
from training_hub.bookings.actions.claims import lapse_claims
from training_hub.bookings.actions.moved import edit_event
from training_hub.bookings.actions.reminders import remind_due
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.moves import UNDONE
from training_hub.catalogue.actions import EventFacts
from training_hub.catalogue.rules import Times, event_version, times_of

S = Status
CLAIMS = frozenset({S.REQUESTED, S.WAITING, S.OFFERED})


class BookingMachine(StepSequences):
    """Every step there is, those of `AgencySteps` and `StepSequences` included.

    A new action is one more rule. `there_are` says what it needs. `do` does it, or `to_one` if it is about one booking,
    or `job` if the worker does it.
    """

    # Time, and what the worker does each minute.

    @rule(hours=st.sampled_from([1, 25, 25, 72]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda machine: machine.done > LATER and machine.in_the_room() == [])
    @rule(event=EVENT, is_over=YES_OR_NO)
    def wait_for_the_day(self, event: int, is_over: bool) -> None:
        row = self.rows.events[self.events[event]]
        self.now = max(self.now, (row.ends_at if is_over else row.starts_at) + timedelta(minutes=5))

    @there_are(S.REQUESTED, S.OFFERED)
    @rule(which=WHICH)
    def lapse(self, which: int) -> None:
        ids = self.with_status([S.REQUESTED, S.OFFERED])
        self.now = max(self.now, self.rows.bookings[ids[which % len(ids)]].decide_by)
        self.job(lapse_claims)
        assert [
            row.id for row in self.rows.bookings.values() if row.decide_by and row.decide_by <= self.now
        ] == []

    @there_are(S.WAITING)
    @rule(event=EVENT)
    def wait_for_the_cap_to_end(self, event: int) -> None:
        self.now = max(self.now, self.rows.events[self.events[event]].starts_at - timedelta(days=14))

    @precondition(lambda machine: replace(machine.rows, now=machine.now).stalled() != set())
    @rule()
    def fill_free_places(self) -> None:
        self.job(waiting_list_actions.fill_free_places)
        assert self.rows.stalled() == set()

    @precondition(lambda machine: machine.now - machine.reminded_at > timedelta(days=1))
    @rule()
    def remind(self) -> None:
        self.reminded_at = self.now
        self.job(remind_due)
        self.job(approval_actions.remind_managers)

    # What people do.

    @rule(person=PERSON, event=EVENT, by_officer=YES_OR_NO)
    def book(self, person: int, event: int, by_officer: bool) -> None:
        self.booked(person, event, by_officer=by_officer)

    @there_are(S.CONFIRMED)
    @rule(which=WHICH, by_officer=YES_OR_NO, is_wanted=YES_OR_NO)
    def cancel(self, which: int, by_officer: bool, is_wanted: bool) -> None:
        def act(booking: Booking) -> None:
            by = self.officer if by_officer else booking.person
            cancel_actions.cancel(booking, by=by, now=self.now, cause=None if is_wanted else Cause.NOT_WANTED)

        self.to_one(which, [S.CONFIRMED], act)

    @there_are(*CLAIMS)
    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        self.to_one(which, [*CLAIMS], lambda it: cancel_actions.cancel(it, by=it.person, now=self.now))

    @there_are(S.OFFERED)
    @rule(which=WHICH)
    def take_offer(self, which: int) -> None:
        self.to_one(
            which,
            [S.OFFERED],
            lambda it: waiting_list_actions.take_offer(it, by=it.person, now=self.now, despite_clash=True),
        )

    @there_are(S.REQUESTED)
    @rule(which=WHICH, by_officer=YES_OR_NO)
    def approve(self, which: int, by_officer: bool) -> None:
        self.to_one(
            which,
            [S.REQUESTED],
            lambda it: approval_actions.approve(it, by=self.officer if by_officer else None, now=self.now),
        )

    @there_are(S.REQUESTED)
    @rule(which=WHICH)
    def decline(self, which: int) -> None:
        self.to_one(
            which,
            [S.REQUESTED],
            lambda it: approval_actions.decline(it, by=None, now=self.now, reason="Too busy"),
        )

    @there_are(S.CONFIRMED)
    @rule(which=WHICH, event=EVENT)
    def transfer(self, which: int, event: int) -> None:
        self.to_one(
            which,
            [S.CONFIRMED],
            lambda it: transfer_actions.transfer(
                it, self.event(event), by=it.person, now=self.now, despite_clash=True
            ),
        )

    @there_are(S.CONFIRMED)
    @rule(which=WHICH, colleague=st.sampled_from(["the next one", "the next one", "anyone", "new"]))
    def substitute(self, which: int, colleague: str) -> None:
        def act(booking: Booking) -> None:
            person = which % PEOPLE
            if colleague == "the next one" and booking.person_id in self.people:
                first, number = divmod(self.people.index(booking.person_id), 3)
                person = 3 * first + (number + 1) % 3
            # This can add people who are not among the six.
            email = f"new{which}@example.org" if colleague == "new" else self.person(person).email
            substitute_actions.substitute(
                booking, name="Noor New", email=email, by=booking.person, now=self.now, despite_clash=True
            )

        self.to_one(which, [S.CONFIRMED], act, may_jump=True)

    # What the hub does.

    @there_are(S.WAITING)
    @rule(which=WHICH, outright=YES_OR_NO)
    def pick(self, which: int, outright: bool) -> None:
        self.to_one(
            which,
            [S.WAITING],
            lambda it: waiting_list_actions.pick(
                it, by=self.officer, now=self.now, outright=outright, reason="First aid"
            ),
            may_jump=True,
        )

    @there_are(S.WAITING)
    @rule(event=EVENT, is_paused=YES_OR_NO)
    def pause_list(self, event: int, is_paused: bool) -> None:
        self.paused(event, is_paused=is_paused)

    @rule(event=EVENT, capacity=st.integers(0, 4))
    def change_capacity(self, event: int, capacity: int) -> None:
        self.resized(event, capacity)

    @there_are(*UNDONE)
    @rule(which=WHICH, choice=st.integers(0, 1))
    def undo(self, which: int, choice: int) -> None:
        def act(booking: Booking) -> None:
            became = sorted(UNDONE[booking.status], key=lambda status: status.value)
            chosen = became[choice % len(became)]
            undo_actions.undo(booking, chosen, by=self.officer, now=self.now, reason="A mistake")

        self.to_one(which, [*UNDONE], act, may_jump=True)

    @precondition(lambda machine: machine.done > LATER)
    @rule(event=EVENT)
    def call_off(self, event: int) -> None:
        self.called_off(event)

    @rule(event=EVENT, days=st.sampled_from([-12, -5, 5, 9]), capacity=st.integers(0, 4))
    def move(self, event: int, days: int, capacity: int) -> None:
        def act() -> None:
            row, by = self.event(event), timedelta(days=days)
            facts = EventFacts(
                sessions=[Times(each.starts_at + by, each.ends_at + by) for each in times_of(row)],
                capacity=max(capacity, row.capacity),
                venue=row.venue,
            )
            edit_event(row, facts, seen=event_version(row), now=self.now)

        self.do(act)

    # What happens on the day.

    @begun
    @rule(which=WHICH, mark=st.sampled_from(list(Mark)), session=st.integers(0, 1))
    def mark(self, which: int, mark: Mark, session: int) -> None:
        def act(booking: Booking) -> None:
            sessions = booking.event.sessions
            part = sessions[session % len(sessions)]
            shown = marks_of([booking.id]).get((booking.id, part.id))
            choice = attendance.Choice(booking.id, shown, mark)
            attendance.mark(part, [choice], by=self.officer, now=self.now, why="Corrected")

        self.to_one(which, [*PLACE], act, of=self.in_the_room())

    @begun
    @rule(which=WHICH, outcome=st.sampled_from(sorted(PLACE, key=lambda status: status.value)))
    def decide_outcome(self, which: int, outcome: Status) -> None:
        self.to_one(
            which,
            [*PLACE],
            lambda it: attendance.decide_outcome(
                it, outcome, shown=it.status, by=self.officer, now=self.now, why="Was there"
            ),
            of=self.in_the_room(),
        )

    @begun
    @rule(person=PERSON, event=EVENT)
    def walk_in(self, person: int, event: int) -> None:
        self.do(
            lambda: attendance.add_walk_in(
                self.event(event).sessions[0],
                self.person(person).email,
                name="",
                agency="",
                by=self.officer,
                now=self.now,
            )
        )

    @precondition(lambda machine: any(row.is_walk_in for row in machine.rows.bookings.values()))
    @rule(which=WHICH)
    def take_off(self, which: int) -> None:
        self.to_one(
            which,
            [*PLACE],
            lambda it: attendance.take_off(it, by=self.officer, now=self.now, why="A mistake"),
        )
