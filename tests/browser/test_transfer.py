"""Moving a place to another date of the course."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from tests import make
from tests.browser.conftest import PHONE, Site, press
from tests.browser.reading import calendar, facts, heading, subjects, texts
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_transfer_moves_the_place_and_the_calendar_entry(
    site: Site, visitor: Callable[..., Page], java_script_enabled: bool
) -> None:
    course, when = make.course("Neglect"), NOW + timedelta(days=27)
    first, full, free = (
        make.event(course, starts_at=when + timedelta(days=7 * week), capacity=1) for week in range(3)
    )
    ann = make.booking(first, make.person("Ann Archer", email="ann@example.org"))
    make.booking(full)

    page = visitor(PHONE, ann.person, f"/bookings/{ann.reference}", java_script_enabled=java_script_enabled)
    press(page.get_by_role("link", name="Move to another date"))
    assert texts(page, ".radios label, .choice label") == ["Monday 16 June 2025, 9:30am to 4:30pm"]
    press(page.get_by_role("button", name="Move to this date"))
    assert texts(page, ".error-summary li") == ["Choose the date"]
    page.locator("label", has_text="Monday 16 June 2025").click()
    press(page.get_by_role("button", name="Move to this date"))

    assert (heading(page), facts(page)["Status"]) == ("Your place is booked", "Booked")
    mails = site.work()
    assert subjects(mails) == [
        ("ann@example.org", "Moved to another date: Neglect"),
        ("ann@example.org", "Booked: Neglect, Monday 16 June 2025"),
    ]
    assert ["METHOD:CANCEL" in calendar(mails[0]), "METHOD:REQUEST" in calendar(mails[1])] == [True, True]
    page.goto("/bookings")
    assert texts(page, ".date-card .tag") == ["Booked", "Moved to another date"]
    db.session.rollback()
    assert [
        (row.event_id, row.status)
        for row in db.session.query(Booking).filter_by(person_id=ann.person_id).order_by(Booking.id)
    ] == [(first.id, Status.TRANSFERRED), (free.id, Status.CONFIRMED)]
