"""The coming course dates, to search and filter."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus, Level
from training_hub.database import db

pytestmark = pytest.mark.postgres

SOON = NOW + timedelta(days=30)


def titles(page: Page) -> list[str]:
    """The courses of the cards, in order."""
    return [
        text.split(": ", 1)[1].rsplit(", ", 1)[0]
        for href, text in page.links
        if href.startswith(("/dates/", "/bookings/")) and ": " in text
    ]


def full(event: Any, people: int, waiting: int = 0) -> None:
    for number in range(people + waiting):
        make.booking(event, status=Status.CONFIRMED if number < people else Status.WAITING)


@pytest.fixture
def programme(app: Flask) -> None:
    """Four dates that differ for every filter, and three hidden ones."""
    children, adults = make.board("Children’s Board"), make.board("Adults’ Board")
    neglect = make.course("Managing Neglect", board=children, level=Level.CORE)
    refresher = make.course("Neglect Refresher 100%", board=children, level=Level.REFRESHER)
    allegations = make.course("Allegations", board=adults, level=Level.SPECIALIST)
    make.event(refresher, starts_at=datetime(2025, 6, 20, 8, 30, tzinfo=UTC), is_online=True)
    make.event(neglect, starts_at=datetime(2025, 6, 2, 8, 30, tzinfo=UTC), venue=make.venue("Wyvern House"))
    full(make.event(allegations, starts_at=datetime(2025, 7, 1, 8, 30, tzinfo=UTC), capacity=1), 1, 2)
    # The last day of July in London is the first of August by no clock here, but its UTC date is another.
    make.event(neglect, starts_at=datetime(2025, 7, 31, 22, 30, tzinfo=UTC), hours=1)
    make.event(make.course("Secret Draft Course"), starts_at=SOON, status=EventStatus.DRAFT)
    make.event(make.course("Called Off Course"), starts_at=SOON, status=EventStatus.CALLED_OFF)
    make.event(make.course("Unlisted Course", is_listed=False), starts_at=SOON)
    make.event(make.course("Yesterday"), starts_at=NOW - timedelta(days=1))
    db.session.commit()


@pytest.mark.usefixtures("programme")
def test_visitor_sees_published_dates_soonest_first(stranger: PageClient) -> None:
    page = stranger.get("/dates")
    assert (page.status, page.h1) == (200, "Course dates")
    assert titles(page) == ["Managing Neglect", "Neglect Refresher 100%", "Allegations", "Managing Neglect"]
    assert "4 upcoming dates" in page.text
    assert [word for word in ("Secret", "Called Off", "Unlisted", "Yesterday") if word in page.html] == []


@pytest.mark.usefixtures("programme")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("words=neglect", ["Managing Neglect", "Neglect Refresher 100%", "Managing Neglect"]),
        ("words=NEGLECT+manag", ["Managing Neglect", "Managing Neglect"]),
        ("words=100%25", ["Neglect Refresher 100%"]),
        ("words=_", []),
        ("level=refresher", ["Neglect Refresher 100%"]),
        ("level=nonsense", ["Managing Neglect", "Neglect Refresher 100%", "Allegations", "Managing Neglect"]),
        ("month=2025-06", ["Managing Neglect", "Neglect Refresher 100%"]),
        ("month=2025-07", ["Allegations", "Managing Neglect"]),
        ("place=online", ["Neglect Refresher 100%"]),
        ("place=room", ["Managing Neglect", "Allegations", "Managing Neglect"]),
        ("left=y", ["Managing Neglect", "Neglect Refresher 100%", "Managing Neglect"]),
        ("month=2025-06&place=online&words=refresher", ["Neglect Refresher 100%"]),
        (
            "month=2025-13&page=abc",
            ["Managing Neglect", "Neglect Refresher 100%", "Allegations", "Managing Neglect"],
        ),
    ],
)
def test_each_filter_selects_its_dates(stranger: PageClient, asked: str, found: list[str]) -> None:
    assert titles(stranger.get(f"/dates?{asked}")) == found


@pytest.mark.usefixtures("programme")
def test_course_and_board_filters_list_only_what_has_dates(stranger: PageClient) -> None:
    page = stranger.get("/dates")
    options = [given["name"] for given in page.inputs if given["tag"] == "select"]
    assert options == ["course", "board", "level", "month", "place"]
    boards = {b.name: b.slug for b in db.session.query(make.Board)}
    assert titles(stranger.get(f"/dates?board={boards['Adults’ Board']}")) == ["Allegations"]
    slugs = {c.title: c.slug for c in db.session.query(make.Course)}
    assert titles(stranger.get(f"/dates?course={slugs['Managing Neglect']}")) == ["Managing Neglect"] * 2


@pytest.mark.usefixtures("programme")
def test_a_course_without_dates_shows_none_and_says_what_to_do(stranger: PageClient) -> None:
    slug = next(c.slug for c in db.session.query(make.Course) if c.title == "Yesterday")
    page = stranger.get(f"/dates?course={slug}")
    assert titles(page) == []
    assert "No dates match Choose another month or fewer filters." in page.text
    assert ("/dates", "Show all dates") in page.links


def test_empty_programme_says_who_to_ask(stranger: PageClient) -> None:
    page = stranger.get("/dates")
    assert "No upcoming dates" in page.text
    assert "training@example.org" in page.text


def test_each_card_says_how_many_places_are_left(app: Flask, stranger: PageClient, clock: TestClock) -> None:
    full(make.event(make.course("A"), starts_at=SOON, capacity=24), 21)
    full(make.event(make.course("B"), starts_at=SOON + timedelta(days=1), capacity=2), 2, 5)
    # Someone has just cancelled, and the first person waiting is about to get the place.
    full(make.event(make.course("C"), starts_at=SOON + timedelta(days=2), capacity=3), 2, 1)
    make.event(make.course("D"), starts_at=NOW + timedelta(days=2))
    db.session.commit()
    page = stranger.get("/dates")
    assert [text.split(":")[0] for href, text in page.links if href.startswith("/dates/")] == [
        "See", "Book", "Waiting list", "Waiting list",
    ]  # fmt: skip
    for words in ("Bookings closed", "3 of 24 places left", "Full, 5 waiting", "Full, 1 waiting"):
        assert page.text.count(words) == 1
    assert titles(stranger.get("/dates?left=y")) == ["A"]


def test_card_shows_only_ones_own_booking(app: Flask, signed_in: Callable[..., PageClient]) -> None:
    ann, ben = make.person("Ann"), make.person("Ben")
    mine, his = make.event(starts_at=SOON), make.event(starts_at=SOON + timedelta(days=1))
    booking, other = make.booking(mine, ann), make.booking(his, ben)
    make.booking(his, ann, Status.CANCELLED)
    db.session.commit()
    page = signed_in(ann).get("/dates")
    assert page.text.count("You have a place") == 1
    assert [href for href, _ in page.links if href.startswith("/bookings/")] == [
        f"/bookings/{booking.reference}"
    ]
    assert other.reference not in page.html


def test_long_listing_is_paged_and_keeps_the_search(app: Flask, stranger: PageClient) -> None:
    course = make.course("Neglect")
    for day in range(25):
        make.event(course, starts_at=SOON + timedelta(days=day))
    db.session.commit()
    page = stranger.get("/dates?words=neglect&utm=x")
    assert len(titles(page)) == 24
    assert ("/dates?words=neglect&page=2", "Next page") in page.links
    second = stranger.get("/dates?words=neglect&page=2")
    assert len(titles(second)) == 1
    assert second.title.startswith("Course dates, page 2")
    assert "There is no page 9" in stranger.get("/dates?words=neglect&page=9").text


def test_listing_needs_a_fixed_number_of_queries(
    app: Flask, stranger: PageClient, signed_in: Callable[..., PageClient],
    queries: Callable[[Callable[[], object]], int],
) -> None:  # fmt: skip
    ann = make.person("Ann")
    make.booking(make.event(starts_at=SOON, venue=make.venue()), ann)
    db.session.commit()
    client = signed_in(ann)
    one = queries(lambda: stranger.get("/dates")), queries(lambda: client.get("/dates"))
    for _ in range(2):
        make.booking(make.event(starts_at=SOON, venue=make.venue()), ann)
    db.session.commit()
    three = queries(lambda: stranger.get("/dates")), queries(lambda: client.get("/dates"))
    assert three == one
    # The choices, the dates and their places; on SQLite the BEGIN counts too.
    assert one[0] <= 4


def test_course_title_is_escaped(app: Flask, stranger: PageClient) -> None:
    make.event(make.course("<b>Neglect</b>"), starts_at=SOON)
    db.session.commit()
    page = stranger.get('/dates?words="><b>')
    assert "<b>Neglect" not in page.html + stranger.get("/dates").html + stranger.get("/").html
    assert next(given["value"] for given in page.inputs if given.get("name") == "words") == '"><b>'
