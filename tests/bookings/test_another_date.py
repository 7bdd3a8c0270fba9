"""People who wait at a full date are told once about another date with places, and keep their turn."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.event import listen, remove

from tests import make
from tests.bookings.told import folded, mail
from tests.bookings.wanting import HOUR, SOON, a_date, letters, wants
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub import worker
from training_hub.bookings.actions.another_date import tell_of_another_date
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.interest import TOLD_AT_ONCE, offer_new_dates, offer_to_interested
from training_hub.bookings.actions.waiting_list import fill_free_places
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db
from training_hub.people.models import Agency, Person, Sector

SignIn = Callable[..., PageClient]
S = Status
LATER = SOON + timedelta(days=7)


def full(course: Course, *names: str, of: Agency | None = None) -> tuple[Event, list[Booking]]:
    """A full date of `course`, and the turns of people of these names on its list."""
    event = make.event(course, starts_at=SOON, capacity=1)
    make.booking(event)
    turns = [make.booking(event, make.person(name, of=of), S.WAITING) for name in names]
    db.session.commit()
    return event, turns


def new(course: Course, **columns: Any) -> Event:
    """A date whose places the worker has not found yet."""
    return make.event(course, **{"has_places_since": None, **columns})


def told(*, now: Any = NOW) -> int:
    return tell_of_another_date(now=now)


def test_new_date_is_told_once_to_people_waiting_elsewhere(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    _first, (ann, ben) = full(course, "Ann", "Ben")
    date = new(course, starts_at=LATER, capacity=2, venue=make.venue(), status=EventStatus.DRAFT)
    db.session.commit()
    assert told() == 0
    officer = signed_in(make.officer())
    officer.send(officer.get(f"/manage/dates/{date.id}"), "/publish")
    worker_order = worker.EACH_MINUTE
    assert worker_order.index(fill_free_places) < worker_order.index(tell_of_another_date)
    assert [told(), told(now=NOW + HOUR)] == [2, 0]
    assert letters() == [("Ann", "another_date"), ("Ben", "another_date")]
    letter = mail("another_date", "Ann")
    assert letter.subject == "Neglect: another date has places, Thursday 12 June 2025"
    for words in (
        "There is now another date of Neglect with places available: Thursday 12 June 2025.",
        "2 places are available now. Places go to the first people who book.",
        "You stay on the waiting list for Thursday 5 June 2025, whether you book this date or not.",
        ann.reference,
        f"http://localhost/dates/{date.id}/book",
    ):
        assert (words in folded(letter.text), words in folded(letter.html)) == (True, True)
    assert [ann.status, ben.status] == [S.WAITING, S.WAITING]
    browser = signed_in(ann.person)
    page = browser.get(f"/dates/{date.id}/book")
    assert "You get a place straight away" in page.text
    book(ann.person, date, by=ann.person, now=NOW)
    assert ann.status is S.WAITING


def test_freed_place_is_told_once_to_people_waiting_elsewhere(app: Flask) -> None:
    course = make.course("Neglect")
    full(course, "Ann")
    date = new(course, starts_at=LATER, capacity=1)
    place = make.booking(date)
    db.session.commit()
    assert told() == 0
    for _ in range(2):
        cancel(place, by=place.person, now=NOW, reason="Ill")
        db.session.commit()
        told()
        place = book(make.person(), date, by=place.person, now=NOW)
        db.session.commit()
    assert [row for row in letters() if row[1] == "another_date"] == [("Ann", "another_date")]
    new(course, starts_at=LATER + timedelta(days=7))
    db.session.commit()
    assert told() == 1


def test_people_waiting_since_a_date_had_places_are_not_told(app: Flask) -> None:
    course = make.course("Neglect")
    full(course, "Before")
    date = new(course, starts_at=LATER, capacity=1)
    db.session.commit()
    assert told() == 1
    after = make.booking(full(course)[0], make.person("After"), S.WAITING, asked_at=NOW + HOUR)
    db.session.commit()
    assert told(now=NOW + 2 * HOUR) == 0
    # Once it has been full, its places are news to them too.
    place = book(make.person(), date, by=after.person, now=NOW + 3 * HOUR)
    db.session.commit()
    assert told(now=NOW + 3 * HOUR) == 0
    cancel(place, by=place.person, now=NOW + 4 * HOUR, reason="Ill")
    db.session.commit()
    assert [told(now=NOW + 4 * HOUR) for _ in range(2)] == [1, 0]
    assert [row for row in letters() if row[1] == "another_date"] == [
        ("Before", "another_date"),
        ("After", "another_date"),
    ]


def test_a_place_that_others_wait_for_is_not_announced(app: Flask) -> None:
    course = make.course("Neglect")
    full(course, "Ann")
    date = new(course, starts_at=LATER, capacity=1, is_list_paused=True)
    make.booking(date, make.person("Own"), S.WAITING)
    db.session.commit()
    assert (told(), letters()) == (0, [])


@pytest.mark.parametrize(
    "shut",
    [
        {"status": EventStatus.CALLED_OFF},
        {"starts_at": NOW + timedelta(days=1)},
        {"policies": {"opens_days": 5}},
        {"interested_told_at": None},
    ],
)
def test_a_date_that_cannot_be_booked_is_told_to_nobody(app: Flask, shut: dict[str, Any]) -> None:
    course = make.course("Neglect")
    full(course, "Ann")
    new(course, **{"starts_at": LATER, **shut})
    other = make.course("Another course")
    new(other, starts_at=LATER)
    db.session.commit()
    assert (told(), letters()) == (0, [])


def test_another_date_skips_people_booked_or_not_eligible(app: Flask) -> None:
    course = make.course("Neglect")
    oak, elm, health = make.agency("Oak"), make.agency("Elm"), make.agency("Hospital", Sector.HEALTH)
    names = ("Placed", "Was here", "Closed", "Told of")
    _event, (placed, was_here, closed, _told_of) = full(course, *names, of=elm)
    full(course, "Nurse", of=health)
    full(course, "Share used", of=oak)
    date = new(
        course, starts_at=LATER, policies={"sectors": ["school"], "agency_cap": 1, "cap_released_days": 1}
    )
    make.booking(date, make.person(of=oak))
    make.booking(new(course, starts_at=LATER, capacity=1), placed.person)
    make.booking(date, was_here.person, S.CANCELLED)
    closed.person.is_active = False
    # Two turns are one person.
    second, _ = full(course)
    make.booking(second, db.session.scalars(select(Person).where(Person.name == "Told of")).one(), S.WAITING)
    db.session.commit()
    assert told() == 1
    assert letters() == [("Told of", "another_date")]


def test_interested_person_hears_of_a_date_once(app: Flask) -> None:
    course = make.course("Neglect")
    (both,) = wants(course, "Both")
    first, _ = full(course)
    make.booking(first, both, S.WAITING)
    date = a_date(course, capacity=5, starts_at=LATER)
    db.session.commit()
    assert told() == 0
    offer_new_dates(now=NOW)
    assert told() == 0
    assert letters() == [("Both", "runs_again_offered")]
    # Where their line manager approves, they are told to ask for themselves, and once.
    approved = a_date(course, starts_at=LATER + timedelta(days=7), policies={"approval": "line manager"})
    cancel(db.session.scalars(select(Booking).where(Booking.event_id == date.id)).one(), by=both, now=NOW)
    db.session.commit()
    offer_new_dates(now=NOW)
    assert told() == 0
    assert [row[1] for row in letters()][-1] == "runs_again"
    assert approved.interested_told_at == NOW


def test_turn_from_interest_is_said_to_end_with_a_place(app: Flask) -> None:
    course = make.course("Neglect")
    wants(course, "Ann")
    offer_to_interested(a_date(course, policies={"waiting_list": "manual"}), now=NOW)
    new(course, starts_at=LATER)
    db.session.commit()
    assert told(now=NOW + HOUR) == 1
    letter = mail("another_date", "Ann")
    words = (
        "You stay on the waiting list for Thursday 5 June 2025 until you have a place. "
        "If you book this date, you come off that list."
    )
    assert (words in folded(letter.text), words in folded(letter.html)) == (True, True)


def test_many_are_told_in_short_steps_each_once(app: Flask) -> None:
    course = make.course("Neglect")
    full(course, *(f"Person {number:02}" for number in range(2 * TOLD_AT_ONCE + 1)), of=make.agency())
    new(course, starts_at=LATER)
    db.session.commit()
    ended: list[object] = []

    def end(connection: object) -> None:
        ended.append(connection)

    listen(db.engine, "commit", end)
    assert told() == 2 * TOLD_AT_ONCE + 1
    remove(db.engine, "commit", end)
    # Two transactions note which dates have places, three tell people, and one finds nobody left.
    assert len(ended) == 2 + 3 + 1
    ended.clear()
    listen(db.engine, "commit", end)
    assert (told(now=NOW + HOUR), len(ended)) == (0, 0)
    remove(db.engine, "commit", end)
    assert [name for name, _template in letters()] == [
        f"Person {number:02}" for number in range(2 * TOLD_AT_ONCE + 1)
    ]
