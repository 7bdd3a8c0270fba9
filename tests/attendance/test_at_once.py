"""Two people at one register at the same moment."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.attendance.registers import mark_history, scene
from tests.page_client import PageClient
from tests.sign_in.test_races import at_once, sender
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventTrainer
from training_hub.database import db
from training_hub.people.models import Agency, Person

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]


def test_a_newcomer_added_by_four_at_once_is_stored_once(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    trainer = signed_in(on.trainer)
    path = f"/registers/{on.event.id}/walk-in"
    page = trainer.send(trainer.get(path), "/walk-in", email="new@example.org")
    form = {**page.form("/walk-in"), "name": "Nia New", "new_agency": "Police"}
    assert at_once(*[sender(app, trainer, path, form) for _ in range(4)]) == [303] * 4
    db.session.expire_all()
    walk_ins = db.session.scalars(select(Booking).where(Booking.is_walk_in)).all()
    assert [(row.person.name, row.status) for row in walk_ins] == [("Nia New", Status.COMPLETED)]
    assert [name for name, *_ in mark_history()] == ["Nia New"]
    assert db.session.query(Person).filter_by(email="new@example.org").count() == 1
    assert db.session.query(Agency).filter_by(name="Police").count() == 1


def test_the_second_of_two_marks_at_once_is_shown_the_first(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann")
    other = make.person("Tom Trainer", *(on.trainer.roles))
    db.session.add(EventTrainer(event_id=on.event.id, person_id=other.id))
    acts = []
    for person, mark in ((on.trainer, "present"), (other, "absent")):
        browser = signed_in(person)
        form = {**browser.get(on.path).form("/1"), **on.marks(Ann=mark)}
        acts.append(sender(app, browser, on.path, form))
    db.session.commit()
    assert at_once(*acts) == [303, 409]
    outcome = on.statuses()["Ann"]
    assert outcome in {Status.COMPLETED, Status.DID_NOT_ATTEND}
    assert [became for _, _, became, _, _ in mark_history()] == [
        "present" if outcome is Status.COMPLETED else "absent"
    ]
