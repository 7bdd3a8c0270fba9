"""Called off dates and low numbers, in eight processes at the same moment."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.races.crowd import SIZE, Answer, Crowd, Errand
from training_hub.bookings.actions import call_off as call_off_actions
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.config import Settings
from training_hub.database import db
from training_hub.mail.models import Mail

pytestmark = pytest.mark.postgres

NEXT_MONTH = NOW + timedelta(days=30)


def test_two_replacements_chosen_at_once_make_one_booking(
    app: Flask, settings: Settings, crowd: Crowd
) -> None:
    course = make.course()
    event = make.event(course, starts_at=NEXT_MONTH)
    others = [make.event(course, starts_at=NEXT_MONTH + timedelta(days=day)) for day in (7, 14)]
    booking = make.booking(event)
    call_off_actions.cancel_event(event, by=make.officer(), now=NOW, reason="Snow")
    db.session.commit()
    person, path = booking.person.get_id(), f"/bookings/{booking.reference}/other-dates"
    answers = crowd.send(
        settings,
        NOW,
        [[Errand(person, path, {"event_id": str(others[number % 2].id)})] for number in range(SIZE)],
    )
    assert answers == [[Answer(303, 200, "Your place is booked")]] * SIZE
    db.session.rollback()
    statuses = db.session.scalars(select(Booking.status).order_by(Booking.id)).all()
    assert statuses == [Status.EVENT_CANCELLED, Status.CONFIRMED]


def test_several_workers_report_low_numbers_once(app: Flask, settings: Settings, crowd: Crowd) -> None:
    make.event(starts_at=NOW + timedelta(days=9))
    make.officer("Olive"), make.officer("Oscar")
    db.session.commit()
    assert sum(crowd.alert(settings, NOW)) == 2
    db.session.rollback()
    assert db.session.scalars(select(Mail.to_name).order_by(Mail.to_name)).all() == ["Olive", "Oscar"]
