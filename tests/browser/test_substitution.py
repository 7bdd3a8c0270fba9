"""Passing a place to a colleague, who can say no."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from tests import make
from tests.browser.conftest import LAPTOP, PHONE, Site, press
from tests.browser.reading import calendar, facts, heading, links, subjects, texts
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db


def test_substitute_is_told_and_can_decline_the_place(site: Site, visitor: Callable[..., Page]) -> None:
    event = make.event(
        make.course("Neglect"), starts_at=NOW + timedelta(days=27), capacity=1, policies=make.AUTOMATIC
    )
    ann = make.booking(event, make.person("Ann Archer", email="ann@example.org"))
    wes = make.booking(event, make.person("Wes Walker", email="wes@example.org"), Status.WAITING)

    of_ann = visitor(PHONE, ann.person, f"/bookings/{ann.reference}", java_script_enabled=False)
    press(of_ann.get_by_role("link", name="Pass the place to a colleague"))
    of_ann.get_by_label("Your colleague’s name").fill("Ben Baker")
    of_ann.get_by_label("Their work email address").fill("ann@example.org")
    press(of_ann.get_by_role("button", name="Pass the place on"))
    assert texts(of_ann, ".error-summary li") == ["Enter the address of the colleague who will come instead."]
    of_ann.get_by_label("Their work email address").fill("ben@example.org")
    press(of_ann.get_by_role("button", name="Pass the place on"))
    assert (heading(of_ann), facts(of_ann)["Status"]) == ("Your place is passed on", "Passed to a colleague")

    mails = site.work()
    assert subjects(mails) == [
        ("ann@example.org", "Your place is passed on: Neglect, Monday 2 June 2025"),
        ("ben@example.org", "Booked: Neglect, Monday 2 June 2025"),
    ]
    assert ["METHOD:CANCEL" in calendar(mails[0]), "METHOD:REQUEST" in calendar(mails[1])] == [True, True]

    [refuse] = [link for link in links(mails[1]) if "/refuse/" in link]
    of_ben = visitor(PHONE, java_script_enabled=False, has_touch=True, is_mobile=True)
    of_ben.goto(refuse)
    assert facts(of_ben)["Name"] == "Ben Baker"
    press(of_ben.get_by_role("button", name="I do not want this place"))
    assert heading(of_ben) == "You have declined this place"
    assert subjects(site.work()) == [
        ("ben@example.org", "Cancelled: Neglect, Monday 2 June 2025"),
        ("ann@example.org", "Your colleague can’t take the place: Neglect, Monday 2 June 2025"),
        ("wes@example.org", "You have a place: Neglect, Monday 2 June 2025"),
    ]
    of_wes = visitor(LAPTOP, wes.person, f"/bookings/{wes.reference}")
    assert facts(of_wes)["Status"] == "Booked"
    db.session.rollback()
    assert [(row.person.name, row.status) for row in db.session.query(Booking).order_by(Booking.id)] == [
        ("Ann Archer", Status.SUBSTITUTED),
        ("Wes Walker", Status.CONFIRMED),
        ("Ben Baker", Status.CANCELLED),
    ]
