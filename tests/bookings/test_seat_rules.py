"""Whatever people and the hub do, in any order, the places stay right."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.resizing import resize
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.emails.changes import TEMPLATES
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries.booking import open_booking
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.queries.waiting_list import first_waiting, waiting_position, waiting_positions
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.mail.models import Mail
from training_hub.people.models import Person

PEOPLE = 6
STEPS = st.one_of(
    st.tuples(st.just("book"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("cancel"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("capacity"), st.integers(0, 4)),
    st.tuples(st.just("wait a while"), st.integers(0, 60 * 24 * 10)),
    st.tuples(st.just("call off"), st.just(0)),
)


@dataclass
class Run:
    """One event, the people who want to come, and what has been done so far."""

    event: Event
    people: list[Person]
    officer: Person
    now: datetime = NOW
    asked: list[int] = field(default_factory=list)

    def take(self, step: tuple[str, int]) -> None:
        """Do one thing. A refusal changes nothing."""
        name, number = step
        self.now += timedelta(minutes=number if name == "wait a while" else 1)
        try:
            if name == "book":
                person = self.people[number]
                booking = book(person, self.event, by=person, now=self.now)
                if booking.id not in self.asked:
                    self.asked.append(booking.id)
            elif name == "cancel":
                found = open_booking(self.people[number].id, self.event.id)
                if found is not None:
                    cancel(found, by=self.people[number], now=self.now, reason="On leave")
            elif name == "capacity":
                resize(self.event, number, now=self.now)
            elif name == "call off":
                cancel_event(self.event, by=self.officer, now=self.now, reason="Snow")
        except Refused:
            pass
        db.session.flush()

    def bookings(self) -> list[Booking]:
        """Every booking of the event, in the order in which they were made."""
        return list(
            db.session.scalars(select(Booking).where(Booking.event_id == self.event.id).order_by(Booking.id))
        )

    def check(self) -> None:
        """Check what must hold after each step."""
        places = availability_queries.places(self.event)
        bookings = self.bookings()
        confirmed = [booking for booking in bookings if booking.status is Status.CONFIRMED]
        waiting = [booking for booking in bookings if booking.status is Status.WAITING]
        assert (places.held, places.waiting) == (len(confirmed), len(waiting))
        assert places.held <= self.event.capacity
        open_to_all = self.event.is_published and self.now < terms_for(self.event).bookings_close_at
        assert not (open_to_all and waiting and places.free)
        assert not (self.event.is_called_off and (confirmed or waiting))
        # The list is in the order in which people asked, whatever has happened since.
        listed = [booking.id for booking in first_waiting(self.event, PEOPLE)]
        assert listed == [number for number in self.asked if number in {row.id for row in waiting}]
        assert [waiting_position(row) for row in waiting] == list(range(1, len(waiting) + 1))
        assert waiting_positions(waiting) == {row.id: place for place, row in enumerate(waiting, 1)}
        holders = Counter(booking.person_id for booking in [*confirmed, *waiting])
        assert set(holders.values()) <= {1}
        self.check_told(bookings)

    def check_told(self, bookings: list[Booking]) -> None:
        """Each status of a booking is in its history once, and was emailed once."""
        expected = Counter[tuple[str, str]]()
        for booking in bookings:
            changes = list(
                db.session.scalars(
                    select(BookingChange)
                    .where(BookingChange.booking_id == booking.id)
                    .order_by(BookingChange.id)
                )
            )
            path = [None, *(change.became for change in changes)]
            assert [change.was for change in changes] == path[:-1]
            assert path[-1] is booking.status
            assert len(set(path)) == len(path)
            for change in changes:
                expected[booking.person.email, TEMPLATES[change.was, change.became]] += 1
        mails = db.session.execute(
            select(Mail.to_email, Mail.template).where(
                Mail.to_email.in_([person.email for person in self.people])
            )
        )
        assert Counter((row.to_email, row.template) for row in mails) == expected


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(capacity=st.integers(0, 3), steps=st.lists(STEPS, min_size=1, max_size=14))
def test_places_stay_right_whatever_is_done(app: Flask, capacity: int, steps: list[tuple[str, int]]) -> None:
    try:
        run = Run(
            event=make.event(
                starts_at=NOW + timedelta(days=30),
                capacity=capacity,
                policies=make.AUTOMATIC,
                venue=make.venue(),
            ),
            people=[make.person() for _ in range(PEOPLE)],
            officer=make.officer(),
        )
        for step in steps:
            run.take(step)
            run.check()
    finally:
        db.session.rollback()
