"""Places: given, waited for, passed on."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from training_hub.bookings.actions.approval import approve
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.reminders import remind_due
from training_hub.bookings.actions.substitute import substitute
from training_hub.bookings.actions.undo import undo
from training_hub.bookings.actions.waiting_list import take_offer
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.rules.claims import Decided
from training_hub.bookings.rules.places import Places
from training_hub.database import db
from training_hub.mail.models import Mail

pytestmark = pytest.mark.postgres

NEXT_MONTH = NOW + timedelta(days=30)


def statuses(event_id: int) -> list[tuple[str, Status]]:
    db.session.expire_all()
    rows = db.session.scalars(select(Booking).where(Booking.event_id == event_id).order_by(Booking.id))
    return [(booking.person.name, booking.status) for booking in rows]


def test_the_first_person_waiting_gets_a_cancelled_place(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1, policies=make.AUTOMATIC)
    ann, ben, cat = make.person("Ann"), make.person("Ben"), make.person("Cat")
    first = book(ann, event, by=ann, now=NOW)
    book(ben, event, by=ben, now=NOW + timedelta(minutes=1))
    book(cat, event, by=cat, now=NOW + timedelta(minutes=2))
    cancel(first, by=ann, now=NOW + timedelta(minutes=3), reason="On leave")
    assert statuses(event.id) == [
        ("Ann", Status.CANCELLED),
        ("Ben", Status.CONFIRMED),
        ("Cat", Status.WAITING),
    ]
    assert places(event) == Places(capacity=1, held=1, waiting=1)


def test_each_change_has_its_history_row_and_its_mail_once(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1)
    ann = make.person("Ann")
    booking = book(ann, event, by=ann, now=NOW)
    again = book(ann, event, by=ann, now=NOW)
    assert again is booking
    cancel(booking, by=ann, now=NOW, reason="On leave")
    assert [(row.was, row.became, row.why) for row in booking.history] == [
        (None, Status.CONFIRMED, ""),
        (Status.CONFIRMED, Status.CANCELLED, "On leave"),
    ]
    assert db.session.scalars(select(Mail.template).order_by(Mail.id)).all() == [
        "booking_confirmed",
        "booking_cancelled",
    ]


def test_restored_place_is_in_calendar_and_reminded(
    app: Flask,
) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1, policies=make.AUTOMATIC)
    school, officer = make.agency(), make.officer()
    ann, ben = make.person("Ann", of=school), make.person("Ben", of=school)
    first = book(ann, event, by=ann, now=NOW)
    passed = substitute(first, name="Ben", email=ben.email, by=ann, now=NOW)
    db.session.commit()
    reminded = NEXT_MONTH - timedelta(days=13)
    assert remind_due(now=reminded) == 1
    undo(first, Status.CONFIRMED, by=officer, now=NOW, reason="Ann can come after all")
    undo(passed, Status.WAITING, by=officer, now=NOW, reason="Ben would still like to come")
    cancel(first, by=ann, now=NOW, reason="On leave")
    assert passed.status is Status.CONFIRMED
    told = db.session.scalars(
        select(Mail.calendar).where(Mail.to_email == ben.email, Mail.calendar != "").order_by(Mail.id)
    )
    # A calendar ignores lower sequence numbers than it has seen.
    methods = [re.findall(r"(?:METHOD|SEQUENCE):(\S+)", text) for text in told]
    assert methods == [["REQUEST", "0"], ["CANCEL", "1"], ["REQUEST", "2"]]
    db.session.commit()
    assert remind_due(now=reminded) == 1


def test_substitute_frees_their_offer_for_the_next(app: Flask) -> None:
    event, school = make.event(starts_at=NEXT_MONTH, capacity=2), make.agency()
    ann, ben = make.person("Ann", of=school), make.person("Ben", of=school)
    first = make.booking(event, ann)
    make.booking(event, ben, Status.OFFERED)
    make.booking(event, make.person("Cat"), Status.WAITING)
    substitute(first, name="Ben", email=ben.email, by=ann, now=NOW)
    assert statuses(event.id) == [
        ("Ann", Status.SUBSTITUTED),
        ("Ben", Status.WITHDRAWN),
        ("Cat", Status.OFFERED),
        ("Ben", Status.CONFIRMED),
    ]


@pytest.mark.parametrize(
    ("status", "take"),
    [(Status.OFFERED, take_offer), (Status.REQUESTED, approve)],
)
def test_offers_and_requests_end_at_the_moved_start(
    app: Flask, status: Status, take: Callable[..., None]
) -> None:
    event = make.event(starts_at=NOW - timedelta(hours=1))
    booking = make.booking(event, status=status, decide_by=NOW + timedelta(days=1))
    with pytest.raises(Decided):
        take(booking, by=booking.person, now=NOW)
    assert booking.status is status
