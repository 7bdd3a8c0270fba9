"""Everyone at one event, as officers and trainers see them, and calling it off."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus
from training_hub.database import db
from training_hub.mail.models import Mail

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
NEXT_MONTH = NOW + timedelta(days=30)


def test_event_bookings_page_is_for_officers_and_trainers(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Tess", Role.TRAINER)
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=2, trainers=(trainer,))
    oak = make.agency("Oak School")
    zoe = make.booking(event, make.person("Zoe", of=oak))
    make.booking(event, make.person("Ann", of=oak))
    late = make.booking(event, make.person("Late"), Status.WAITING, asked_at=NOW - timedelta(hours=1))
    first = make.booking(event, make.person("First"), Status.WAITING, asked_at=NOW - timedelta(hours=2))
    gone = make.booking(event, make.person("Gone"), Status.CANCELLED)
    for booking, access in ((zoe, "Hearing loop"), (late, "Large print"), (gone, "Not to be seen")):
        db.session.add(BookingNeeds(booking_id=booking.id, access=access))
    elsewhere = make.booking(make.event(starts_at=NEXT_MONTH), make.person("Elsewhere"))
    db.session.add(BookingNeeds(booking_id=elsewhere.id, access="Another event's"))
    officer = make.officer()
    db.session.commit()
    for person in (officer, trainer):
        page = signed_in(person).get(f"/manage/dates/{event.id}/bookings")
        names = [text for href, text in page.links if href.startswith("/bookings/TH-")]
        assert names == ["Ann", "Zoe", "First", "Late", "Gone"]
        for words in (
            "Booked (2)",
            "Waiting (2)",
            "No longer booked or waiting (1)",
            "Oak School",
            "Hearing loop",
        ):
            assert words in page.text
        # Officers see the needs of a person who waits. Trainers do not yet.
        assert ("Large print" in page.html) is (person is officer)
        for words in ("Not to be seen", "Another event's", "Elsewhere"):
            assert words not in page.text
    assert [text for _, text in signed_in(trainer).get(f"/manage/dates/{event.id}/bookings").links].count(
        "Call off this course date"
    ) == 0
    assert first.status is Status.WAITING


def test_nobody_else_sees_who_is_booked(app: Flask, signed_in: SignIn) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    booking = make.booking(event, make.person("Ann Archer"))
    db.session.add(BookingNeeds(booking_id=booking.id, access="Hearing loop"))
    trainer = make.person("Ted", Role.TRAINER)
    make.event(starts_at=NEXT_MONTH, trainers=(trainer,))
    others = [
        trainer,
        booking.person,
        make.person("Mo", Role.HUB_MEMBER),
        make.person("Ada", Role.ADMINISTRATOR),
    ]
    db.session.commit()
    for person in others:
        page = signed_in(person).get(f"/manage/dates/{event.id}/bookings")
        assert page.status == 404
        assert "Hearing loop" not in page.html
        assert "Neglect" not in page.html


def test_event_bookings_page_takes_fixed_queries(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    make.booking(event)
    officer = make.officer()
    db.session.commit()
    browser = signed_in(officer)
    address = f"/manage/dates/{event.id}/bookings"
    few = queries(lambda: browser.get(address))
    for status in (Status.CONFIRMED, Status.WAITING, Status.CANCELLED):
        booking = make.booking(event, status=status)
        db.session.add(BookingNeeds(booking_id=booking.id, access="Hearing loop"))
    db.session.commit()
    assert queries(lambda: browser.get(address)) == few


def test_calling_off_says_how_many_are_told_and_then_tells_them(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=NEXT_MONTH, capacity=2)
    make.event(course, starts_at=NEXT_MONTH + timedelta(days=14))
    for name in ("Ann", "Ben", "Cat"):
        person = make.person(name)
        book(person, event, by=person, now=NOW)
    gone = make.booking(event, make.person("Gone"), Status.CANCELLED)
    officer = make.officer("Olive")
    db.session.commit()
    browser = signed_in(officer)

    ask = browser.get(f"/manage/dates/{event.id}/call-off")
    refused = browser.post(f"/manage/dates/{event.id}/call-off", {**ask.form("/call-off"), "step": "check"})
    assert refused.status == 422
    assert "Say why the course date is called off" in refused.text
    check = browser.post(
        f"/manage/dates/{event.id}/call-off", {"reason": "The trainer is ill.", "step": "check"}
    )
    assert (check.status, check.h1) == (200, "Check before you call off this course date")
    assert "3 people will be told" in check.text
    assert event.status is EventStatus.PUBLISHED
    confirm = {**check.form("/call-off"), "step": "confirm"}
    answers = [browser.post(f"/manage/dates/{event.id}/call-off", confirm) for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    page = browser.follow(answers[0])
    assert "The course date has been called off" in page.text

    db.session.expire_all()
    assert (event.status, event.called_off_at, event.called_off_reason) == (
        EventStatus.CALLED_OFF,
        NOW,
        "The trainer is ill.",
    )
    rows = db.session.scalars(select(Booking).where(Booking.event_id == event.id).order_by(Booking.id))
    assert [booking.status for booking in rows] == [Status.EVENT_CANCELLED] * 3 + [Status.CANCELLED]
    assert gone.person.name == "Gone"
    told = db.session.scalars(select(Mail).where(Mail.template == "event_called_off").order_by(Mail.id)).all()
    assert [(mail.to_name, "METHOD:CANCEL" in mail.calendar) for mail in told] == [
        ("Ann", True),
        ("Ben", True),
        ("Cat", False),
    ]
    for mail in told:
        assert "Reason: The trainer is ill." in mail.text
        assert "http://localhost/other-dates/" in mail.text
        assert "Thursday 19 June 2025" in mail.text


def test_started_or_draft_date_cannot_be_called_off(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    event = make.event(starts_at=NEXT_MONTH)
    make.booking(event)
    draft = make.event(starts_at=NEXT_MONTH, status=EventStatus.DRAFT)
    officer = make.officer()
    db.session.commit()
    browser = signed_in(officer)
    clock.now = NEXT_MONTH
    for number, sentence in (
        (event.id, "This course date has started, so it can no longer be called off."),
        (draft.id, "This course date was never published."),
    ):
        page = browser.post(f"/manage/dates/{number}/call-off", {"reason": "Snow", "step": "confirm"})
        assert page.status == 409
        assert sentence in page.text
    db.session.expire_all()
    assert (event.status, draft.status) == (EventStatus.PUBLISHED, EventStatus.DRAFT)
    assert db.session.scalars(select(Mail.id)).all() == []


def test_only_an_officer_may_call_off(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Tess", Role.TRAINER)
    event = make.event(starts_at=NEXT_MONTH, trainers=(trainer,))
    people = [trainer, make.person("Ann"), make.person("Mo", Role.HUB_MEMBER)]
    db.session.commit()
    for person in people:
        browser = signed_in(person)
        assert browser.get(f"/manage/dates/{event.id}/call-off").status == 403
        page = browser.post(f"/manage/dates/{event.id}/call-off", {"reason": "Snow", "step": "confirm"})
        assert page.status == 403
    db.session.expire_all()
    assert event.status is EventStatus.PUBLISHED


def test_trainers_see_no_reasons_or_contact_details(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Tess", Role.TRAINER)
    event = make.event(starts_at=NEXT_MONTH, trainers=(trainer,))
    ann = make.person("Ann", manager_name="Max Manager", email="ann.archer@example.org")
    booking = book(ann, event, by=ann, now=NOW)
    cancel(booking, by=ann, now=NOW, reason="I have to go into hospital")
    officer = make.officer()
    pages = [
        f"/bookings/{booking.reference}",
        f"/manage/dates/{event.id}/bookings",
        f"/registers/{event.id}/outcome/{booking.reference}",
    ]
    for path in pages:
        page = signed_in(trainer).get(path)
        assert (page.status, "Ann" in page.text) == (200, True)
        for private in ("hospital", "Max Manager", "ann.archer@example.org"):
            assert private not in page.html
        assert "I have to go into hospital" in signed_in(officer).get(path).text
    for person in (ann, officer):
        page = signed_in(person).get(pages[0])
        assert ("hospital" in page.text, "Max Manager" in page.text) == (True, True)
    assert "ann.archer@example.org" in signed_in(officer).get(pages[0]).text
