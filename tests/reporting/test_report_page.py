"""The report page: who may read it, which periods it takes, and the people behind its numbers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.status import Status
from training_hub.database import db

pytestmark = pytest.mark.postgres

QUERY = "?from=2025-04-01&to=2026-03-31"
PEOPLE = f"/reports/programme/people{QUERY}&figure="


def a_programme() -> None:
    """One date with one of each: a completed place, a DNA, a place without an outcome, and an upcoming one."""
    over = make.event(make.course("Neglect"), starts_at=NOW - timedelta(days=3), capacity=10)
    make.booking(over, make.person("Carys Completed"), Status.COMPLETED)
    make.booking(over, make.person("Dafydd Absent"), Status.DID_NOT_ATTEND)
    make.booking(over, make.person("Norah Unrecorded"), Status.CONFIRMED)
    make.booking(make.event(over.course, starts_at=NOW + timedelta(days=9)), make.person("Tomos Tocome"))


def test_the_page_proves_that_its_figures_add_up(app: Flask, signed_in: Callable[..., PageClient]) -> None:
    a_programme()
    officer = make.officer()
    db.session.commit()
    page = signed_in(officer).get(f"/reports/programme{QUERY}")
    proof = (
        "3 booked = 1 completed + 0 partial + 1 did not attend + 0 cancelled + 0 cancelled late"
        " + 0 event cancelled + 1 not recorded."
    )
    assert (page.status, page.text.count(proof)) == (200, 1)
    assert page.text.count("1 course date in this period is not over yet, with 1 of 24 places held.") == 1


def test_a_hub_member_reads_figures_and_never_names(app: Flask, signed_in: Callable[..., PageClient]) -> None:
    a_programme()
    member = make.person("Huw Member", Role.HUB_MEMBER)
    db.session.commit()
    client = signed_in(member)
    page = client.get(f"/reports/programme{QUERY}")
    assert (page.status, [href for href, _ in page.links if "people" in href]) == (200, [])
    refused = client.get(f"{PEOPLE}completed")
    assert (refused.status, "Carys" in refused.text) == (403, False)


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ADMINISTRATOR])
def test_people_without_the_permission_read_no_report(
    app: Flask, signed_in: Callable[..., PageClient], role: Role
) -> None:
    a_programme()
    person = make.person("Someone Else", role)
    db.session.commit()
    page = signed_in(person).get(f"/reports/programme{QUERY}")
    assert (page.status, "Neglect" in page.text) == (403, False)


@pytest.mark.parametrize(
    ("figure", "names"),
    [
        ("booked", ["Carys Completed", "Dafydd Absent", "Norah Unrecorded"]),
        ("completed", ["Carys Completed"]),
        ("did_not_attend", ["Dafydd Absent"]),
        ("not_recorded", ["Norah Unrecorded"]),
        ("evaluations_outstanding", ["Carys Completed"]),
        ("cancelled", []),
    ],
)
def test_each_number_leads_to_exactly_its_people(
    app: Flask, signed_in: Callable[..., PageClient], figure: str, names: list[str]
) -> None:
    a_programme()
    officer = make.officer()
    db.session.commit()
    page = signed_in(officer).get(PEOPLE + figure)
    everyone = ["Carys Completed", "Dafydd Absent", "Norah Unrecorded", "Tomos Tocome"]
    assert (page.status, [name for name in everyone if name in page.text]) == (200, names)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?from=2025-04-01&to=2024-04-01", "The period ends before it begins."),
        ("?from=yesterday", "The “from” day must be a real date, such as 2025-04-01."),
        ("?from=2000-01-01&to=2025-01-01", "The period is longer than ten years."),
        ("?from=0001-01-01&to=0001-02-01", "The “from” day must be between 1990 and 2200."),
    ],
)
def test_an_impossible_period_is_refused_in_a_sentence(
    app: Flask, signed_in: Callable[..., PageClient], query: str, sentence: str
) -> None:
    officer = make.officer()
    db.session.commit()
    client = signed_in(officer)
    page, file = client.get(f"/reports/programme{query}"), client.get(f"/reports/programme.csv{query}")
    # In the summary, and next to the field.
    assert (page.status, page.text.count(sentence)) == (422, 2)
    assert (file.status, file.text.count(sentence)) == (409, 1)


def test_queries_do_not_grow_with_the_programme(
    app: Flask, signed_in: Callable[..., PageClient], queries: Callable[[Callable[[], object]], int]
) -> None:
    officer = make.officer()
    make.booking(make.event(starts_at=NOW - timedelta(days=3)), status=Status.COMPLETED)
    db.session.commit()
    client = signed_in(officer)
    with_one = queries(lambda: client.get(f"/reports/programme{QUERY}"))
    for _ in range(2):
        make.booking(make.event(starts_at=NOW - timedelta(days=3)), status=Status.COMPLETED)
    db.session.commit()
    assert queries(lambda: client.get(f"/reports/programme{QUERY}")) == with_one
