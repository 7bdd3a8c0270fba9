"""Many people book and cancel at the same moment: no place is lost or given twice, and nobody sees an error."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.races.crowd import SIZE, Answer, Crowd, Errand
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.bookings.rules import availability as availability_rules
from training_hub.catalogue.models import Event
from training_hub.config import Settings
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Person

pytestmark = pytest.mark.postgres

NEXT_MONTH = NOW + timedelta(days=30)


def to_book(person: Person, event: Event) -> Errand:
    return Errand(person.get_id(), f"/dates/{event.id}/book", {"step": "confirm", "offered": "place"})


def to_cancel(booking: Booking) -> Errand:
    return Errand(booking.person.get_id(), f"/bookings/{booking.reference}/cancel", {"reason": "On leave"})


def in_eight(errands: list[Errand]) -> list[list[Errand]]:
    """Deal these to the processes in turn."""
    return [errands[number::SIZE] for number in range(SIZE)]


def fresh(event_id: int) -> Event:
    """The event, as the other processes left it."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Event, event_id)


@pytest.mark.parametrize(("places", "each"), [(1, 1), (3, 1), (5, 4)])
def test_last_places_are_booked_once_and_others_wait_in_order(
    app: Flask, settings: Settings, crowd: Crowd, places: int, each: int
) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=places)
    people = [make.person() for _ in range(SIZE * each)]
    db.session.commit()
    errands = in_eight([to_book(person, event) for person in people])
    answers = [answer for several in crowd.send(settings, NOW, errands) for answer in several]

    waiting_for = len(people) - places
    assert sorted(answers, key=repr) == sorted(
        [Answer(303, 200, "Your place is booked")] * places
        + [Answer(303, 200, "You are on the waiting list")] * waiting_for,
        key=repr,
    )
    event = fresh(event.id)
    assert availability_queries.places(event) == availability_rules.Places(
        capacity=places, held=places, waiting=waiting_for
    )
    listed = waiting_list_queries.first_waiting(event, len(people))
    assert [waiting_list_queries.waiting_position(booking) for booking in listed] == list(
        range(1, waiting_for + 1)
    )
    assert [told_position(booking) for booking in listed] == list(range(1, waiting_for + 1))


def told_position(booking: Booking) -> int:
    """The position that the email gave when the person joined the waiting list."""
    text = db.session.scalars(
        select(Mail.text).where(Mail.key.like(f"booking:{booking.reference}:%:waiting"))
    ).one()
    found = re.search(r"number (\d+) on the waiting list", text)
    assert found is not None
    return int(found[1])


def test_places_cancelled_at_once_go_to_one_person_each(app: Flask, settings: Settings, crowd: Crowd) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=SIZE, policies=make.AUTOMATIC)
    holders = [make.booking(event) for _ in range(SIZE)]
    waiting = [
        make.booking(event, status=Status.WAITING, asked_at=NOW - timedelta(minutes=60 - number))
        for number in range(SIZE + 4)
    ]
    ids = [booking.id for booking in waiting]
    db.session.commit()
    answers = crowd.send(settings, NOW, [[to_cancel(booking)] for booking in holders])

    assert answers == [[Answer(303, 200, "Your place is cancelled")]] * SIZE
    event = fresh(event.id)
    assert availability_queries.places(event) == availability_rules.Places(
        capacity=SIZE, held=SIZE, waiting=4
    )
    assert [booking.id for booking in waiting_list_queries.first_waiting(event, 99)] == ids[SIZE:]
    promoted = db.session.scalars(
        select(BookingChange.booking_id)
        .where(BookingChange.was == Status.WAITING, BookingChange.became == Status.CONFIRMED)
        .order_by(BookingChange.booking_id)
    ).all()
    assert promoted == ids[:SIZE]
    told = db.session.scalars(select(Mail.id).where(Mail.template == "booking_place_found")).all()
    assert len(told) == SIZE


def test_places_are_booked_and_cancelled_at_the_same_moment(
    app: Flask, settings: Settings, crowd: Crowd
) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=4)
    holders = [make.booking(event) for _ in range(4)]
    newcomers = [make.person() for _ in range(4)]
    db.session.commit()
    errands = [[to_cancel(booking)] for booking in holders] + [
        [to_book(person, event)] for person in newcomers
    ]
    answers = crowd.send(settings, NOW, errands)

    assert [(answer.sent, answer.page) for (answer,) in answers] == [(303, 200)] * SIZE
    # Four cancelled and four booked: in any order, each new person has a place and nobody waits.
    assert availability_queries.places(fresh(event.id)) == availability_rules.Places(
        capacity=4, held=4, waiting=0
    )


def test_one_person_booking_eight_times_at_once_books_once(
    app: Flask, settings: Settings, crowd: Crowd
) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=4)
    person = make.person()
    db.session.commit()
    answers = crowd.send(settings, NOW, [[to_book(person, event)]] * SIZE)

    assert answers == [[Answer(303, 200, "Your place is booked")]] * SIZE
    assert availability_queries.places(fresh(event.id)) == availability_rules.Places(
        capacity=4, held=1, waiting=0
    )
    assert len(db.session.scalars(select(Booking.id)).all()) == 1
    assert len(db.session.scalars(select(Mail.id)).all()) == 1


def test_place_cancelled_eight_times_at_once_passes_on_once(
    app: Flask, settings: Settings, crowd: Crowd
) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1, policies=make.AUTOMATIC)
    booking = make.booking(event)
    for number in range(3):
        make.booking(event, status=Status.WAITING, asked_at=NOW - timedelta(minutes=9 - number))
    db.session.commit()
    answers = crowd.send(settings, NOW, [[to_cancel(booking)]] * SIZE)

    answered = sorted((answer.sent, answer.heading) for (answer,) in answers)
    assert answered == [(303, "Your place is cancelled")] + [(409, "We could not do that")] * 7
    assert availability_queries.places(fresh(event.id)) == availability_rules.Places(
        capacity=1, held=1, waiting=2
    )
    told = db.session.scalars(select(Mail.template).order_by(Mail.id)).all()
    assert told == ["booking_cancelled", "booking_place_found"]


def test_eight_workers_remind_each_person_once(app: Flask, settings: Settings, crowd: Crowd) -> None:
    for _ in range(3):
        event = make.event(starts_at=NEXT_MONTH)
        for _ in range(4):
            make.booking(event, asked_at=NOW)
    db.session.commit()
    counts = crowd.remind(settings, NEXT_MONTH - timedelta(days=14))

    assert sum(counts) == 12
    db.session.rollback()
    assert db.session.scalars(select(Mail.template)).all() == ["booking_reminder"] * 12
