"""Marking a register on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from tests import make
from tests.browser.conftest import PHONE, Site, press
from tests.browser.looking import tab_to
from tests.browser.reading import heading, texts
from tests.conftest import NOW
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Person


def _today(trainer: Person) -> Event:
    """A course date that began half an hour ago, with five people booked."""
    event = make.event(
        make.course("Working Together"), starts_at=NOW - timedelta(minutes=30), trainers=(trainer,)
    )
    for name in ("Ann Archer", "Ben Baker", "Carol Cole", "Dan Drew", "Eve Ellis"):
        make.booking(event, make.person(name))
    return event


@pytest.mark.postgres
def test_trainer_marks_a_register_and_adds_a_walk_in_on_a_phone(
    site: Site, visitor: Callable[..., Page]
) -> None:
    trainer = make.person("Tia Trainer", Role.TRAINER)
    _today(trainer)
    make.person("Wes Walker", email="wes@example.org")
    page = visitor(PHONE, trainer, "/registers", has_touch=True, is_mobile=True)

    press(page.get_by_role("link", name="Mark register"), Locator.tap)
    assert heading(page) == "Register"
    for name, mark in (
        ("Ann Archer", "Present"),
        ("Ben Baker", "Late"),
        ("Carol Cole", "Left early"),
        ("Dan Drew", "Absent"),
        ("Eve Ellis", "Present"),
    ):
        _choose(page, name, mark)
    assert _too_small_for_a_thumb(page) == []
    # Adding someone from the register saves the marks already chosen.
    press(page.get_by_role("button", name="Save and add someone"), Locator.tap)
    page.get_by_label("Their work email address").fill("wes@example.org")
    press(page.get_by_role("button", name="Continue"), Locator.tap)
    assert heading(page) == "Is this Wes Walker?"
    press(page.get_by_role("button", name="Yes, add Wes Walker"), Locator.tap)
    assert texts(page, ".notice h2") == ["Wes Walker is on the register"]
    assert texts(page, ".save-bar strong") == ["6 of 6 marked"]
    assert _outcomes() == {
        "Ann Archer": Status.COMPLETED,
        "Ben Baker": Status.COMPLETED,
        "Carol Cole": Status.PARTIAL,
        "Dan Drew": Status.DID_NOT_ATTEND,
        "Eve Ellis": Status.COMPLETED,
        "Wes Walker": Status.COMPLETED,
    }

    site.clock.now += timedelta(minutes=20)
    _choose(page, "Dan Drew", "Late")
    press(page.get_by_role("button", name="Save register"), Locator.tap)
    [complaint] = texts(page, ".error-summary li")
    assert _outcomes()["Dan Drew"] is Status.DID_NOT_ATTEND
    # What was chosen is still chosen, and the reason is asked for next to it.
    expect(_row(page, "Dan Drew").get_by_label("Late")).to_be_checked()
    page.get_by_role("link", name=complaint).tap()
    why = page.get_by_label("Why are you changing a saved mark?")
    expect(why).to_be_focused()
    why.fill("Dan came at 9:20am")
    press(page.get_by_role("button", name="Save register"), Locator.tap)
    assert _outcomes()["Dan Drew"] is Status.COMPLETED

    press(page.get_by_role("link", name="History of Dan Drew"), Locator.tap)
    assert heading(page) == "Dan Drew"
    assert texts(page, ".timeline li p:first-child")[-2:] == [
        "The mark was changed from “absent” to “late”.",
        "The outcome became “completed”.",
    ]
    assert texts(page, ".timeline li p.muted")[-2] == "6 May 2025, 9:50am, Tia Trainer – Dan came at 9:20am"


def test_save_bar_never_covers_the_focused_mark(
    visitor: Callable[..., Page],
) -> None:
    trainer = make.person("Tia Trainer", Role.TRAINER)
    event = _today(trainer)
    for _ in range(10):
        make.booking(event)
    page = visitor(PHONE, trainer, f"/registers/{event.id}/1")
    page.get_by_role("radio", name="Present").first.focus()
    assert tab_to(page, lambda page: page.get_by_role("button", name="Save register")) == []
    page.keyboard.press("Enter")
    expect(page.locator(".save-bar strong")).to_have_text("0 of 15 marked")


def _row(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name)


def _choose(page: Page, name: str, mark: str) -> None:
    _row(page, name).get_by_role("radio", name=mark, exact=True).tap()


def _too_small_for_a_thumb(page: Page) -> list[str]:
    """The choices that are under 44 pixels high or wide."""
    found: list[str] = page.locator(".thumb label").evaluate_all(
        "labels => labels.filter(label => { const box = label.getBoundingClientRect();"
        " return box.width < 44 || box.height < 44 }).map(label => label.innerText)"
    )
    return found


def _outcomes() -> dict[str, Status]:
    db.session.rollback()
    return {row.person.name: row.status for row in db.session.scalars(select(Booking).order_by(Booking.id))}
