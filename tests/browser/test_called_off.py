"""From a course date that is called off to a place on another."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from tests import make
from tests.browser.conftest import LAPTOP, PHONE, Site, press
from tests.browser.reading import calendar, facts, heading, links, subjects, words
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db


def test_person_books_another_date_after_theirs_is_called_off(
    site: Site, visitor: Callable[..., Page]
) -> None:
    course, venue = make.course("Neglect"), make.venue("Wyvern House")
    event = make.event(course, starts_at=NOW + timedelta(days=27), venue=venue)
    make.event(course, starts_at=NOW + timedelta(days=41), venue=venue)
    make.booking(event, make.person("Ann Archer", email="ann@example.org"))

    office = visitor(LAPTOP, make.officer(), f"/manage/dates/{event.id}/call-off")
    office.get_by_label("Why is it called off?").fill("The trainer is ill.")
    press(office.get_by_role("button", name="Continue"))
    press(office.get_by_role("button", name="Call off and tell 1 person"))
    [mail] = site.work()
    assert subjects([mail]) == [("ann@example.org", "Called off: Neglect, Monday 2 June 2025")]
    assert "METHOD:CANCEL" in calendar(mail)
    assert "Reason: The trainer is ill." in words(mail)

    # A mail filter opens the link before Ann does.
    [link] = links(mail)
    for _ in range(2):
        phone = visitor(PHONE, has_touch=True, is_mobile=True)
        phone.goto(link)
        assert heading(phone) == "Choose another date"
    press(phone.get_by_role("button", name="Book this date"))
    assert heading(phone) == "Your place is booked"
    assert facts(phone)["When"] == "Monday 16 June 2025, 9:30am to 4:30pm"
    [confirmation] = site.work()
    assert subjects([confirmation]) == [("ann@example.org", "Booked: Neglect, Monday 16 June 2025")]
    assert "METHOD:REQUEST" in calendar(confirmation)
    phone.goto(link)
    assert heading(phone) == "You have another date"
    db.session.rollback()
    assert [row.status for row in db.session.query(Booking).order_by(Booking.id)] == [
        Status.EVENT_CANCELLED,
        Status.CONFIRMED,
    ]
