"""The lists of registers, and the sign-in sheet."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from tests import make
from tests.attendance.registers import scene
from tests.conftest import NOW
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.attendance.models import Attendance, Mark
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Person

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
DAY = timedelta(days=1)


def date_of(trainer: Person, title: str, in_days: float, *statuses: Status, days: int = 1) -> Event:
    event = make.event(make.course(title), starts_at=NOW + in_days * DAY, trainers=(trainer,), days=days)
    for status in statuses:
        make.booking(event, status=status)
    return event


def cards(page: Page) -> list[str]:
    return [
        words.split(":")[0] + ":" + words.split(":")[1].split(",")[0]
        for _href, words in page.links
        if ": " in words
    ]


def test_the_register_of_another_year_says_which(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Trudy Trainer", Role.TRAINER)
    date_of(trainer, "Long ago", -2000, Status.CONFIRMED)
    date_of(trainer, "Yesterday", -1, Status.CONFIRMED)
    page = signed_in(trainer).get("/registers")
    assert re.findall(r"<time[^>]*><span>([^<]*)", page.html) == ["Thursday 14 November 2019, "]


def test_registers_list_today_then_unmarked_then_recent(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Trudy Trainer", Role.TRAINER)
    date_of(trainer, "Marked last week", -7, Status.COMPLETED, Status.DID_NOT_ATTEND)
    date_of(trainer, "Unmarked last month", -30, Status.CONFIRMED, Status.COMPLETED)
    date_of(trainer, "Unmarked yesterday", -1, Status.CONFIRMED)
    date_of(trainer, "This afternoon", 0.2, Status.CONFIRMED)
    date_of(trainer, "This morning", -0.01, Status.CONFIRMED)
    date_of(trainer, "Next week", 7, Status.CONFIRMED)
    date_of(make.person("Tom", Role.TRAINER), "Another’s", -1, Status.CONFIRMED)
    page = signed_in(trainer).get("/registers")
    assert cards(page) == [
        "Mark register: This morning",
        "See who is coming: This afternoon",
        "Mark register: Unmarked yesterday",
        "Mark register: Unmarked last month",
        "Open register: Marked last week",
    ]
    assert [words in page.text for words in ("0 of 1 marked", "All 2 recorded", "1 person expected")] == [
        True
    ] * 3
    assert cards(signed_in(trainer).get("/registers?show=coming")) == [
        "See who is coming: This afternoon",
        "See who is coming: Next week",
    ]
    assert cards(signed_in(trainer).get("/registers?show=past")) == [
        "Mark register: This morning",
        "Mark register: Unmarked yesterday",
        "Open register: Marked last week",
        "Mark register: Unmarked last month",
    ]


def test_an_officer_sees_all_registers(app: Flask, signed_in: SignIn) -> None:
    date_of(make.person("Tom", Role.TRAINER), "Tom’s", -1, Status.CONFIRMED)
    assert cards(signed_in(make.officer()).get("/registers")) == ["Mark register: Tom’s"]
    page = signed_in(make.person("Tess", Role.TRAINER)).get("/registers")
    assert (cards(page), "No register to mark" in page.text) == ([], True)


def test_a_course_between_its_two_days_is_not_called_unmarked(app: Flask, signed_in: SignIn) -> None:
    trainer = make.person("Trudy Trainer", Role.TRAINER)
    event = date_of(trainer, "Two days", -1.5, Status.CONFIRMED, days=3)
    [booking] = db.session.query(make.Booking).all()
    for session in event.sessions[:2]:
        db.session.add(
            Attendance(booking_id=booking.id, session_id=session.id, mark=Mark.PRESENT, marked_at=NOW)
        )
    page = signed_in(trainer).get("/registers")
    assert "Not yet marked" not in page.text
    assert "Session 2 of 3: All 1 marked" in page.text


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    one, three = make.person("One", Role.TRAINER), make.person("Three", Role.TRAINER)
    for trainer, number in ((one, 1), (three, 3)):
        for each in range(number):
            date_of(trainer, f"{trainer.name} today {each}", -0.1, Status.CONFIRMED)
            date_of(trainer, f"{trainer.name} open {each}", -2, Status.CONFIRMED, Status.COMPLETED)
            date_of(trainer, f"{trainer.name} done {each}", -3, Status.COMPLETED)
    first, second = signed_in(one), signed_in(three)
    assert queries(lambda: first.get("/registers")) == queries(lambda: second.get("/registers"))


def test_long_lists_come_in_pages(app: Flask, signed_in: SignIn) -> None:
    officer, course = make.officer(), make.course("Neglect")
    for number in range(51):
        make.booking(make.event(course, starts_at=NOW - (2 + number) * DAY))
    client = signed_in(officer)
    assert len(cards(client.get("/registers"))) == 50
    assert len(cards(client.get("/registers?page=2"))) == 1
    assert "Page 2 of 2" in client.get("/registers?page=99").text


def test_the_sheet_lists_names_and_agencies_but_no_needs(app: Flask, signed_in: SignIn) -> None:
    on = scene("Ann", "Siân", days=2)
    make.booking(on.event, make.person("Gone Shah"), Status.CANCELLED)
    db.session.add(BookingNeeds(booking_id=on.bookings["Ann"].id, access="Hearing loop", dietary="No nuts"))
    answer = signed_in(on.trainer).get(f"/registers/{on.event.id}/sheet.pdf").response
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages).split())
    assert [
        words in text
        for words in ("Ann Shah", "Siân Shah", "Ann’s School", "Signature, session 2", "Gone", "loop", "nuts")
    ] == [True, True, True, True, False, False, False]
