"""A place that the line manager has to approve, from the request to the place."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from tests import make
from tests.browser.conftest import LAPTOP, PHONE, Site, press
from tests.browser.reading import calendar, facts, heading, links, subjects, texts, words
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db


def test_manager_approves_a_place_by_email_link_on_a_phone(site: Site, visitor: Callable[..., Page]) -> None:
    course = make.course("Neglect", policies={"approval": "line manager"})
    event = make.event(course, starts_at=NOW + timedelta(days=27), venue=make.venue("Northgate Hub"))
    ann = make.person("Ann Archer", email="ann@example.org")

    of_ann = visitor(LAPTOP, ann, f"/dates/{event.id}", java_script_enabled=False)
    press(of_ann.get_by_role("link", name="Book this place"))
    assert heading(of_ann) == "Who is your line manager?"
    of_ann.get_by_label("Line manager’s name").fill("Max Manager")
    of_ann.get_by_label("Line manager’s work email address").fill("max@example.org")
    press(of_ann.get_by_role("button", name="Continue"))
    assert heading(of_ann) == "Ask for a place"
    assert facts(of_ann)["What you get"] == "A place, once Max Manager approves"
    press(of_ann.get_by_role("button", name="Ask for this place"))
    assert heading(of_ann) == "Your line manager has been asked"
    assert facts(of_ann)["Status"] == "Waiting for approval"

    mails = site.work()
    assert subjects(mails) == [
        ("ann@example.org", "Request sent: Neglect, Monday 2 June 2025"),
        ("max@example.org", "Your approval is needed: Ann Archer"),
    ]
    assert "Decide by Tuesday 13 May 2025, 11:59pm." in words(mails[1])
    [link] = [link for link in links(mails[1]) if "/approve/" in link]
    of_max = visitor(PHONE, java_script_enabled=False, has_touch=True, is_mobile=True)
    of_max.goto(link)
    assert heading(of_max) == "Approve a place for Ann Archer"
    assert facts(of_max)["Decide by"] == "Tuesday 13 May 2025, 11:59pm"
    press(of_max.get_by_role("button", name="Decline"))
    assert heading(of_max) == "Approve a place for Ann Archer"
    assert texts(of_max, ".error-summary li") == ["Say in a few words why you decline the request"]
    press(of_max.get_by_role("button", name="Approve"))
    assert heading(of_max) == "You have approved the place"
    assert "Ann Archer has a place, and has been told by email." in texts(of_max, "main")[0]

    [mail] = site.work()
    assert subjects([mail]) == [("ann@example.org", "Booked: Neglect, Monday 2 June 2025")]
    assert ["Your request was approved." in words(mail), "METHOD:REQUEST" in calendar(mail)] == [True, True]
    of_ann.reload()
    assert (heading(of_ann), facts(of_ann)["Status"]) == ("Your booking", "Booked")
    assert "The request was approved, and the place is booked." in texts(of_ann, "main")[0]
    db.session.rollback()
    assert [row.status for row in db.session.query(Booking)] == [Status.CONFIRMED]
