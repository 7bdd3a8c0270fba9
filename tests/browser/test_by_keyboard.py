"""Booking a place with the keyboard alone."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from tests import make
from tests.browser.conftest import LAPTOP, Site
from tests.browser.looking import tab_to
from tests.browser.reading import heading, texts, words
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.database import db


class Keyboard:
    """A person without a mouse. Records each step at which the focus does not show."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lost: list[str] = []

    def to(self, find: Callable[[Page], Locator]) -> None:
        """Tab on to what `find` finds."""
        self.lost += tab_to(self.page, find)

    def type(self, label: str, text: str) -> None:
        """Tab on to the field with this label, and type."""
        self.to(lambda page: page.get_by_label(label, exact=True))
        self.page.keyboard.type(text)

    def follow(self) -> None:
        """Press Enter on a link or a button that leads to another page, or in a form."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def test_booking_by_keyboard_shows_focus_at_every_step(site: Site, visitor: Callable[..., Page]) -> None:
    make.agency("Upton School")
    for title, days in (("Neglect", 20), ("Working Together", 27)):
        make.event(make.course(title), starts_at=NOW + timedelta(days=days))
    page = visitor(LAPTOP)
    keys = Keyboard(page)

    page.goto("/dates")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to main content")).to_be_focused()
    expect(page.get_by_text("Skip to main content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    keys.type("Words in the title", "working")
    keys.to(lambda page: page.get_by_label("Only dates with places left"))
    page.keyboard.press("Space")
    keys.to(lambda page: page.get_by_role("button", name="Show dates"))
    keys.follow()
    expect(page.get_by_label("Only dates with places left")).to_be_checked()
    keys.to(lambda page: page.get_by_role("link", name=re.compile("^Book.*Working Together")))
    keys.follow()
    keys.to(lambda page: page.get_by_role("link", name="Book this place"))
    keys.follow()

    keys.type("Your work email address", "nia@example.org")
    keys.follow()
    [mail] = site.work()
    [code] = re.findall(r"\b\d{6}\b", words(mail))
    # Too quick: sent without a code, the page says so, and leads to where it belongs.
    keys.to(lambda page: page.get_by_role("main").get_by_role("button", name="Sign in"))
    keys.follow()
    expect(page.get_by_role("alert")).to_be_focused()
    keys.to(lambda page: page.get_by_role("alert").get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Six-digit code")).to_be_focused()
    page.keyboard.type(code)
    keys.follow()

    keys.type("Your name", "Nia Newcomer")
    keys.type("Your agency", "Upton")
    keys.type("Your job role", "Class teacher")
    keys.type("Your line manager’s name", "Max Manager")
    keys.type("Your line manager’s work email address", "max.manager@example.org")
    keys.to(lambda page: page.get_by_role("button", name="Save and continue"))
    keys.follow()

    keys.type("Dietary needs (optional)", "No nuts")
    keys.to(lambda page: page.get_by_role("button", name="Book this place"))
    keys.follow()

    assert heading(page) == "Your place is booked"
    db.session.rollback()
    booking = db.session.scalars(select(Booking)).one()
    assert texts(page, ".confirmation strong") == [booking.reference]
    assert (booking.agency.name, db.session.get_one(BookingNeeds, booking.id).dietary) == (
        "Upton School",
        "No nuts",
    )
    assert keys.lost == []
