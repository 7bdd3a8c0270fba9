"""People who came without a booking."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.attendance.registers import Scene, scene, stored_marks
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.attendance.actions import take_off
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.errors import Stale
from training_hub.mail.models import Mail
from training_hub.people.models import Agency, Person

SignIn = Callable[..., PageClient]


def address(trainer: PageClient, on: Scene, email: str) -> Page:
    """The page after the address was sent."""
    return trainer.send(trainer.get(f"/registers/{on.event.id}/walk-in"), "/walk-in", email=email)


def walk_ins() -> list[tuple[str, str, str, Status]]:
    """Every walk-in: name, address, agency as at booking, status."""
    db.session.expire_all()
    rows = db.session.scalars(select(Booking).where(Booking.is_walk_in).order_by(Booking.id))
    return [(row.person.name, row.person.email, row.agency.name, row.status) for row in rows]


def test_a_known_walk_in_is_added_by_address(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    make.person("Wim Walker", of=make.agency("Police"), email="wim@example.org", job_role="Constable")
    trainer = signed_in(on.trainer)
    page = address(trainer, on, " WIM@example.org ")
    assert (page.status, page.h1) == (200, "Is this Wim Walker?")
    assert ("Police" in page.text, "Constable" in page.text) == (False, False)
    assert walk_ins() == []
    page = trainer.send(page, "/walk-in")
    assert (page.h1, "Wim Walker is on the register" in page.text) == ("Register", True)
    assert walk_ins() == [("Wim Walker", "wim@example.org", "Police", Status.COMPLETED)]
    assert [(name, mark) for name, _session, mark in stored_marks()] == [("Wim Walker", "present")]
    assert "1 of 2 marked" in page.text
    assert db.session.scalars(select(Mail)).all() == []


def test_a_new_walk_in_is_added_with_name_and_agency(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    police = make.agency("Police")
    trainer = signed_in(on.trainer)
    page = address(trainer, on, "new@example.org")
    assert (page.status, page.h1) == (200, "Who are they?")
    page = trainer.send(page, "/walk-in")
    assert (page.status, page.title.startswith("Error: Who are they?")) == (422, True)
    assert "Enter their name" in page.text
    page = trainer.send(page, "/walk-in", name="Nia New", agency=str(police.id))
    assert "Nia New is on the register" in page.text
    assert walk_ins() == [("Nia New", "new@example.org", "Police", Status.COMPLETED)]
    person = db.session.scalars(select(Person).where(Person.email == "new@example.org")).one()
    assert (person.is_registered, person.entered_at) == (False, NOW)


def test_naming_an_agency_makes_nobody_its_training_lead(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    police = make.agency("Police")
    lead = make.person("Lea Lead", Role.AGENCY_LEAD, email="lea@example.org")
    # Someone who got the role before it needed an agency has none.
    lead.agency = None
    db.session.commit()
    trainer = signed_in(on.trainer)
    trainer.send(address(trainer, on, "lea@example.org"), "/walk-in", name="Lea", agency=str(police.id))
    assert walk_ins() == [("Lea Lead", "lea@example.org", "Police", Status.COMPLETED)]
    assert Role.AGENCY_LEAD not in db.session.get_one(Person, lead.id).roles


def test_a_typed_agency_is_found_again_in_any_spelling(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    trainer = signed_in(on.trainer)
    page = address(trainer, on, "one@example.org")
    trainer.send(page, "/walk-in", name="One", new_agency="St Mary’s  Nursery")
    page = address(trainer, on, "two@example.org")
    trainer.send(page, "/walk-in", name="Two", new_agency="ST MARY’S NURSERY")
    assert [agency for _name, _email, agency, _status in walk_ins()] == ["St Mary’s Nursery"] * 2
    assert db.session.query(Agency).filter(Agency.name.ilike("st mary%")).count() == 1


def test_a_walk_in_without_a_name_is_asked_for_it(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    db.session.add(Person(email="half@example.org", entered_at=NOW))
    trainer = signed_in(on.trainer)
    page = address(trainer, on, "half@example.org")
    assert page.h1 == "Who are they?"
    trainer.send(page, "/walk-in", name="Hal Half", new_agency="Police")
    assert walk_ins() == [("Hal Half", "half@example.org", "Police", Status.COMPLETED)]


def test_adding_twice_adds_once(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    trainer = signed_in(on.trainer)
    form = {
        **address(trainer, on, "new@example.org").form("/walk-in"),
        "name": "Nia New",
        "new_agency": "Police",
    }
    answers = [trainer.post(f"/registers/{on.event.id}/walk-in", form) for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    assert answers[0].response.location == answers[1].response.location
    again = address(trainer, on, "new@example.org")
    assert "Nia New was on this register already" in again.text
    assert walk_ins() == [("Nia New", "new@example.org", "Police", Status.COMPLETED)]


def test_a_booked_person_keeps_the_place_a_waiting_one_walks_in(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    wanda = make.person("Wanda Waits", email="wanda@example.org")
    waiting = make.booking(on.event, wanda, Status.WAITING)
    trainer = signed_in(on.trainer)
    page = address(trainer, on, on.bookings["Ann"].person.email)
    assert (page.h1, "Ann Shah was on this register already" in page.text) == ("Register", True)
    trainer.send(address(trainer, on, "wanda@example.org"), "/walk-in")
    db.session.expire_all()
    assert waiting.status is Status.WITHDRAWN
    assert on.statuses() == {"Ann": Status.COMPLETED}
    assert [name for name, *_ in walk_ins()] == ["Wanda Waits"]


def test_nobody_is_added_before_the_session_starts(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", starts_at=NOW + timedelta(hours=1))
    page = signed_in(on.trainer).get(f"/registers/{on.event.id}/walk-in")
    assert (page.status, page.h1) == (409, "We could not do that")


def test_a_wrong_address_is_said_in_words(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    page = address(signed_in(on.trainer), on, "nobody")
    assert (page.status, page.title.startswith("Error: ")) == (422, True)
    assert "Enter an email address in the usual form" in page.text


def test_a_walk_in_is_never_a_non_attender_but_can_be_taken_off(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    on.bookings["Wim"] = make.booking(on.event, make.person("Wim Walker"), walk_in=True)
    trainer = signed_in(on.trainer)
    page = trainer.send(trainer.get(on.path), "/1", **on.marks(Ann="present", Wim="absent"))
    assert page.status == 422
    assert "Wim Walker came without a booking, so cannot be absent from the whole course." in page.text
    assert on.statuses() == {"Ann": Status.CONFIRMED, "Wim": Status.CONFIRMED}
    reference = on.bookings["Wim"].reference
    page = trainer.get(f"/registers/{on.event.id}/walk-in/{reference}")
    assert page.h1 == "Take Wim Walker off the register?"
    assert trainer.send(page, reference).status == 422
    page = trainer.send(page, reference, why="Entered twice")
    assert (page.h1, "Wim Walker" in page.text) == ("Register", False)
    assert on.statuses()["Wim"] is Status.WITHDRAWN
    assert on.bookings["Wim"].history[-1].why == "Entered twice"


def test_taking_off_counts_once_and_takes_the_marks_along(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    trainer = signed_in(on.trainer)
    page = address(trainer, on, "new@example.org")
    trainer.send(page, "/walk-in", name="Nia New", new_agency="Police")
    booking = db.session.scalars(select(Booking).where(Booking.is_walk_in)).one()
    path = f"/registers/{on.event.id}/walk-in/{booking.reference}"
    form = {**trainer.get(path).form(booking.reference), "why": "A mistake"}
    assert [trainer.post(path, form).status for _ in range(2)] == [303, 303]
    assert stored_marks() == []
    db.session.expire_all()
    assert [change.became for change in booking.history] == [
        Status.CONFIRMED,
        Status.COMPLETED,
        Status.CONFIRMED,
        Status.WITHDRAWN,
    ]


def test_two_trainers_who_take_off_the_same_walk_in(app: Flask) -> None:
    on = scene("Ann")
    booking = make.booking(on.event, make.person("Wim Walker"), walk_in=True)
    db.session.commit()
    take_off(booking, by=on.trainer, now=NOW, why="Entered twice")
    with pytest.raises(Stale):
        take_off(booking, by=make.person("Tom Trainer"), now=NOW, why="Entered twice")


def test_only_walk_ins_are_taken_off(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    path = f"/registers/{on.event.id}/walk-in/{on.bookings['Ann'].reference}"
    trainer = signed_in(on.trainer)
    assert [trainer.get(path).status, trainer.post(path, {"why": "x"}).status] == [404, 404]
    assert on.statuses() == {"Ann": Status.CONFIRMED}


def test_a_walk_in_on_the_second_day_was_there_in_part(
    app: Flask, signed_in: SignIn, clock: TestClock
) -> None:
    on = scene("Ann", days=2)
    clock.now = NOW + timedelta(days=1)
    trainer = signed_in(on.trainer)
    page = address(trainer, on, "new@example.org")
    trainer.send(page, "/walk-in", name="Nia New", new_agency="Police")
    assert [status for *_, status in walk_ins()] == [Status.CONFIRMED]
    nia = db.session.scalars(select(Booking).where(Booking.is_walk_in)).one()
    trainer.send(trainer.get(on.path), "/1", **{f"mark-{nia.id}": "absent"})
    assert [status for *_, status in walk_ins()] == [Status.PARTIAL]
