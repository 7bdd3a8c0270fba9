"""How many places are left is the same on every page that says it."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db

SignIn = Callable[..., PageClient]
DAY = timedelta(days=1)


def _free_and_waited_for() -> Event:
    """A date with one of two places free and a person waiting: the training team decides who gets it."""
    event = make.event(make.course("Neglect"), starts_at=NOW + 30 * DAY, capacity=2)
    event.policies = {"waiting_list": "manual"}
    make.booking(event)
    make.booking(event, status=Status.WAITING)
    return event


def test_other_date_with_waiting_people_counts_as_full(app: Flask, signed_in: SignIn) -> None:
    full = _free_and_waited_for()
    make.event(full.course, starts_at=NOW + 40 * DAY)
    closed = make.event(full.course, starts_at=NOW + DAY)
    db.session.commit()
    page = signed_in(make.person("Ann")).get(f"/dates/{closed.id}/book")
    assert page.status == 409
    cards = page.text.partition("Other dates of this course")[2]
    assert [words in cards for words in ("Full, 1 waiting Waiting list", "24 of 24 places left Book")] == [
        True,
        True,
    ]


def test_lead_reads_the_same_places_on_every_page(app: Flask, signed_in: SignIn) -> None:
    event, lead = _free_and_waited_for(), make.person("Lena", Role.AGENCY_LEAD)
    db.session.commit()
    paths = [f"/dates/{event.id}{page}" for page in ("", "/group", "/reserve")]
    assert ["Full, 1 waiting" in signed_in(lead).get(path).text for path in paths] == [True, True, True]
