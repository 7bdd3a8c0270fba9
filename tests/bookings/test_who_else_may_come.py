"""Colleagues who may not come: the page says what the course needs and what to do, not what they have completed."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.bookings.told import NEXT_MONTH, mails, stored
from tests.conftest import NOW
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Agency, Person, Sector

SignIn = Callable[..., PageClient]


def world() -> tuple[Agency, Event, Booking, Person]:
    """Ann of Oak School has a place on a course that asks for two others; Una of Oak School has completed one."""
    oak = make.agency("Oak School")
    basics, signs = make.course("Basics"), make.course("Signs of harm")
    course = make.course("Neglect")
    course.prerequisites = [basics, signs]
    event = make.event(course, starts_at=NEXT_MONTH)
    ann = make.booking(event, make.person("Ann", of=oak))
    una = make.person("Una Unprepared", of=oak, email="una@example.org")
    make.booking(make.event(basics, starts_at=NOW - timedelta(days=90)), una, Status.COMPLETED)
    db.session.commit()
    return oak, event, ann, una


def pass_to(browser: PageClient, booking: Booking, email: str) -> Page:
    page = browser.get(f"/bookings/{booking.reference}/substitute")
    return browser.send(page, "/substitute", name="Some One", email=email)


def test_ineligible_colleague_page_says_what_to_do(app: Flask, signed_in: SignIn) -> None:
    oak, event, ann, _una = world()
    before = stored()
    lead = make.person("Lee Lead", Role.AGENCY_LEAD, of=oak)
    seen = []
    for person in (ann.person, lead):
        browser = signed_in(person)
        # The page is the same for Una, who completed one of the two, and for a person unknown to us.
        for email in ("una@example.org", "new@example.org"):
            page = pass_to(browser, ann, email)
            assert (page.status, page.h1) == (409, "This colleague cannot come yet")
            assert page.title.startswith("This colleague cannot come yet")
            assert "The place has not been passed on." in page.text
            for title in ("Basics", "Signs of harm"):
                assert f"They need to have completed {title} first." in page.text
            assert "Una" not in page.text
            links = [href for href, _words in page.links]
            for path in ("substitute", "cancel"):
                assert f"/bookings/{ann.reference}/{path}" in links
            assert [f"/courses/{course.slug}" in links for course in event.course.prerequisites] == [True] * 2
            seen.append(page.text.replace(person.name, ""))
    assert seen[0] == seen[1]
    assert (stored(), mails()) == (before, [])
    assert db.session.scalars(select(Person).where(Person.name == "Some One")).all() == []


def test_officer_reads_what_the_colleague_lacks(app: Flask, signed_in: SignIn) -> None:
    _oak, _event, ann, _una = world()
    page = pass_to(signed_in(make.officer()), ann, "una@example.org")
    assert (page.status, page.h1) == (409, "This colleague cannot come yet")
    assert "They need to have completed Signs of harm first." in page.text
    assert "Basics" not in page.text


def test_sector_bar_names_the_agency(app: Flask, signed_in: SignIn) -> None:
    oak = make.agency("Oak School", sector=Sector.SCHOOL)
    event = make.event(make.course("Neglect"), starts_at=NEXT_MONTH, policies={"sectors": ["health"]})
    ann = make.booking(event, make.person("Ann", of=oak))
    page = pass_to(signed_in(ann.person), ann, "new@example.org")
    assert (page.status, page.h1) == (409, "This colleague cannot come")
    assert "This course is open to health services only. Oak School is listed as “school”." in page.text
    assert stored() == [("Ann", Status.CONFIRMED)]


def test_transfer_to_a_date_of_another_sector_says_so(app: Flask, signed_in: SignIn) -> None:
    oak = make.agency("Oak School", sector=Sector.SCHOOL)
    course = make.course("Neglect")
    ann = make.booking(make.event(course, starts_at=NEXT_MONTH), make.person("Ann", of=oak))
    other = make.event(course, starts_at=NEXT_MONTH, policies={})
    path = f"/bookings/{ann.reference}/transfer"
    lead = make.person("Lee Lead", Role.AGENCY_LEAD, of=oak)
    for person, whose, heading in (
        (ann.person, "Your agency", "This course is not open to you"),
        (lead, "Oak School", "This date is not open to them"),
    ):
        browser = signed_in(person)
        other.policies = {}
        db.session.commit()
        page = browser.get(path)
        # The date is closed to their sector while the page is open.
        other.policies = {"sectors": ["health"]}
        db.session.commit()
        refused = browser.send(page, "/transfer", event_id=str(other.id))
        assert (refused.status, refused.h1) == (409, heading)
        sentence = f"This course is open to health services only. {whose} is listed as “school”."
        assert sentence in refused.text
        assert "The place has not been moved." in refused.text
        links = [href for href, _words in refused.links]
        assert (path in links, f"/bookings/{ann.reference}" in links) == (True, True)
    assert stored() == [("Ann", Status.CONFIRMED)]


def test_group_says_what_the_course_requires(app: Flask, signed_in: SignIn) -> None:
    oak, event, _ann, _una = world()
    lead = make.person("Lee Lead", Role.AGENCY_LEAD, of=oak)
    browser = signed_in(lead)
    page = browser.get(f"/dates/{event.id}/group")
    page = browser.send(page, "/group", people="una@example.org\nNew One, new@example.org", step="check")
    assert (page.status, page.h1) == (200, "Check the list")
    assert page.text.count("Needs to have completed Basics and Signs of harm first.") == 2
    assert "Who can come to this course" in page.text
    assert "If someone completed this or a similar course elsewhere, they can write to" in page.text
    links = [href for href, _words in page.links]
    assert [f"/courses/{course.slug}" in links for course in event.course.prerequisites] == [True] * 2
