"""Steps of agencies, the hub and the worker: reserved places, groups, interest, moves, closed accounts."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.bookings.booking_machine.machine import (
    EVENT,
    OPENS_DAYS,
    PERSON,
    WHICH,
    YES_OR_NO,
    Machine,
    there_are,
)
from tests.bookings.booking_machine.related_invariants import few_untold
from training_hub.bookings.actions import alerts as alerts_actions
from training_hub.bookings.actions import another_date as another_date_actions
from training_hub.bookings.actions import approval as approval_actions
from training_hub.bookings.actions import claims as claims_actions
from training_hub.bookings.actions import groups as groups_actions
from training_hub.bookings.actions import interest as interest_actions
from training_hub.bookings.actions import moved as moved_actions
from training_hub.bookings.actions import needs as needs_actions
from training_hub.bookings.actions import rebook as rebook_actions
from training_hub.bookings.actions import reserved as reserved_actions
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.group_list import read_list
from training_hub.bookings.rules.groups import LineResult, promised
from training_hub.bookings.rules.reserved import released_at
from training_hub.catalogue.actions import publish
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.people.models import Agency

S = Status
AGENCY, NUMBER = st.integers(0, 1), st.integers(1, 2)
LISTED = st.lists(st.integers(0, 6), min_size=1, max_size=4)
"""The people on an agency's list: three of its own, one of another agency, and some not yet known."""
BECOMES = {LineResult.PLACE: S.CONFIRMED, LineResult.REQUEST: S.REQUESTED, LineResult.TURN: S.WAITING}
are_reserved = precondition(lambda machine: machine.rows.reserved != [])
are_untold = precondition(lambda machine: machine.untold() != [])


class AgencySteps(Machine):
    """Steps about reserved places, groups, dates that people had asked for, moves, and closed accounts."""

    # An agency's places.

    @rule(event=EVENT, agency=AGENCY, number=NUMBER)
    def reserve(self, event: int, agency: int, number: int) -> None:
        had = self.reserved(event, agency)
        self.do(
            lambda: reserved_actions.reserve(
                self.event(event), self.agency(agency), number, had=had, by=self.officer, now=self.now
            )
        )

    @are_reserved
    @rule(which=WHICH, number=NUMBER)
    def give_back(self, which: int, number: int) -> None:
        row = self.rows.reserved[which % len(self.rows.reserved)]
        event, agency = self.events.index(row.event_id), self.agencies.index(row.agency_id)
        had = self.reserved(event, agency)
        self.do(
            lambda: reserved_actions.give_back(
                self.event(event), self.agency(agency), number, had=had, by=self.officer, now=self.now
            )
        )

    @are_reserved
    @rule(which=WHICH, days_before=st.sampled_from([0, 1, 4]))
    def release_reserved(self, which: int, days_before: int) -> None:
        row = self.rows.reserved[which % len(self.rows.reserved)]
        ends_at = released_at(self.rows.terms[row.event_id])
        self.now = max(self.now, ends_at - timedelta(days=days_before))
        self.job(reserved_actions.remind_of_reserved)
        self.job(reserved_actions.release_reserved)
        assert [
            row for row in self.rows.reserved if released_at(self.rows.terms[row.event_id]) <= self.now
        ] == []

    @rule(event=EVENT, agency=AGENCY, people=LISTED, all_or_nothing=YES_OR_NO, is_old=YES_OR_NO)
    def book_group(
        self, event: int, agency: int, people: Sequence[int], all_or_nothing: bool, is_old: bool
    ) -> None:
        def act() -> None:
            at, of = self.event(event), self.agency(agency)
            entries = read_list("\n".join(self.line_of(each, agency) for each in people))
            shown = groups_actions.plan_group(
                at, of, entries, terms_for(at), now=self.now, despite_clash=True
            )
            booked = groups_actions.book_group(
                at,
                of,
                entries,
                by=self.officer,
                now=self.now,
                all_or_nothing=all_or_nothing,
                despite_clash=True,
                promise=() if is_old else promised(shown),
            )
            for line, booking in booked:
                assert line.fits or not all_or_nothing
                assert line.result not in BECOMES or booking.status is BECOMES[line.result]

        self.do(act)

    # Dates that people had asked for.

    @rule(person=PERSON)
    def ask_to_be_told(self, person: int) -> None:
        self.wanted(person)

    @precondition(lambda machine: any(row.ended_at is None for row in machine.rows.interests))
    @rule(person=PERSON)
    def stop_asking(self, person: int) -> None:
        self.do(lambda: interest_actions.stop_asking(self.person(person), self.event(0).course, now=self.now))

    @precondition(lambda machine: machine.drafts() != [])
    @rule()
    def publish(self) -> None:
        def act() -> None:
            draft = db.session.get_one(Event, self.drafts()[0])
            publish(draft)
            # As the page of a draft does.
            db.session.flush()
            interest_actions.offer_to_interested(draft, now=self.now)

        self.do(act)

    @are_untold
    @rule()
    def wait_until_it_opens(self) -> None:
        event = self.rows.events[self.untold()[0]]
        self.now = max(self.now, event.starts_at - timedelta(days=OPENS_DAYS))

    @are_untold
    @rule()
    def offer_new_dates(self) -> None:
        self.job(interest_actions.offer_new_dates)

    @there_are(S.WAITING)
    @rule()
    def tell_of_another_date(self) -> None:
        self.job(another_date_actions.tell_of_another_date)

    # What follows a move or a call-off.

    @precondition(lambda machine: machine.asked() != [])
    @rule(which=WHICH, can_come=YES_OR_NO, is_late=YES_OR_NO)
    def answer_move(self, which: int, can_come: bool, is_late: bool) -> None:
        def act(booking: Booking) -> None:
            sequence = booking.event.sequence - int(is_late)
            moved_actions.answer_move(
                booking, can_come=can_come, sequence=sequence, by=booking.person, now=self.now
            )

        self.to_one(which, [S.CONFIRMED], act, of=self.asked() if which % 3 else ())

    @there_are(S.EVENT_CANCELLED)
    @rule(which=WHICH, event=EVENT)
    def book_instead(self, which: int, event: int) -> None:
        self.to_one(
            which,
            [S.EVENT_CANCELLED],
            lambda it: rebook_actions.book_instead(
                it, self.event(event), by=it.person, now=self.now, despite_clash=True
            ),
        )

    # Accounts, managers, needs, and what officers are told.

    @rule(person=PERSON, is_active=YES_OR_NO, looks=YES_OR_NO)
    def close_account(self, person: int, is_active: bool, looks: bool) -> None:
        def act() -> None:
            self.person(person).is_active = is_active

        self.do(act)
        if looks:
            self.job(claims_actions.give_up_of_closed)

    @precondition(lambda machine: machine.closed() != [])
    @rule()
    def give_up_of_closed(self) -> None:
        self.job(claims_actions.give_up_of_closed)
        assert self.closed() == []

    @there_are(S.REQUESTED)
    @rule(which=WHICH, email=st.sampled_from(["mo@example.org", "mia@example.org"]))
    def ask_another_manager(self, which: int, email: str) -> None:
        self.to_one(
            which,
            [S.REQUESTED],
            lambda it: approval_actions.ask_another_manager(
                it, name="Mia", email=email, by=self.officer, now=self.now
            ),
        )

    @there_are(S.CONFIRMED, S.WAITING)
    @rule(which=WHICH)
    def say_needs(self, which: int) -> None:
        self.to_one(
            which,
            [S.CONFIRMED, S.WAITING],
            lambda it: needs_actions.say_needs(
                it, access=f"Hearing loop {self.done}", dietary="", now=self.now
            ),
        )

    @precondition(lambda machine: few_untold(machine.rows, machine.officer_id) != [])
    @rule()
    def alert_few(self) -> None:
        self.job(alerts_actions.alert_few)
        assert few_untold(self.rows, self.officer_id) == []

    # What the steps find.

    def line_of(self, number: int, agency: int) -> str:
        """The line that an agency writes for one person."""
        if number > 3:
            return f"Noor {number}, noor{number}.{agency}@example.org, mia@example.org"
        return self.person(3 * agency + number if number < 3 else 3 * (1 - agency)).email

    def agency(self, number: int) -> Agency:
        return db.session.get_one(Agency, self.agencies[number])

    def reserved(self, event: int, agency: int) -> int:
        """How many places the agency reserves at the event without a name."""
        mine = (self.events[event], self.agencies[agency])
        return len([row for row in self.rows.reserved if (row.event_id, row.agency_id) == mine])

    def drafts(self) -> list[int]:
        return [key for key, row in self.rows.events.items() if row.status is EventStatus.DRAFT]

    def untold(self) -> list[int]:
        """The dates in the programme that people who had asked have not heard about."""
        rows = self.rows.events.items()
        return [
            key for key, row in rows if row.status is EventStatus.PUBLISHED and row.interested_told_at is None
        ]

    def asked(self) -> list[int]:
        """The places whose people have yet to say whether they can still come."""
        rows = self.rows.bookings.items()
        return [key for key, row in rows if row.asked_sequence is not None and row.status is S.CONFIRMED]

    def closed(self) -> list[int]:
        """The open claims of closed accounts at upcoming dates."""
        rows, claims = self.rows, {S.REQUESTED, S.WAITING, S.OFFERED}
        return [
            key
            for key, row in rows.bookings.items()
            if row.status in claims
            and not rows.people[row.person_id].is_active
            and rows.events[row.event_id].starts_at > self.now
        ]
