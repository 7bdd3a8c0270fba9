"""A person's calendar feed: what it holds, who can read it, and how its address is renewed."""

import logging
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from icalendar import Calendar

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.access import Link, by_link, link_token
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus
from training_hub.database import db
from training_hub.people.models import Person

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
DAY = timedelta(days=1)
SOON = NOW + 30 * DAY


def path_of(person: Person) -> str:
    """Where this person's calendar is now."""
    return f"/calendar/{link_token('calendar', person.id, person.calendar_version)}.ics"


def entries(client: PageClient, path: str) -> list[tuple[str, str]]:
    """Title and status of each entry at this address."""
    answer = client.http.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return [
        (str(entry["SUMMARY"]), str(entry["STATUS"]))
        for entry in Calendar.from_ical(answer.data).walk("VEVENT")
    ]


def test_feed_holds_own_places_and_claims(app: Flask, stranger: PageClient) -> None:
    ann, ben = make.person("Ann"), make.person("Ben")
    link = "https://meet.example.org/secret"
    two = make.event(make.course("Neglect"), starts_at=SOON, days=2, is_online=True, online_link=link)
    place = make.booking(two, ann)
    db.session.add(BookingNeeds(booking_id=place.id, access="Hearing loop", dietary="Halal"))
    for days, title, status in (
        (3, "Waits", Status.WAITING),
        (4, "Offered", Status.OFFERED),
        (5, "Asked", Status.REQUESTED),
        (6, "Withdrawn", Status.CANCELLED),
        (7, "Late", Status.CANCELLED_LATE),
        (8, "Elsewhere", Status.TRANSFERRED),
    ):
        event = make.event(
            make.course(title), starts_at=SOON + days * DAY, is_online=True, online_link=f"{link}/{days}"
        )
        make.booking(event, ann, status)
        make.booking(event, ben)
    off = make.event(make.course("Off"), starts_at=SOON + 9 * DAY, status=EventStatus.CALLED_OFF)
    make.booking(off, ann, Status.EVENT_CANCELLED)
    make.booking(make.event(make.course("Ben's alone"), starts_at=SOON), ben)
    db.session.commit()
    assert entries(stranger, path_of(ann)) == [
        ("Neglect (1 of 2)", "CONFIRMED"),
        ("Neglect (2 of 2)", "CONFIRMED"),
        ("Waiting list: Waits", "TENTATIVE"),
        ("Place offered: Offered", "TENTATIVE"),
        ("Waiting for approval: Asked", "TENTATIVE"),
        ("Cancelled: Withdrawn", "CANCELLED"),
        ("Cancelled: Late", "CANCELLED"),
        ("Moved to another date: Elsewhere", "CANCELLED"),
        ("Called off: Off", "CANCELLED"),
    ]
    data = stranger.http.get(path_of(ann)).get_data(as_text=True).replace("\r\n ", "")
    assert "loop" not in data
    assert "Halal" not in data
    assert "Ben" not in data
    # Only people with a place see the joining link.
    assert [line for line in data.split("\r\n") if "secret" in line] == [f"LOCATION:{link}"] * 2
    assert f"UID:{place.reference}@localhost" in data
    assert data.count("so do not come unless we tell you") == 3


def test_feed_drops_old_bookings(app: Flask, stranger: PageClient, clock: TestClock) -> None:
    ann = make.person("Ann")
    for title, status in (("Had", Status.COMPLETED), ("Gone", Status.CANCELLED), ("Waits", Status.WAITING)):
        make.booking(make.event(make.course(title), starts_at=SOON), ann, status)
    db.session.commit()
    assert len(entries(stranger, path_of(ann))) == 3
    clock.now = SOON
    assert [title for title, _ in entries(stranger, path_of(ann))] == ["Had", "Cancelled: Gone"]
    clock.now = SOON + 32 * DAY
    assert [title for title, _ in entries(stranger, path_of(ann))] == ["Had"]
    clock.now = SOON + 366 * DAY
    assert entries(stranger, path_of(ann)) == []


def test_feed_shows_a_rebooked_date_once(app: Flask, stranger: PageClient) -> None:
    ann = make.person("Ann")
    event = make.event(make.course("Neglect"), starts_at=SOON)
    for _ in range(2):
        booking = book(ann, event, by=ann, now=NOW)
        cancel(booking, by=ann, now=NOW, reason="On leave")
    db.session.commit()
    assert entries(stranger, path_of(ann)) == [("Cancelled: Neglect", "CANCELLED")]
    book(ann, event, by=ann, now=NOW)
    db.session.commit()
    assert entries(stranger, path_of(ann)) == [("Neglect", "CONFIRMED")]


def test_feed_is_not_modified_and_not_cached(app: Flask, stranger: PageClient, clock: TestClock) -> None:
    ann = make.person("Ann")
    event = make.event(starts_at=SOON)
    booking = book(ann, event, by=ann, now=NOW)
    db.session.commit()
    first = stranger.http.get(path_of(ann))
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Referrer-Policy"] == "same-origin"
    assert first.headers["X-Robots-Tag"] == "noindex"
    clock.now = NOW + DAY
    again = stranger.http.get(path_of(ann), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    cancel(booking, by=ann, now=clock.now, reason="On leave")
    db.session.commit()
    changed = stranger.http.get(path_of(ann), headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_feed_refuses_closed_accounts_and_other_keys(app: Flask, stranger: PageClient) -> None:
    ann = make.person("Ann")
    booking = make.booking(make.event(starts_at=SOON), ann)
    db.session.commit()
    path = path_of(ann)
    assert stranger.http.get(path).status_code == 200
    others = [link_token("offer", ann.id), link_token("calendar", ann.id, 2), link_token("calendar", 999)]
    assert [stranger.get(f"/calendar/{token}.ics").status for token in others] == [404, 404, 404]
    ann.is_active = False
    db.session.commit()
    page = stranger.get(path)
    assert page.status == 404
    assert booking.event.course.title not in page.text


def _address(page: Page) -> str:
    (shown,) = [field["value"] for field in page.inputs if field.get("id") == "calendar-address"]
    return shown


def test_new_feed_address_stops_the_old(app: Flask, signed_in: SignIn, stranger: PageClient) -> None:
    ann, ben = make.person("Ann"), make.person("Ben")
    for person in (ann, ben):
        make.booking(make.event(make.course(f"{person.name}'s"), starts_at=SOON), person)
    db.session.commit()
    browser = signed_in(ann)
    page = browser.get("/bookings")
    old = urlsplit(_address(page)).path
    assert _address(page) == f"http://localhost{path_of(ann)}"
    assert f"webcal://localhost{old}" in [href for href, _ in page.links]
    assert entries(stranger, old) == [("Ann's", "CONFIRMED")]
    asked = browser.get("/bookings/calendar")
    assert asked.h1 == "Make a new calendar address"
    # Opening the page changes nothing.
    assert stranger.http.get(old).status_code == 200
    answer = browser.post("/bookings/calendar", asked.form("/bookings/calendar"))
    assert (answer.status, answer.response.headers["Location"]) == (303, "/bookings?calendar=new#calendar")
    page = browser.get("/bookings?calendar=new")
    assert "The old address no longer works." in page.text
    new = urlsplit(_address(page)).path
    assert (new == old, stranger.get(old).status) == (False, 404)
    assert entries(stranger, new) == [("Ann's", "CONFIRMED")]
    assert entries(stranger, path_of(ben)) == [("Ben's", "CONFIRMED")]


def test_feed_takes_fixed_queries_and_writes_nothing(
    app: Flask, stranger: PageClient, queries: Callable[[Callable[[], object]], int]
) -> None:
    ann = make.person("Ann")

    def one_more() -> None:
        for days, status in ((9, Status.CONFIRMED), (8, Status.WAITING), (7, Status.CANCELLED)):
            make.booking(make.event(starts_at=NOW + days * DAY, venue=make.venue(), days=2), ann, status)
        db.session.commit()

    one_more()
    path = path_of(ann)
    few = queries(lambda: stranger.http.get(path))
    one_more()
    one_more()
    assert queries(lambda: stranger.http.get(path)) == few
    assert len(entries(stranger, path)) == 18


@pytest.mark.changes_the_app
def test_the_log_of_a_fault_never_holds_a_key(
    app: Flask, stranger: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    def view(link: Link) -> str:
        raise KeyError(link.row)

    app.testing = False
    app.add_url_rule("/calendar/<token>/break", "break", by_link("calendar")(view))
    key = link_token("calendar", 1)
    with caplog.at_level(logging.ERROR):
        assert stranger.http.get(f"/calendar/{key}/break").status_code == 500
    assert caplog.text.count("/calendar/<token>/break") == 2
    assert key not in caplog.text
