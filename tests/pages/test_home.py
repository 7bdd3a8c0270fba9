"""The home page for each role."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus
from training_hub.certificates.actions import issue
from training_hub.database import db
from training_hub.mail.models import Mail, MailState

SOON = NOW + timedelta(days=30)
YESTERDAY = NOW - timedelta(days=1)
SignIn = Callable[..., PageClient]


def section(page: Page, start: str, end: str = "") -> str:
    """The words of a page from one heading to another."""
    text = page.text.split(start, 1)[1] if start in page.text else ""
    return text.split(end, 1)[0] if end else text


def test_visitor_sees_what_the_hub_is_and_the_next_dates(app: Flask, stranger: PageClient) -> None:
    course = make.course("Neglect")
    event = make.event(course, starts_at=SOON)
    make.event(make.course("Secret Draft", is_listed=False), starts_at=SOON, status=EventStatus.DRAFT)
    db.session.commit()
    page = stranger.get("/")
    assert page.h1 == "Training that keeps children safe"
    assert ("/dates", "Find a course date") in page.links
    assert [href for href, _ in page.links if href.startswith("/dates/")] == [f"/dates/{event.id}"]
    assert (f"/courses/{course.slug}", "Neglect") in page.links
    assert "Secret" not in page.html


def test_empty_programme_is_stated_on_the_home_page(
    app: Flask, stranger: PageClient, signed_in: SignIn
) -> None:
    ann = make.person("Ann")
    db.session.commit()
    assert "No upcoming dates" in stranger.get("/").text
    page = signed_in(ann).get("/")
    assert page.h1 == "Your training"
    assert "You have no upcoming course dates" in page.text


def test_practitioner_sees_only_own_bookings_and_evaluations(app: Flask, signed_in: SignIn) -> None:
    ann, ben = make.person("Ann"), make.person("Ben")
    form = make.questionnaire()
    past = make.event(make.course("Past Neglect"), starts_at=YESTERDAY)
    make.returned(make.booking(past, ann, Status.COMPLETED), form)
    make.returned(make.booking(past, ben, Status.COMPLETED), form, NOW)
    other = make.event(make.course("Bens Past"), starts_at=YESTERDAY)
    make.returned(make.booking(other, ben, Status.COMPLETED), form)
    place = make.booking(make.event(make.course("Coming"), starts_at=SOON), ann)
    waiting = make.booking(make.event(make.course("Waited for"), starts_at=SOON), ann, Status.WAITING)
    bens = make.booking(make.event(make.course("Bens"), starts_at=SOON, capacity=1), ben)
    db.session.commit()
    page = signed_in(ann).get("/")
    mine = section(page, "Your next course dates", "Next in the programme")
    assert ("You have a place" in mine, "On the waiting list" in mine, "Bens" in mine) == (True, True, False)
    assert {href for href, _ in page.links if href.startswith("/bookings/")} == {
        f"/bookings/{place.reference}",
        f"/bookings/{waiting.reference}",
    }
    assert bens.reference not in page.html
    assert "One course needs your evaluation" in page.text
    asked = [(href, text) for href, text in page.links if href.startswith("/evaluate/")]
    assert [text for _, text in asked] == ["Past Neglect, 5 May 2025"]
    assert signed_in(ann).get(asked[0][0]).status == 200


def test_home_shows_an_offer_first_with_its_deadline(app: Flask, signed_in: SignIn) -> None:
    ann, day = make.person("Ann"), timedelta(days=1)
    offered = [
        make.booking(
            make.event(make.course(title), starts_at=SOON), ann, Status.OFFERED, decide_by=NOW + days * day
        )
        for title, days in (("Later", 2), ("Sooner", 1), ("Run out", -1))
    ]
    bens = make.event(make.course("Bens"), starts_at=SOON)
    make.booking(bens, make.person("Ben"), Status.OFFERED, decide_by=NOW + day)
    db.session.commit()
    page = signed_in(ann).get("/")
    assert section(page, "Your training", "Your next course dates") == (
        " 2 places are held for you Accept or decline each in time, or it goes to the next person."
        " Sooner, 5 June 2025 : until Wednesday 7 May 2025, 9:30am"
        " Later, 5 June 2025 : until Thursday 8 May 2025, 9:30am "
    )
    to = [href for href, words in page.links if words.endswith(", 5 June 2025")]
    assert to == [f"/bookings/{offered[1].reference}", f"/bookings/{offered[0].reference}"]


def test_certificates_tile_leads_to_certificates(app: Flask, signed_in: SignIn) -> None:
    ann = make.person("Ann")
    issue(
        make.booking(make.event(make.course(is_evaluated=False), starts_at=YESTERDAY), ann, Status.COMPLETED),
        now=NOW,
    )
    db.session.commit()
    browser = signed_in(ann)
    [href] = [href for href, words in browser.get("/").links if words == "Certificates"]
    path, _, place = href.partition("#")
    assert place in browser.get(path).ids


def test_only_training_leads_get_a_link_to_their_agency(app: Flask, signed_in: SignIn) -> None:
    lead, ann = make.person("Lena", Role.AGENCY_LEAD), make.person("Ann")
    db.session.commit()
    tile = ("/agency", "Our agency")
    # Once in the navigation, and once as a tile.
    assert [signed_in(who).get("/").links.count(tile) for who in (lead, ann)] == [2, 0]


def test_unregistered_person_is_asked_to_register(app: Flask, signed_in: SignIn) -> None:
    new = make.person("New", registered_at=None)
    db.session.commit()
    page = signed_in(new).get("/")
    assert ("/profile", "Give your details") in page.links


@pytest.mark.postgres
def test_trainer_sees_todays_and_unmarked_registers(app: Flask, signed_in: SignIn) -> None:
    tom, tina = make.person("Tom", Role.TRAINER), make.person("Tina", Role.TRAINER)
    today = make.event(make.course("Today"), starts_at=NOW - timedelta(hours=2), trainers=(tom,))
    two_days = make.event(make.course("Day two"), starts_at=YESTERDAY, days=2, trainers=(tom,))
    make.event(make.course("Tinas"), starts_at=NOW, trainers=(tina,))
    make.event(make.course("Called off"), starts_at=NOW, trainers=(tom,), status=EventStatus.CALLED_OFF)
    make.booking(today)
    make.booking(today, status=Status.WAITING)
    late = make.event(make.course("Unmarked"), starts_at=NOW - timedelta(days=4), trainers=(tom,))
    make.booking(late)
    marked = make.event(make.course("Marked"), starts_at=NOW - timedelta(days=5), trainers=(tom,))
    make.booking(marked, status=Status.COMPLETED)
    db.session.commit()
    page = signed_in(tom).get("/")
    assert page.h1 == "Today, Tuesday 6 May 2025"
    assert [href for href, _ in page.links if href.startswith("/registers/")] == [
        f"/registers/{today.id}/1",
        f"/registers/{two_days.id}/2",
        f"/registers/{late.id}/1",
    ]
    assert "1 person expected" in page.text


def test_officer_sees_what_needs_attention(app: Flask, signed_in: SignIn) -> None:
    officer = make.officer()
    late = make.event(make.course("Unmarked"), starts_at=NOW - timedelta(days=4))
    make.booking(late)
    # Imported history, which had ended before it was entered, gets no reminders.
    old = make.event(make.course("History"), starts_at=NOW - timedelta(days=40), entered_at=NOW)
    make.booking(old)
    few = make.event(make.course("Nearly empty"), starts_at=NOW + timedelta(days=10))
    make.booking(few, status=Status.CANCELLED)
    make.booking(few)
    enough = make.event(make.course("Well booked"), starts_at=NOW + timedelta(days=10))
    for _ in range(8):
        make.booking(enough)
    make.event(make.course("Far away"), starts_at=NOW + timedelta(days=60))
    make.event(make.course("Draft"), starts_at=SOON, status=EventStatus.DRAFT)
    db.session.add(
        Mail(
            key="k", template="t", urgency=1, to_email="x@example.org", subject="s", text="t", html="h",
            message_id="<m@example.org>", state=MailState.FAILED, queued_at=NOW, next_try_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    page = signed_in(officer).get("/")
    needs = section(page, "Needs your attention", "Find a course date")
    assert needs == (
        " Registers not marked Unmarked 2 May 2025: 1 person not marked"
        " Too few booked Nearly empty 16 May 2025: 1 person has a place, 8 needed"
        " Also waiting 1 email could not be sent 1 course date in draft "
    )
    assert ("/reports/programme", "The programme report") in page.links


def test_an_officer_with_nothing_to_do_is_told_so(app: Flask, signed_in: SignIn) -> None:
    officer = make.officer()
    db.session.commit()
    assert "Nothing is waiting." in signed_in(officer).get("/").text


def test_hub_member_sees_the_report_and_no_office_pages(app: Flask, signed_in: SignIn) -> None:
    member = make.person("Hal", Role.HUB_MEMBER)
    make.booking(make.event(starts_at=NOW - timedelta(days=4)))
    db.session.commit()
    page = signed_in(member).get("/")
    assert ("/reports/programme", "The programme report") in page.links
    assert ("Needs your attention" in page.text, "Manage dates" in page.text) == (False, False)


def test_home_needs_a_fixed_number_of_queries(
    app: Flask, clock: TestClock, stranger: PageClient, signed_in: SignIn,
    queries: Callable[[Callable[[], object]], int],
) -> None:  # fmt: skip
    both = make.person("Olive", Role.HUB_OFFICER, Role.TRAINER)
    form = make.questionnaire()

    def one_of_everything() -> None:
        make.booking(make.event(starts_at=NOW + timedelta(days=10), venue=make.venue()), both)
        make.booking(make.event(starts_at=NOW, trainers=(both,)))
        past = make.event(starts_at=NOW - timedelta(days=4), trainers=(both,))
        make.booking(past)
        make.returned(make.booking(past, both, Status.COMPLETED), form)
        db.session.commit()

    one_of_everything()
    client = signed_in(both)
    one = queries(lambda: client.get("/")), queries(lambda: stranger.get("/"))
    one_of_everything()
    one_of_everything()
    assert (queries(lambda: client.get("/")), queries(lambda: stranger.get("/"))) == one
