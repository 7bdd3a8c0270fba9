"""Who may book a course, and two places at the same time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.bookings.told import (
    APPROVAL,
    MANAGER,
    NEXT_MONTH,
    asked,
    booked,
    forget_mails,
    mails,
    person_named,
    stored,
)
from tests.conftest import NOW
from tests.page_client import PageClient
from tests.resizing import resize
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.eligibility import clashing, missing_prerequisites
from training_hub.catalogue.models import Course, Event, Prerequisite
from training_hub.database import db
from training_hub.people.models import Sector

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]


def needing(*before: Course, **columns: object) -> Event:
    """A date of a course before which these must have been completed."""
    course = make.course("Advanced Neglect", audience="Designated leads.")
    db.session.add_all(Prerequisite(course_id=course.id, needs_id=each.id) for each in before)
    given = {"starts_at": NEXT_MONTH, **columns}
    return make.event(course, **given)  # type: ignore[arg-type]


def test_missing_prerequisite_is_named_with_link(app: Flask, signed_in: SignIn) -> None:
    basics = make.course("Neglect: The Basics")
    event = needing(basics)
    browser = signed_in(make.person("Ann"))
    for page in (
        browser.get(f"/dates/{event.id}/book"),
        browser.post(f"/dates/{event.id}/book", {"step": "confirm", "offered": "place"}),
    ):
        assert (page.status, page.h1) == (409, "This course is not open to you yet")
        assert "You need to have completed Neglect: The Basics first." in page.text
        assert f"/courses/{basics.slug}" in [href for href, _ in page.links]
        assert "The training team can record that course as equivalent." in page.text
    assert (stored(), mails()) == ([], [])


@pytest.mark.parametrize(
    ("status", "opens"),
    [
        (Status.COMPLETED, True),
        (Status.PARTIAL, False),
        (Status.DID_NOT_ATTEND, False),
        (Status.CONFIRMED, False),
        (Status.SUBSTITUTED, False),
    ],
)
def test_only_a_completed_course_opens_the_next(app: Flask, status: Status, opens: bool) -> None:
    basics = make.course("Basics")
    ann = make.person("Ann")
    make.booking(make.event(basics, starts_at=NOW - timedelta(days=30)), ann, status)
    assert (missing_prerequisites(ann.id, needing(basics).course_id) == []) is opens


def test_equivalence_counts_for_one_person(app: Flask, signed_in: SignIn) -> None:
    basics, more = make.course("Basics"), make.course("More Basics")
    event = needing(basics, more)
    ann, ben = make.person("Ann"), make.person("Ben")
    for course in (basics, more):
        page = signed_in(ann).get(f"/dates/{event.id}/book")
        assert (page.status, f"completed {course.title} first" in page.text) == (409, True)
        db.session.add(
            Equivalence(
                person_id=ann.id, course_id=course.id, reason="Did it in Wirral", at=NOW, by=make.officer()
            )
        )
    assert signed_in(ann).get(f"/dates/{event.id}/book").h1 == "Book a place"
    assert signed_in(ben).get(f"/dates/{event.id}/book").status == 409


def test_sector_restriction_applies_everywhere(app: Flask, signed_in: SignIn) -> None:
    event = make.event(
        make.course("Neglect", policies={"sectors": [Sector.HEALTH.value, Sector.SCHOOL.value]}),
        starts_at=NEXT_MONTH,
    )
    nurse = make.person("Nia", of=make.agency("Trust", Sector.HEALTH))
    guard = make.person("Vic", of=make.agency("Aid", Sector.VOLUNTARY))
    page = signed_in(guard).post(f"/dates/{event.id}/book", {"step": "confirm", "offered": "place"})
    assert (page.status, page.h1) == (409, "This course is not open to you")
    assert (
        "This course is open to health services and schools only. Your agency is listed as “voluntary”."
    ) in page.text
    assert signed_in(nurse).get(f"/dates/{event.id}/book").h1 == "Book a place"
    assert stored() == []


def test_clash_is_booked_only_when_confirmed(app: Flask, signed_in: SignIn) -> None:
    other = make.event(make.course("Online Safety"), starts_at=NEXT_MONTH)
    (ann,) = booked(other, "Ann")
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH + timedelta(hours=3))
    browser = signed_in(ann.person)
    ask = browser.get(f"/dates/{event.id}/book")
    clash = browser.post(
        f"/dates/{event.id}/book", {**ask.form("/book"), "access_needs": "Hearing loop", "step": "confirm"}
    )
    assert (clash.status, clash.h1) == (409, "You have another booking at that time")
    assert "You already have a booking for Online Safety , Thursday 5 June 2025" in clash.text
    assert stored() == [("Ann", Status.CONFIRMED)]
    done = browser.send(clash, "/book")
    assert done.h1 == "Your place is booked"
    assert stored() == [("Ann", Status.CONFIRMED)] * 2
    # The answers typed before are kept.
    assert db.session.scalars(select(BookingNeeds.access)).one() == "Hearing loop"


def test_clash_found_at_check_is_shown_before_booking(app: Flask, signed_in: SignIn) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH)
    ann = make.person("Ann")
    browser = signed_in(ann)
    ask = browser.get(f"/dates/{event.id}/book")
    make.booking(make.event(starts_at=NEXT_MONTH), ann)
    clash = browser.send(ask, "/book", step="confirm")
    assert (clash.status, clash.h1) == (409, "You have another booking at that time")
    assert stored() == [("Ann", Status.CONFIRMED)]
    assert browser.send(clash, "/book").h1 == "Your place is booked"


@pytest.mark.parametrize(
    ("status", "clashes"),
    [
        (Status.CONFIRMED, True),
        (Status.OFFERED, True),
        (Status.REQUESTED, True),
        (Status.WAITING, False),
        (Status.CANCELLED, False),
        (Status.EVENT_CANCELLED, False),
    ],
)
def test_places_and_requests_clash_and_turns_do_not(app: Flask, status: Status, clashes: bool) -> None:
    ann = make.person("Ann")
    make.booking(make.event(starts_at=NEXT_MONTH), ann, status)
    here = make.event(starts_at=NEXT_MONTH)
    assert bool(clashing(ann.id, here.id)) is clashes


def test_sessions_clash_and_the_days_between_them_do_not(app: Flask) -> None:
    ann = make.person("Ann")
    two_mornings = make.event(starts_at=NEXT_MONTH, days=2, hours=3)
    make.booking(two_mornings, ann)
    found = [
        bool(clashing(ann.id, make.event(starts_at=NEXT_MONTH + gap, hours=3).id))
        for gap in (
            timedelta(hours=-3),
            timedelta(hours=-2),
            timedelta(hours=3),
            timedelta(hours=10),
            timedelta(hours=26),
            timedelta(hours=27),
        )
    ]
    assert found == [False, True, False, False, True, False]


def test_approval_for_two_dates_at_once_shows_the_clash(app: Flask, signed_in: SignIn) -> None:
    first = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, policies=APPROVAL)
    ann = asked(first)
    forget_mails()
    second = make.event(starts_at=NEXT_MONTH, policies=APPROVAL)
    page = signed_in(ann.person).post(f"/dates/{second.id}/book", {"step": "confirm"})
    assert (page.status, "You already have a booking for Neglect" in page.text) == (409, True)


def test_an_offer_that_clashes_is_taken_only_when_both_are_meant(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, capacity=1)
    ann, ben = booked(event, "Ann", "Ben")
    make.booking(make.event(make.course("Online Safety"), starts_at=NEXT_MONTH), ben.person)
    cancel(ann, by=ann.person, now=NOW, reason="On leave")
    browser = signed_in(ben.person)
    clash = browser.send(browser.get(f"/bookings/{ben.reference}"), "/take")
    assert (clash.status, clash.h1) == (409, "You have another booking at that time")
    assert ben.status is Status.OFFERED
    assert browser.send(clash, "/take").h1 == "Your place is booked"
    assert ben.status is Status.CONFIRMED


def test_naming_a_manager_does_not_bypass_eligibility(app: Flask, signed_in: SignIn) -> None:
    event = needing(make.course("Basics"), policies=APPROVAL)
    for columns in (MANAGER, {}):
        page = signed_in(make.person(**columns)).get(f"/dates/{event.id}/book")
        assert (page.status, page.h1) == (409, "This course is not open to you yet")


def test_automatic_list_offers_to_people_with_a_clash(app: Flask) -> None:
    event = make.event(starts_at=NEXT_MONTH, capacity=1, policies=make.AUTOMATIC, venue=make.venue())
    booked(event, "Zoe", "Ann", "Ben")
    make.booking(make.event(starts_at=NEXT_MONTH + timedelta(hours=2)), person_named("Ann"))
    # A place on the day after is no clash.
    make.booking(make.event(starts_at=NEXT_MONTH + timedelta(days=1)), person_named("Ben"))
    assert resize(event, 3, now=NOW) == 2
    assert [(name, status) for name, status in stored()[:3]] == [
        ("Zoe", Status.CONFIRMED),
        ("Ann", Status.OFFERED),
        ("Ben", Status.CONFIRMED),
    ]
    assert mails() == [("place_offered", "Ann"), ("booking_place_found", "Ben")]
