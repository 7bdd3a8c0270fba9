"""Sequences of steps that would rarely follow one another by chance."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.bookings.booking_machine.agency_steps import AGENCY, LISTED, AgencySteps
from tests.bookings.booking_machine.machine import EVENT, LATER, WHICH, YES_OR_NO
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.waiting_list import pick, take_offer
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus

S = Status


class StepSequences(AgencySteps):
    """Sequences of steps, with a check after each step."""

    @precondition(lambda machine: machine.bookable() != [])
    @rule(which=WHICH, agency=AGENCY, people=LISTED, refuses=YES_OR_NO, back=st.integers(0, 2))
    def reserve_and_name(
        self, which: int, agency: int, people: Sequence[int], refuses: bool, back: int
    ) -> None:
        """An agency reserves free places, names people for some, and gives the others back."""
        event = self.events.index(self.bookable()[which % len(self.bookable())])
        self.make_room(event, 2)
        self.reserve(event, agency, 2)
        self.book_group(event, agency, people, False, True)
        named = [row.booking_id for row in self.rows.all_reserved if row.booking_id in self.rows.bookings]
        named = [key for key in named if self.rows.bookings[key].status in {S.CONFIRMED, S.REQUESTED}]
        if named and refuses:
            self.to_one(which, [], lambda it: cancel(it, by=it.person, now=self.now), of=named)
        if back and self.rows.reserved:
            self.give_back(which, back)

    @precondition(lambda machine: machine.done > LATER and machine.with_places() != [])
    @rule(which=WHICH, event=EVENT, other=EVENT)
    def call_off_and_book_instead(self, which: int, event: int, other: int) -> None:
        """A date where someone has a place is called off, and they book another with one press, or with two."""
        events = self.with_places()
        self.called_off(self.events.index(events[event % len(events)]))
        for number in (which, which, which + 1):
            if self.with_status([S.EVENT_CANCELLED]) and self.bookable():
                at = self.events.index(self.bookable()[other % len(self.bookable())])
                self.book_instead(number, at)

    @precondition(lambda machine: machine.lined_up() != [])
    @rule(which=WHICH, outright=YES_OR_NO, stays_paused=YES_OR_NO)
    def pick_out_of_turn(self, which: int, outright: bool, stays_paused: bool) -> None:
        """An officer pauses the list, adds a place, and picks a person for it."""
        events = self.lined_up()
        event = self.events.index(events[which % len(events)])
        self.paused(event, is_paused=True)
        self.make_room(event, 1)
        line = [row.id for row in self.rows.waiting(self.events[event])]
        if line:
            self.to_one(
                which,
                [],
                lambda it: pick(it, by=self.officer, now=self.now, outright=outright, reason="First aid"),
                may_jump=True,
                of=line,
            )
        if not stays_paused:
            self.paused(event, is_paused=False)

    @precondition(lambda machine: machine.lined_up() != [])
    @rule(which=WHICH, takes=YES_OR_NO)
    def answer_offer(self, which: int, takes: bool) -> None:
        """A place becomes free and is offered to the next person, who accepts or declines it."""
        events = self.lined_up()
        event = self.events.index(events[which % len(events)])
        self.make_room(event, 1)
        offered = [row.id for row in self.rows.at(self.events[event], S.OFFERED)]
        if not offered:
            return
        if takes:
            self.to_one(
                which,
                [],
                lambda it: take_offer(it, by=it.person, now=self.now, despite_clash=True),
                of=offered,
            )
        else:
            self.to_one(which, [], lambda it: cancel(it, by=it.person, now=self.now), of=offered)

    # What the sequences find, and prepare.

    def make_room(self, event: int, number: int) -> None:
        """Have an officer make this many places free."""
        row = self.rows.events[self.events[event]]
        needed = self.rows.held(row.id).total() + number
        if needed > row.capacity:
            self.resized(event, needed)

    def bookable(self) -> list[int]:
        """The dates that can be booked now."""
        return [
            key
            for key, row in self.rows.events.items()
            if row.status is EventStatus.PUBLISHED
            and self.now < self.rows.terms[key].bookings_close_at
            and not self.rows.terms[key].is_yet_to_open(now=self.now)
        ]

    def with_places(self) -> list[int]:
        """Coming dates where someone has a place."""
        return [
            key
            for key, row in self.rows.events.items()
            if row.status is EventStatus.PUBLISHED
            and self.now < row.starts_at
            and self.rows.at(key, S.CONFIRMED)
        ]

    def lined_up(self) -> list[int]:
        """Dates that can be booked now and where someone waits."""
        return [key for key in self.bookable() if self.rows.waiting(key)]
