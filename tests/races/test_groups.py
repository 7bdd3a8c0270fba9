"""Several training leads book at the same moment: no place is given twice, and groups stay whole."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.races.crowd import SIZE, Answer, Crowd, Errand
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.catalogue.models import Event
from training_hub.config import Settings
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Person

pytestmark = pytest.mark.postgres

NEXT_MONTH = NOW + timedelta(days=30)


def to_book(lead: Person, event: Event, number: int, how: str) -> Errand:
    people = "\n".join(f"P{number} {each}, p{number}.{each}@example.org" for each in "ab")
    return Errand(
        lead.get_id(), f"/dates/{event.id}/group", {"step": "confirm", "how": how, "people": people}
    )


def leads() -> list[Person]:
    """A training lead of each of eight agencies."""
    return [make.person("", Role.AGENCY_LEAD) for _ in range(SIZE)]


def statuses(event_id: int) -> list[Status]:
    db.session.rollback()
    found = db.session.scalars(select(Booking.status).where(Booking.event_id == event_id))
    return sorted(found, key=lambda status: status.value)


def test_all_or_nothing_groups_are_never_booked_in_part(app: Flask, settings: Settings, crowd: Crowd) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=5)
    errands = [[to_book(lead, event, number, "all")] for number, lead in enumerate(leads())]
    db.session.commit()
    answers = [answer for (answer,) in crowd.send(settings, NOW, errands)]
    assert sorted(answers, key=repr) == [
        *[Answer(303, 200, "2 people have a place")] * 2,
        *[Answer(409, 409, "Check the list")] * 6,
    ]
    assert statuses(event.id) == [Status.CONFIRMED] * 4
    # People who were not booked are not entered and get no email.
    assert len(db.session.scalars(select(Person.id).where(Person.email.like("p%.a@example.org"))).all()) == 2
    assert len(db.session.scalars(select(Mail.id)).all()) == 4


def test_as_many_as_fit_from_eight_lists_fill_the_last_places(
    app: Flask, settings: Settings, crowd: Crowd
) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=5)
    errands = [[to_book(lead, event, number, "most")] for number, lead in enumerate(leads())]
    db.session.commit()
    answers = [answer for (answer,) in crowd.send(settings, NOW, errands)]
    assert {(answer.sent, answer.page) for answer in answers} == {(303, 200)}
    assert statuses(event.id) == [Status.CONFIRMED] * 5 + [Status.WAITING] * 11
    listed = waiting_list_queries.first_waiting(db.session.get_one(Event, event.id), 99)
    assert [waiting_list_queries.waiting_position(booking) for booking in listed] == list(range(1, 12))


def test_one_group_list_sent_eight_times_is_booked_once(app: Flask, settings: Settings, crowd: Crowd) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=5)
    lead = leads()[0]
    db.session.commit()
    answers = crowd.send(settings, NOW, [[to_book(lead, event, 1, "all")]] * SIZE)
    assert answers == [[Answer(303, 200, "2 people have a place")]] * SIZE
    assert statuses(event.id) == [Status.CONFIRMED] * 2
    assert len(db.session.scalars(select(Mail.id)).all()) == 2


def test_eight_agencies_cannot_reserve_more_places_than_are_free(
    app: Flask, settings: Settings, crowd: Crowd
) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=5)
    several = leads()
    db.session.commit()
    path = f"/dates/{event.id}/reserve"
    errands = [[Errand(lead.get_id(), path, {"number": "2", "answer": "reserve"})] for lead in several]
    answers = [answer for (answer,) in crowd.send(settings, NOW, errands)]
    assert sorted(answer.sent for answer in answers) == [303] * 2 + [422] * 6
    db.session.rollback()
    assert len(db.session.scalars(select(ReservedPlace.id)).all()) == 4


def test_new_person_named_by_eight_agencies_gets_one_agency(
    app: Flask, settings: Settings, crowd: Crowd
) -> None:
    # At a date each, so that nothing but the address is between them.
    errands = [[to_book(lead, make.event(starts_at=NEXT_MONTH), 1, "all")] for lead in leads()]
    db.session.commit()
    answers = [answer for (answer,) in crowd.send(settings, NOW, errands)]
    assert sorted(answer.sent for answer in answers) == [303] + [409] * 7
    db.session.rollback()
    booked = db.session.scalars(select(Booking).order_by(Booking.id)).all()
    assert [booking.person.email for booking in booked] == ["p1.a@example.org", "p1.b@example.org"]
    assert len({booking.agency_id for booking in booked}) == 1
    assert [booking.person.agency_id for booking in booked] == [booking.agency_id for booking in booked]
