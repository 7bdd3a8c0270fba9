"""A long waiting list does not slow down booking and cancelling."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.event import listen, remove

from tests import make
from tests.conftest import NOW, POSTGRES
from tests.test_plans import EXPLAIN, READS_ALL
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.rules.places import Places
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Person

pytestmark = pytest.mark.postgres

NEXT_MONTH = NOW + timedelta(days=30)


@pytest.mark.parametrize("policies", [{}, make.AUTOMATIC, {"agency_cap": 1}])
def test_joining_and_cancelling_take_fixed_queries(
    app: Flask, queries: Callable[[Callable[[], object]], int], policies: dict[str, Any]
) -> None:
    taken = []
    for waiting in (1, 30):
        event = make.event(starts_at=NEXT_MONTH, capacity=2, policies=policies)
        holders = [make.booking(event), make.booking(event)]
        for _ in range(waiting):
            make.booking(event, status=Status.WAITING)
        event_id, person_id, holder_id = event.id, make.person().id, holders[0].id
        db.session.commit()
        db.session.expunge_all()

        def join(event_id: int = event_id, person_id: int = person_id) -> None:
            person = db.session.get_one(Person, person_id)
            book(person, db.session.get_one(Event, event_id), by=person, now=NOW)

        def give_up(holder_id: int = holder_id) -> None:
            booking = db.session.get_one(Booking, holder_id)
            cancel(booking, by=booking.person, now=NOW)

        taken.append((queries(join), queries(give_up)))
        assert places(db.session.get_one(Event, event_id)) == Places(capacity=2, held=2, waiting=waiting)
        db.session.commit()
        db.session.expunge_all()
    assert taken[0] == taken[1]


@pytest.mark.parametrize("policies", [{}, {"agency_cap": 1}])
def test_booking_queries_use_indexes(app: Flask, policies: dict[str, Any]) -> None:
    course = make.course()
    course.prerequisites = [make.course()]
    event = make.event(course, starts_at=NEXT_MONTH, capacity=1, policies=policies)
    holder, person = make.booking(event), make.person()
    make.booking(event, status=Status.WAITING)
    before = make.event(course.prerequisites[0], starts_at=NOW - timedelta(days=9))
    make.booking(before, person, Status.COMPLETED)
    db.session.commit()
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_rest: object) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            asked.append((statement, given))

    listen(db.engine, "before_cursor_execute", note)
    book(person, event, by=person, now=NOW)
    cancel(holder, by=holder.person, now=NOW)
    remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    if POSTGRES:
        # PostgreSQL reads small tables whole, so this shows the plan for large ones.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    plans = [
        row[-1]
        for statement, given in asked
        for row in connection.exec_driver_sql(f"{EXPLAIN} {statement}", given)
    ]
    assert (bool(plans), [line for line in plans if READS_ALL.search(line)]) == (True, [])
