"""“Only dates with places left” finds exactly the dates at which booking gives a place."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make
from tests.conftest import NOW
from training_hub.bookings.actions import book as book_actions
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.availability import NotOpen
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.pages.queries.programme import Search, listing
from training_hub.people.models import Agency, Person

DATES = 5


@dataclass(frozen=True)
class Drawn:
    """A random date: its bookings, waiting list and policies."""

    days_ahead: int
    capacity: int
    cap: int | None
    opens_days: int | None
    bookings: tuple[tuple[bool, Status], ...]
    """Whether each booking is of the reader's agency, and its status."""
    reserved: tuple[bool, ...]

    def enter(self, course: Course, own: Agency, other: Agency, by: Person) -> Event:
        policies = {"agency_cap": self.cap, "opens_days": self.opens_days, "cap_released_days": 14}
        event = make.event(
            course,
            starts_at=NOW + timedelta(days=self.days_ahead),
            capacity=self.capacity,
            policies={key: value for key, value in policies.items() if value is not None},
        )
        for is_own, status in self.bookings:
            make.booking(event, make.person(of=own if is_own else other), status=status)
        for is_own in self.reserved:
            agency = own if is_own else other
            db.session.add(
                ReservedPlace(event_id=event.id, agency_id=agency.id, reserved_at=NOW, reserved_by_id=by.id)
            )
        db.session.flush()
        return event


STATUSES = st.sampled_from([Status.CONFIRMED, Status.WAITING, Status.OFFERED, Status.CANCELLED])
DRAWN = st.builds(
    Drawn,
    days_ahead=st.sampled_from([2, 10, 20, 40]),
    capacity=st.integers(1, 4),
    cap=st.sampled_from([None, 1, 2]),
    opens_days=st.sampled_from([None, 15]),
    bookings=st.lists(st.tuples(st.booleans(), STATUSES), max_size=5).map(tuple),
    reserved=st.lists(st.booleans(), max_size=2).map(tuple),
)


def gets_a_place(person: Person, event: Event) -> bool:
    try:
        with db.session.begin_nested() as tried:
            booking = book_actions.book(person, event, by=person, now=NOW)
            has_place = booking.status is Status.CONFIRMED
            tried.rollback()
    except NotOpen:
        return False
    return has_place


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(DRAWN, min_size=DATES, max_size=DATES))
def test_only_free_lists_dates_that_can_be_booked(app: Flask, drawn: list[Drawn]) -> None:
    try:
        course, own, other = make.course("Neglect"), make.agency("Oak School"), make.agency("Elm School")
        reader = make.person("Ann", of=own)
        events = [each.enter(course, own, other, reader) for each in drawn]
        cards, total = listing(Search(only_free=True), now=NOW, page=1, agency_id=own.id)
        listed = {card.row.id for card in cards}
        assert (len(listed), listed) == (
            total,
            {event.id for event in events if gets_a_place(reader, event)},
        )
    finally:
        db.session.rollback()
