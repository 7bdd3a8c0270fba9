"""Whatever happens to a place and its date, each email before the course is sent once, in time, or recorded as
missed."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests import make
from tests.bookings.test_calendar import moved
from tests.conftest import NOW
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.moved import tell_moved
from training_hub.bookings.actions.reminders import remind_due
from training_hub.bookings.actions.transfer import transfer
from training_hub.bookings.actions.undo import undo
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reminders import MissedReminder
from training_hub.bookings.models.status import Status
from training_hub.database import db, transaction
from training_hub.errors import Refused
from training_hub.mail.delivery import OutgoingMail, deliver, drop_what_ran_out
from training_hub.mail.models import Mail
from training_hub.people.models import Person

STARTS = datetime(2025, 6, 5, 8, 30, tzinfo=UTC)
"""Thursday 5 June 2025, 9:30am in London."""
KINDS = {"Coming up": "reminder", "Joining instructions": "joining"}
"""The beginning of each subject, and its kind."""


class Run:
    """One course date, three people, a clock, and each email that left, with its moment and reader."""

    def __init__(self) -> None:
        course = make.course()
        self.event = make.event(course, starts_at=STARTS, policies=make.AUTOMATIC)
        self.other = make.event(course, starts_at=STARTS + timedelta(days=90), policies=make.AUTOMATIC)
        self.people = [make.person() for _ in range(3)]
        self.officer = make.officer()
        self.now = NOW
        self.left: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []
        book(self.people[0], self.event, by=self.people[0], now=self.now)
        db.session.commit()

    def take(self, name: str, number: int) -> None:
        """Do one thing. A refusal changes nothing."""
        if name == "wait":
            # Never past the start in one step, because the worker looks each minute.
            self.now = max(self.now, min(self.now + timedelta(hours=number), self.event.starts_at))
        elif name == "work":
            self.work()
        elif name == "server away":
            remind_due(now=self.now)
        else:
            with suppress(Refused):
                self._change(name, self.people[number % 3], number)
                db.session.commit()
            db.session.rollback()

    def _change(self, name: str, person: Person, number: int) -> None:
        booking = self._latest(person)
        if name == "book":
            book(person, self.event, by=person, now=self.now)
        elif name == "move" and self.event.starts_at > self.now:
            by = timedelta(hours=number)
            if self.event.starts_at + by > self.now:
                moved(self.event, by)
                tell_moved(self.event, now=self.now)
        elif booking is None:
            return
        elif name == "cancel":
            cancel(booking, by=person, now=self.now, reason="On leave")
        elif name == "restore":
            undo(booking, Status.CONFIRMED, by=self.officer, now=self.now, reason="By mistake")
        elif name == "transfer" and booking.event_id == self.event.id:
            transfer(booking, self.other, by=person, now=self.now)
        elif name == "undo transfer" and booking.follows is not None:
            undo(booking.follows, Status.CONFIRMED, by=self.officer, now=self.now, reason="By mistake")

    def _latest(self, person: Person) -> Booking | None:
        mine = select(Booking).where(Booking.person_id == person.id).order_by(Booking.id.desc())
        return db.session.scalars(mine).first()

    def work(self) -> None:
        """Do what the worker does each minute, with a mail server that takes everything."""
        remind_due(now=self.now)
        with transaction():
            drop_what_ran_out(now=self.now)
        deliver(self._note, now=self.now, limit=200)

    def _note(self, mail: OutgoingMail) -> None:
        kind = KINDS.get(mail.subject.partition(":")[0])
        if kind is None:
            return
        stored = db.session.get_one(Mail, mail.id)
        booking = db.session.scalars(
            select(Booking).where(Booking.reference == stored.key.split(":")[1])
        ).one()
        self.left[booking.reference, kind] += 1
        if self.now >= booking.event.starts_at:
            self.wrong.append(f"{kind} left after the start")
        if not booking.flags.has_place:
            self.wrong.append(f"{kind} left to a person without a place")
        db.session.rollback()


STEPS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 24 * 12)),
    st.tuples(st.sampled_from(["work", "server away"]), st.just(0)),
    st.tuples(st.just("work"), st.just(0)),
    st.tuples(st.just("move"), st.integers(-24 * 20, 24 * 40)),
    st.tuples(st.sampled_from(["book", "cancel", "restore", "transfer", "undo transfer"]), st.integers(0, 2)),
)


@example_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14))
def test_reminders_leave_once_or_are_recorded_as_missed(app: Flask, steps: list[tuple[str, int]]) -> None:
    run = Run()
    for name, number in steps:
        run.take(name, number)
    for moment in (run.event.starts_at, run.event.starts_at + timedelta(minutes=1)):
        run.now = max(run.now, moment)
        run.work()
    assert run.wrong == []
    assert [each for each in run.left.items() if each[1] > 1] == []
    rows = db.session.execute(
        select(Booking.reference, MissedReminder.kind).join(Booking, MissedReminder.booking_id == Booking.id)
    )
    missed = {(row.reference, row.kind) for row in rows}
    here = select(Booking).where(Booking.event_id == run.event.id)
    for booking in db.session.scalars(here):
        for kind in KINDS.values():
            key = (booking.reference, kind)
            if booking.flags.has_place:
                assert (run.left[key], key in missed) in {(1, False), (0, True)}, key


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(
            [("wait", 600), ("work", 0), ("move", 24 * 60)],
            id="the reminder was missed, and how to join dropped",
        ),
        pytest.param(
            [("wait", 600), ("server away", 0), ("move", 1), ("move", 24 * 60)],
            id="dropped by a small move before",
        ),
        pytest.param(
            [("wait", 600), ("work", 0), ("cancel", 0), ("move", 24 * 60), ("restore", 0)],
            id="the place was given up meanwhile",
        ),
        pytest.param(
            [("transfer", 0), ("undo transfer", 0), ("wait", 600), ("work", 0), ("move", 24 * 60)],
            id="the place went elsewhere and came back",
        ),
    ],
)
def test_an_unsent_reminder_is_sent_at_its_new_moment(app: Flask, steps: list[tuple[str, int]]) -> None:
    run = Run()
    for step in steps:
        run.take(*step)
    for _ in range(80):
        run.take("wait", 24)
        run.take("work", 0)
    reference = db.session.scalars(
        select(Booking.reference).where(Booking.event_id == run.event.id, Booking.status == Status.CONFIRMED)
    ).one()
    assert run.left == {(reference, "reminder"): 1, (reference, "joining"): 1}
    assert db.session.scalars(select(MissedReminder.kind)).all() == []
