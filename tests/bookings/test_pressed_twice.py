"""A button pressed several times: each press gets the first answer, and nobody is told twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests import make
from tests.attendance.registers import STARTED
from tests.bookings.told import NEXT_MONTH, mails, stored
from tests.page_client import PageClient
from tests.sign_in.test_races import at_once, sender
from training_hub.access import Role
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import db
from training_hub.people.models import Person

SignIn = Callable[..., PageClient]
Form = tuple[str, str, dict[str, Any]]
"""The page, the end of the address that its form posts to, and what is filled in."""


def a_date(**columns: Any) -> Event:
    return make.event(make.course("Neglect"), starts_at=NEXT_MONTH, **columns)


def cancel(person: Person) -> Form:
    return f"/bookings/{make.booking(a_date(), person).reference}/cancel", "/cancel", {"reason": "On leave"}


def transfer(person: Person) -> Form:
    event = a_date()
    other = make.event(event.course, starts_at=NEXT_MONTH + timedelta(days=7))
    place = make.booking(event, person)
    return f"/bookings/{place.reference}/transfer", "/transfer", {"event_id": str(other.id)}


def substitute(person: Person) -> Form:
    place = make.booking(a_date(), person)
    colleague = {"name": "Ben", "email": "ben@example.org"}
    return f"/bookings/{place.reference}/substitute", "/substitute", colleague


def take_an_offer(person: Person) -> Form:
    offer = make.booking(a_date(), person, Status.OFFERED)
    return f"/bookings/{offer.reference}", "/take", {}


def ask_to_be_told(person: Person) -> Form:
    return f"/courses/{make.course('Harm').slug}", "/tell-me", {}


def pick(officer: Person) -> Form:
    event = a_date(policies={"waiting_list": "manual"})
    turn = make.booking(event, status=Status.WAITING)
    page = f"/manage/dates/{event.id}/waiting/{turn.reference}/pick"
    return page, "/pick", {"how": "offer", "reason": "Needs it first"}


def pause(officer: Person) -> Form:
    event = a_date(capacity=1)
    make.booking(event)
    make.booking(event, status=Status.WAITING)
    return f"/manage/dates/{event.id}/bookings", "/pause", {"answer": "pause"}


def publish(officer: Person) -> Form:
    event = a_date(status=EventStatus.DRAFT, venue=make.venue())
    return f"/manage/dates/{event.id}", "/publish", {}


def record_an_equivalence(officer: Person) -> Form:
    course = {"course_id": str(make.course().id), "reason": "Trained elsewhere"}
    return f"/manage/people/{make.person().id}/equivalences", "/equivalences", course


def take_off_the_register(officer: Person) -> Form:
    event = make.event(starts_at=STARTED)
    booking = make.booking(event, walk_in=True)
    return (
        f"/registers/{event.id}/walk-in/{booking.reference}",
        f"/{booking.reference}",
        {"why": "By mistake"},
    )


def reserve(lead: Person) -> Form:
    return f"/dates/{a_date().id}/reserve", "/reserve", {"number": "2", "answer": "reserve"}


OWN = [cancel, transfer, substitute, take_an_offer, ask_to_be_told]
OFFICERS = [pick, pause, publish, record_an_equivalence, take_off_the_register]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("prepared", "role"),
    [
        *((each, None) for each in OWN),
        *((each, Role.HUB_OFFICER) for each in OFFICERS),
        (reserve, Role.AGENCY_LEAD),
    ],
)
def test_presses_at_once_and_later_get_one_answer(
    app: Flask, signed_in: SignIn, prepared: Callable[[Person], Form], role: Role | None
) -> None:
    person = make.person("Ann", *([role] if role else []))
    page, ends, filled = prepared(person)
    db.session.commit()
    browser = signed_in(person)
    found = browser.get(page)
    form = {**found.form(ends), **filled}
    actions = {each["attributes"]["action"] for each in found.forms}
    (action,) = (each for each in actions if each.split("?")[0].endswith(ends))
    assert at_once(*(sender(app, browser, action, form) for _ in range(4))) == [303] * 4
    after = stored(), mails()
    assert len(set(mails())) == len(mails())
    first, second = (browser.post(action, form) for _ in range(2))
    assert (first.status, first.response.location) == (second.status, second.response.location)
    assert (first.status, stored(), mails()) == (303, *after)
