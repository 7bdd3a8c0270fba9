"""Reserved places without a name: within the agency's limit, never ahead of people who wait, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from training_hub.access import Role
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.reserved import (
    CannotReserve,
    give_back,
    release_reserved,
    remind_of_reserved,
    reserve,
)
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.rules.availability import NotOpen
from training_hub.bookings.rules.places import Places
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.errors import Stale
from training_hub.mail.models import Mail
from training_hub.people.models import Agency, Person

JUNE = datetime(2025, 6, 12, 8, 30, tzinfo=UTC)
"""A Thursday. Fourteen days before is Thursday 29 May; two working days before that, Tuesday 27 May, after a bank
holiday on Monday 26 May."""
REMINDED = datetime(2025, 5, 27, 7, 0, tzinfo=UTC)
RELEASED = datetime(2025, 5, 28, 23, 0, tzinfo=UTC)


def oak() -> tuple[Agency, Person]:
    """A school and its training lead."""
    agency = make.agency("Oak School")
    return agency, make.person("Lena Lead", Role.AGENCY_LEAD, of=agency, email="lena@oak.example.org")


def kept(event: Event) -> int:
    return places(event).reserved


def mails() -> list[tuple[str, str]]:
    found = db.session.scalars(select(Mail).order_by(Mail.id))
    return [(mail.template, mail.to_email) for mail in found]


def test_places_are_reserved_within_what_is_free_and_the_cap(app: Flask) -> None:
    agency, lead = oak()
    event = make.event(starts_at=JUNE, capacity=5, policies={"agency_cap": 4})
    make.booking(event, make.person(of=agency))
    reserve(event, agency, 2, had=0, by=lead, now=NOW)
    assert places(event) == Places(capacity=5, held=3, waiting=0, reserved=2)
    with pytest.raises(CannotReserve, match="Only 1 more place can be reserved now"):
        reserve(event, agency, 2, had=2, by=lead, now=NOW)
    with pytest.raises(Stale):
        reserve(event, agency, 1, had=0, by=lead, now=NOW)
    reserve(event, agency, 1, had=2, by=lead, now=NOW)
    with pytest.raises(CannotReserve, match="No more places can be reserved now"):
        reserve(event, agency, 1, had=3, by=lead, now=NOW)


def test_places_are_not_reserved_ahead_of_people_waiting(app: Flask) -> None:
    agency, lead = oak()
    event = make.event(starts_at=JUNE, capacity=2, is_list_paused=True)
    make.booking(event, status=Status.WAITING)
    make.booking(event, status=Status.WAITING)
    with pytest.raises(CannotReserve, match="No more places can be reserved now"):
        reserve(event, agency, 1, had=0, by=lead, now=NOW)


def test_a_lead_learns_that_another_lead_reserved_meanwhile(app: Flask) -> None:
    agency, lead = oak()
    other = make.person("Otto Lead", Role.AGENCY_LEAD, of=agency)
    event = make.event(starts_at=JUNE, capacity=5)
    reserve(event, agency, 2, had=0, by=lead, now=NOW)
    with pytest.raises(Stale):
        reserve(event, agency, 2, had=0, by=other, now=NOW)
    reserve(event, agency, 2, had=2, by=other, now=NOW)
    assert kept(event) == 4


def test_places_given_back_go_to_the_waiting_list(app: Flask) -> None:
    agency, lead = oak()
    event = make.event(starts_at=JUNE, capacity=3, policies=make.AUTOMATIC)
    reserve(event, agency, 3, had=0, by=lead, now=NOW)
    first, second = (
        make.booking(event, status=Status.WAITING, asked_at=NOW + timedelta(minutes=number))
        for number in range(2)
    )
    give_back(event, agency, 1, had=3, by=lead, now=NOW)
    with pytest.raises(Stale):
        give_back(event, agency, 1, had=3, by=lead, now=NOW)
    assert [first.status, second.status] == [Status.CONFIRMED, Status.WAITING]
    assert places(event) == Places(capacity=3, held=3, waiting=1, reserved=2)
    with pytest.raises(CannotReserve, match="Only 2 places can be given back"):
        give_back(event, agency, 3, had=2, by=lead, now=NOW)


def test_agency_is_reminded_once_and_told_of_release_once(
    app: Flask,
) -> None:
    agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=JUNE, capacity=2, policies=make.AUTOMATIC)
    reserve(event, agency, 2, had=0, by=lead, now=NOW)
    waits = make.booking(event, status=Status.WAITING)
    db.session.commit()
    assert remind_of_reserved(now=REMINDED - timedelta(minutes=1)) == 0
    assert [remind_of_reserved(now=REMINDED) for _ in range(2)] == [1, 0]
    assert release_reserved(now=RELEASED - timedelta(minutes=1)) == 0
    assert [release_reserved(now=RELEASED) for _ in range(2)] == [2, 0]
    db.session.expire_all()
    assert waits.status is Status.CONFIRMED
    assert kept(event) == 0
    ended = db.session.scalars(select(ReservedPlace)).all()
    assert [(place.ended_by_id, place.booking_id, place.ended_at) for place in ended] == [
        (None, None, RELEASED)
    ] * 2
    assert mails() == [
        ("reserved_soon", "lena@oak.example.org"),
        ("reserved_released", "lena@oak.example.org"),
        ("booking_place_found", waits.person.email),
    ]
    soon, released = db.session.scalars(select(Mail).order_by(Mail.id).limit(2)).all()
    assert "Oak School has 2 reserved places without a name." in soon.text
    assert "From Thursday 29 May 2025 anyone can book them." in soon.text
    assert (soon.next_try_at, soon.expires_at) == (REMINDED, RELEASED)
    assert (
        "Oak School did not name anyone for 2 reserved places, so anyone can now book them." in released.text
    )


def test_late_reservation_gets_no_reminder(
    app: Flask,
) -> None:
    agency, lead = oak()
    event = make.event(starts_at=JUNE)
    later = REMINDED + timedelta(hours=1)
    reserve(event, agency, 1, had=0, by=lead, now=later)
    db.session.commit()
    assert remind_of_reserved(now=later) == 0
    with pytest.raises(NotOpen, match="You could reserve places until Thursday 29 May 2025"):
        reserve(event, agency, 1, had=1, by=lead, now=RELEASED)


def test_agency_without_lead_is_told_through_the_reserver(app: Flask) -> None:
    agency, officer = make.agency("Elm School"), make.officer()
    event = make.event(starts_at=JUNE)
    reserve(event, agency, 1, had=0, by=officer, now=NOW)
    db.session.commit()
    release_reserved(now=RELEASED)
    assert mails() == [("reserved_released", officer.email)]


def test_call_off_ends_reserved_places(app: Flask) -> None:
    agency, lead = oak()
    event = make.event(make.course("Neglect"), starts_at=JUNE, capacity=1)
    reserve(event, agency, 1, had=0, by=lead, now=NOW)
    waits = make.booking(event, status=Status.WAITING)
    cancel_event(event, by=make.officer(), now=NOW, reason="The trainer is ill.")
    assert kept(event) == 0
    assert waits.status is Status.EVENT_CANCELLED
    assert mails() == [
        ("reserved_released", "lena@oak.example.org"),
        ("event_called_off", waits.person.email),
    ]
    text = db.session.scalars(select(Mail.text).order_by(Mail.id)).first()
    assert text is not None
    assert "The course date has been called off, so Oak School no longer has 1 reserved place on it." in text
    assert db.session.scalars(select(Booking.status)).all() == [Status.EVENT_CANCELLED]
