"""From the list of dates to a booked place."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests import make
from tests.browser.conftest import PHONE, Site, press
from tests.browser.reading import calendar, everything, facts, heading, subjects, texts, words
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db

IN_FOUR_WEEKS = NOW + timedelta(days=27)
"""Monday 2 June 2025, 9:30am in London."""


def _programme() -> Event:
    """Three dates of three courses, of which one is what the newcomer looks for."""
    make.agency("Upton School")
    make.event(make.course("Neglect"), starts_at=NOW + timedelta(days=20))
    hub = make.venue("Northgate Hub")
    event = make.event(make.course("Working Together"), starts_at=IN_FOUR_WEEKS, capacity=20, venue=hub)
    make.event(make.course("Online Safety"), starts_at=NOW + timedelta(days=30))
    return event


@pytest.mark.postgres
def test_new_person_finds_a_date_signs_in_and_books_on_a_phone(
    site: Site, visitor: Callable[..., Page]
) -> None:
    event = _programme()
    page = visitor(PHONE)

    page.goto("/dates")
    assert texts(page, ".date-card h2") == ["Neglect", "Working Together", "Online Safety"]
    page.get_by_text("Search and filter").click()
    page.get_by_label("Words in the title").fill("working")
    press(page.get_by_role("button", name="Show dates"))
    assert texts(page, ".date-card h2") == ["Working Together"]
    assert texts(page, ".date-card .places") == ["20 of 20 places left"]
    press(page.get_by_role("link", name=re.compile("^Book.*Working Together")))
    assert heading(page) == "Working Together"
    press(page.get_by_role("link", name="Book this place"))

    assert heading(page) == "Sign in"
    page.get_by_label("Your work email address").fill("Nia.Newcomer@example.org")
    press(page.get_by_role("button", name="Send me a code"))
    assert heading(page) == "Check your email"
    [mail] = site.work()
    assert subjects([mail]) == [("nia.newcomer@example.org", "Your code to sign in to Training Hub")]
    [code] = re.findall(r"\b\d{6}\b", words(mail))
    page.get_by_label("Six-digit code").fill(code)
    press(page.get_by_role("main").get_by_role("button", name="Sign in"))

    assert heading(page) == "Tell us who you are"
    page.get_by_label("Your name").fill("Nia Newcomer")
    page.get_by_label("Your agency", exact=True).select_option("Upton School")
    page.get_by_label("Your job role").fill("Class teacher")
    page.get_by_label("Your line manager’s name").fill("Max Manager")
    page.get_by_label("Your line manager’s work email address").fill("max.manager@example.org")
    press(page.get_by_role("button", name="Save and continue"))

    assert heading(page) == "Book a place"
    assert facts(page) == {
        "What you get": "A place",
        "When": "Monday 2 June 2025, 9:30am to 4:30pm",
        "Where": "Northgate Hub, 1 High Street, Chester",
        "Name": "Nia Newcomer",
        "Email": "nia.newcomer@example.org",
        "Agency": "Upton School",
        "Line manager": "Max Manager",
    }
    page.get_by_label("Dietary needs").fill("No nuts")
    press(page.get_by_role("button", name="Book this place"))

    booking = _only_booking()
    assert heading(page) == "Your place is booked"
    assert texts(page, ".confirmation strong") == [booking.reference]
    assert (booking.event_id, booking.person.email) == (event.id, "nia.newcomer@example.org")
    assert booking.agency.name == "Upton School"
    assert db.session.get_one(BookingNeeds, booking.id).dietary == "No nuts"

    [mail] = site.work()
    assert subjects([mail]) == [("nia.newcomer@example.org", "Booked: Working Together, Monday 2 June 2025")]
    assert [said in everything(mail) for said in ("Northgate Hub", "nuts")] == [True, False]
    invitation = calendar(mail)
    assert "METHOD:REQUEST" in invitation.splitlines()
    assert "DTSTART:20250602T083000Z" in invitation.splitlines()
    assert "DTEND:20250602T153000Z" in invitation.splitlines()

    page.get_by_text("Menu").click()
    press(page.get_by_role("link", name="My bookings", exact=True))
    assert texts(page, ".date-card h3") == ["Working Together"]
    assert texts(page, ".date-card .tag") == ["Booked"]


def test_booking_works_without_javascript(site: Site, visitor: Callable[..., Page]) -> None:
    event = _programme()
    page = visitor(PHONE, make.person("Ann Archer"), f"/dates/{event.id}", java_script_enabled=False)

    press(page.get_by_role("link", name="Book this place"))
    press(page.get_by_role("button", name="Book this place"))

    assert heading(page) == "Your place is booked"
    assert texts(page, ".confirmation strong") == [_only_booking().reference]
    assert [who for who, _subject in subjects(site.work())] == [_only_booking().person.email]


def _only_booking() -> Booking:
    db.session.rollback()
    return db.session.scalars(select(Booking)).one()


def test_back_button_after_booking_does_not_book_again(site: Site, visitor: Callable[..., Page]) -> None:
    event = _programme()
    page = visitor(PHONE, make.person("Ann Archer"), f"/dates/{event.id}")

    press(page.get_by_role("link", name="Book this place"))
    page.get_by_label("Dietary needs").fill("No nuts")
    press(page.get_by_role("button", name="Book this place"))
    assert heading(page) == "Your place is booked"

    page.go_back()
    assert heading(page) == "Your booking"
    page.go_back()
    assert heading(page) == "Working Together"
    assert [row.status for row in db.session.scalars(select(Booking))] == [Status.CONFIRMED]
