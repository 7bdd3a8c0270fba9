"""A date that is called off: everyone is told, and books another with one button."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.rebook import book_instead
from training_hub.bookings.actions.register import record_outcome
from training_hub.bookings.actions.transfer import transfer
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event, Prerequisite
from training_hub.commands.report import Operator
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.reporting.models import Filters
from training_hub.reporting.queries.counting import event_counts
from training_hub.reporting.rules import figures_of, total

SignIn = Callable[..., PageClient]
NEXT_MONTH = NOW + timedelta(days=30)
LATER = NOW + timedelta(days=44)
APPROVED = {"approval": "line manager"}


def call_off(event: Event) -> None:
    """Call a date off, as an officer does."""
    cancel_event(event, by=make.officer(), now=NOW, reason="The trainer is ill.")
    db.session.commit()


def link_to(name: str) -> str:
    """The one link in this person's email about the call-off."""
    mail = db.session.scalars(
        select(Mail).where(Mail.template == "event_called_off", Mail.to_name == name)
    ).one()
    (found,) = set(re.findall(r"http://localhost(/\S+)", mail.text))
    assert mail.carries_key is found.startswith("/other-dates/")
    return str(found)


def stored(course: Course) -> list[tuple[str, Status, int | None]]:
    """Who has which booking of the course, after which other one."""
    db.session.expire_all()
    rows = db.session.scalars(
        select(Booking)
        .join(Event, Booking.event_id == Event.id)
        .where(Event.course_id == course.id)
        .order_by(Booking.id)
    )
    return [(row.person.name, row.status, row.follows_id) for row in rows]


def press(browser: PageClient, page: Page, event: Event) -> Page:
    """Press the button of one date on the page."""
    [form] = [form for form in page.forms if form["fields"].get("event_id") == str(event.id)]
    return browser.follow(browser.post(form["attributes"]["action"], form["fields"]))


def test_call_off_email_leads_to_other_dates(app: Flask, stranger: PageClient) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=NEXT_MONTH)
    later, _full = make.event(course, starts_at=LATER), make.event(course, starts_at=LATER, capacity=0)
    make.event(course, starts_at=NOW + timedelta(days=1))
    ann = make.booking(event, make.person("Ann"))
    db.session.add(BookingNeeds(booking_id=ann.id, access="A hearing loop", dietary=""))
    call_off(event)
    link = link_to("Ann")
    page = stranger.get(link)
    assert (page.status, page.h1) == (200, "Choose another date")
    # A date with closed bookings is not offered, and a full one offers its waiting list.
    assert [form["fields"]["offered"] for form in page.forms if "event_id" in form["fields"]] == [
        "place",
        "waiting",
    ]
    assert ("24 of 24 places left" in page.text, "Join the waiting list" in page.text) == (True, True)
    assert "hearing loop" not in page.text
    assert [status for _, status, _ in stored(course)] == [Status.EVENT_CANCELLED]
    done = press(stranger, page, later)
    assert (done.status, done.h1) == (200, "Your place is booked")
    assert stored(course) == [("Ann", Status.EVENT_CANCELLED, None), ("Ann", Status.CONFIRMED, ann.id)]
    new = db.session.scalars(select(Booking).where(Booking.follows_id == ann.id)).one()
    needs = db.session.get_one(BookingNeeds, new.id)
    assert (new.event_id, needs.access) == (later.id, "A hearing loop")
    mails = db.session.execute(select(Mail.template, Mail.to_name).order_by(Mail.id)).all()
    assert [tuple(mail) for mail in mails] == [("event_called_off", "Ann"), ("booking_confirmed", "Ann")]


def test_pressed_twice_or_for_two_dates_it_books_once(app: Flask, stranger: PageClient) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=NEXT_MONTH)
    first, second = make.event(course, starts_at=LATER), make.event(course, starts_at=LATER)
    ann = make.booking(event, make.person("Ann"))
    call_off(event)
    page = stranger.get(link_to("Ann"))
    headings = [press(stranger, page, date).h1 for date in (first, first, second)]
    assert headings == ["Your place is booked"] * 3
    assert stranger.get(link_to("Ann")).h1 == "You have another date"
    assert stored(course) == [("Ann", Status.EVENT_CANCELLED, None), ("Ann", Status.CONFIRMED, ann.id)]
    # The chosen booking counts wherever it has since been moved. Once it is cancelled, there is a choice again.
    new = db.session.scalars(select(Booking).where(Booking.follows_id == ann.id)).one()
    moved = transfer(new, second, by=new.person, now=NOW)
    db.session.commit()
    assert moved.reference in stranger.get(link_to("Ann")).text
    cancel(moved, by=moved.person, now=NOW, reason="On leave")
    db.session.commit()
    assert stranger.get(link_to("Ann")).h1 == "Choose another date"


def test_other_dates_page_opens_from_own_booking_only(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    event, later = make.event(course, starts_at=NEXT_MONTH), make.event(course, starts_at=LATER)
    ann, kept = make.booking(event, make.person("Ann")), make.booking(later, make.person("Ben"))
    call_off(event)
    own = signed_in(ann.person)
    path = f"/bookings/{ann.reference}/other-dates"
    assert (path, "Choose another date") in own.get(f"/bookings/{ann.reference}").links
    for person in (make.person("Other"), make.officer()):
        other = signed_in(person)
        assert [other.get(path).status, other.post(path, {"event_id": str(later.id)}).status] == [404, 404]
    assert signed_in(kept.person).get(f"/bookings/{kept.reference}/other-dates").status == 404
    assert press(own, own.get(path), later).h1 == "Your place is booked"
    assert (path, "Choose another date") not in own.get(f"/bookings/{ann.reference}").links
    assert [status for _, status, _ in stored(course)] == [
        Status.EVENT_CANCELLED,
        Status.CONFIRMED,
        Status.CONFIRMED,
    ]


def test_call_off_without_other_dates_leads_to_the_course(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=NEXT_MONTH)
    ann = make.booking(event, make.person("Ann"))
    call_off(event)
    assert link_to("Ann") == f"/courses/{course.slug}"
    own = signed_in(ann.person)
    assert "No other date of this course can be booked yet." in own.get(f"/bookings/{ann.reference}").text
    page = own.get(f"/bookings/{ann.reference}/other-dates")
    assert (page.h1, (f"/courses/{course.slug}", "See the course") in page.links) == (
        "Choose another date",
        True,
    )


def test_rebooking_keeps_an_approval(app: Flask, stranger: PageClient) -> None:
    course = make.course("Neglect", policies=APPROVED)
    event, later = make.event(course, starts_at=NEXT_MONTH), make.event(course, starts_at=LATER)
    for name, status in (("Ann", Status.CONFIRMED), ("Ben", Status.REQUESTED)):
        person = make.person(name, manager_name="Max", manager_email="max@example.org")
        make.booking(event, person, status)
    call_off(event)
    said = []
    for name in ("Ann", "Ben"):
        page = stranger.get(link_to(name))
        said.append(("Ask for a place" in page.text, press(stranger, page, later).h1))
    assert said == [(False, "Your place is booked"), (True, "Your line manager has been asked")]
    assert [status for _, status, _ in stored(course)[2:]] == [Status.CONFIRMED, Status.REQUESTED]


def test_the_rules_of_booking_hold(app: Flask, stranger: PageClient, clock: TestClock) -> None:
    course, first = make.course("Neglect"), make.course("Basics")
    event = make.event(course, starts_at=NEXT_MONTH)
    clashing = make.event(course, starts_at=LATER)
    closing = make.event(course, starts_at=LATER + timedelta(days=1))
    ann = make.booking(event, make.person("Ann"))
    make.booking(make.event(make.course("Elsewhere"), starts_at=LATER), ann.person)
    call_off(event)
    link = link_to("Ann")
    page = stranger.get(link)
    clash = press(stranger, page, clashing)
    assert (clash.status, clash.h1) == (409, "You have another booking at that time")
    assert [status for _, status, _ in stored(course)] == [Status.EVENT_CANCELLED]

    db.session.add(Prerequisite(course_id=course.id, needs_id=first.id))
    db.session.commit()
    barred = press(stranger, page, closing)
    assert (barred.status, barred.h1) == (409, "This course is not open to you yet")
    db.session.execute(Prerequisite.__table__.delete())  # type: ignore[attr-defined]
    db.session.commit()

    clock.now = closing.starts_at - timedelta(hours=1)
    late = press(stranger, page, closing)
    assert (late.status, late.h1) == (409, "You cannot book this date")
    clock.now = NOW
    elsewhere = make.event(starts_at=LATER)
    db.session.commit()
    for number in (str(elsewhere.id), "", "x", "9" * 12):
        assert stranger.post(link, {"event_id": number}).status == 404
    assert [status for _, status, _ in stored(course)] == [Status.EVENT_CANCELLED]
    assert stranger.send(clash, link).h1 == "Your place is booked"


def test_rebooking_too_late_joins_the_waiting_list(app: Flask, stranger: PageClient) -> None:
    course = make.course("Neglect")
    event, later = make.event(course, starts_at=NEXT_MONTH), make.event(course, starts_at=LATER, capacity=1)
    make.booking(event, make.person("Ann"))
    call_off(event)
    page = stranger.get(link_to("Ann"))
    make.booking(later)
    done = press(stranger, page, later)
    assert (done.h1, "The last place has gone" in done.text) == ("You are on the waiting list", True)


def test_rebooking_keeps_event_cancelled_in_figures(
    app: Flask,
) -> None:
    course = make.course("Neglect")
    event, later = make.event(course, starts_at=NEXT_MONTH), make.event(course, starts_at=LATER)
    ann = make.booking(event, make.person("Ann"))
    call_off(event)
    new = book_instead(ann, later, by=ann.person, now=NOW)
    record_outcome(new, Status.COMPLETED, by=ann.person, now=later.ends_at)
    db.session.flush()
    counts = event_counts(
        Operator(), Filters(first=date(2025, 4, 1), last=date(2026, 3, 31)), now=later.ends_at
    )
    figures = total(figures_of(count) for count in counts)
    assert (figures.booked, figures.of(Status.EVENT_CANCELLED), figures.completed) == (2, 1, 1)


def test_other_dates_page_takes_fixed_queries(
    app: Flask, stranger: PageClient, queries: Callable[[Callable[[], object]], int]
) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=NEXT_MONTH)
    make.event(course, starts_at=LATER)
    make.booking(event, make.person("Ann"))
    call_off(event)
    link = link_to("Ann")
    few = queries(lambda: stranger.get(link))
    for days in (1, 2):
        make.event(course, starts_at=LATER + timedelta(days=days), venue=make.venue())
    db.session.commit()
    assert queries(lambda: stranger.get(link)) == few
