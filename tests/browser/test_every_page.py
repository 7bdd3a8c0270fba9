"""Check every page for each role, with data, empty and with errors: accessibility, width, weight and CSP."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import NotFound

from tests import make
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.looking import Inspector, Scales, untied_errors
from tests.browser.looks.learners import looks_of_lead, looks_of_nobody, looks_of_practitioner
from tests.browser.looks.office import (
    looks_of_administrator,
    looks_of_member,
    looks_of_officer,
    looks_of_trainer,
)
from tests.browser.looks.steps import Look
from tests.browser.programme import (
    Programme,
    evaluation_link,
    people,
    programme,
    tell,
)
from tests.conftest import NOW
from tests.mail.letters import waiting
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.evaluation.actions.invitations import open_form
from training_hub.people.models import Person
from training_hub.questionnaires.queries.versions import default_questionnaire

MOST_BYTES = 40_000
MOST_BYTES_OF_EVALUATION = 30_000

PARTS = {
    "nobody": 3,
    "practitioner": 3,
    "lead": 1,
    "trainer": 2,
    "officer": 6,
    "member": 1,
    "administrator": 1,
}
"""How many tests share the pages of a role, so that several processes can work on them."""

NO_PAGES = {
    "attendance.sheet",
    "bookings.calendar_file",
    "bookings.feed",
    "certificates.by_link",
    "certificates.pdf",
    "results.comments_file",
    "pages.programme_calendar",
    "reporting.people_file",
    "results.published_file",
    "results.results_file",
    "reporting.programme_file",
    "static",
    "web.health",
}
"""Endpoints that answer a GET with a file or with text for machines."""


def part_of(looks: list[Look], part: int, parts: int) -> list[Look]:
    """One of `parts` pieces of a list. Neighbours stay together."""
    begins, ends = (len(looks) * number // parts for number in (part, part + 1))
    return looks[begins:ends]


LOOKS: dict[str, Callable[[Programme], list[Look]]] = {
    "nobody": looks_of_nobody,
    "practitioner": looks_of_practitioner,
    "lead": looks_of_lead,
    "trainer": looks_of_trainer,
    "officer": looks_of_officer,
    "member": looks_of_member,
    "administrator": looks_of_administrator,
}


@pytest.mark.parametrize(("role", "part"), [(role, part) for role in PARTS for part in range(PARTS[role])])
def test_every_page_is_accessible_and_light(role: str, part: int, visitor: Callable[..., Page]) -> None:
    world = programme()
    page = visitor(PHONE, world.people.get(role))
    scales, inspector = Scales(page), Inspector(page)
    found: list[str] = []
    for look in part_of(LOOKS[role](world), part, PARTS[role]):
        page.set_viewport_size({"width": PHONE, "height": 800})
        came = scales.open(look.path)
        for step in look.steps:
            step(page)
        wrong = untied_errors(page) if look.has_errors else []
        if came >= MOST_BYTES:
            wrong.append(f"it weighs {came} bytes")
        wrong += inspector.faults()
        found += [f"{look.path} ({page.title().partition(' – ')[0]}): {fault}" for fault in wrong]
    assert found == []


def test_empty_pages_are_accessible(visitor: Callable[..., Page]) -> None:
    cast = people()
    empty = {
        "nobody": ["/", "/dates"],
        "practitioner": ["/", "/bookings"],
        "lead": ["/", "/agency"],
        "trainer": ["/", "/registers", "/registers?show=coming", "/results"],
        "officer": [
            *("/", "/reports/programme", "/outbox", "/manage/dates", "/manage/dates/add"),
            *("/results", "/comments", "/themes", "/actions", "/results/returns"),
            *(
                "/manage/forms",
                "/manage/courses",
                "/manage/venues",
                "/manage/people?q=nobody",
                "/manage/agencies?q=none",
            ),
        ],
    }
    found: list[str] = []
    for role, paths in empty.items():
        page = visitor(LAPTOP, cast.get(role))
        inspector = Inspector(page)
        for path in paths:
            page.goto(path)
            found += [f"{role} at {path}: {fault}" for fault in inspector.faults()]
    assert found == []


def test_every_page_is_checked(app: Flask) -> None:
    world = programme()
    looked_at = {
        _endpoint(app, look.path)
        for role, parts in PARTS.items()
        for part in range(parts)
        for look in part_of(LOOKS[role](world), part, parts)
        if _endpoint(app, look.path)
    }
    # Reached by steps: the second page of signing in.
    looked_at.add("sign_in.sign_in_code")
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(pages - looked_at) == sorted(NO_PAGES)


def test_full_lists_weigh_under_40_kb_and_evaluations_under_30(
    visitor: Callable[..., Page],
) -> None:
    cast = people()
    booking, crowded = _many(cast)
    asked = open_form(booking, now=NOW)
    most = {
        ("nobody", evaluation_link(asked)): MOST_BYTES_OF_EVALUATION,
        ("nobody", "/dates"): MOST_BYTES,
        ("practitioner", "/bookings"): MOST_BYTES,
        ("trainer", f"/registers/{crowded.id}/1"): MOST_BYTES,
        ("trainer", "/registers?show=past"): MOST_BYTES,
        ("officer", f"/manage/dates/{crowded.id}/bookings"): MOST_BYTES,
        ("officer", "/manage/dates?show=past"): MOST_BYTES,
        ("officer", "/manage/people"): MOST_BYTES,
        ("officer", "/manage/agencies"): MOST_BYTES,
        ("officer", "/outbox"): MOST_BYTES,
        ("officer", "/reports/programme"): MOST_BYTES,
        ("officer", "/results?from=2024-04-01&to=2026-03-31"): MOST_BYTES,
        ("officer", f"/results/courses/{crowded.course.slug}?from=2024-04-01&to=2026-03-31"): MOST_BYTES,
        ("officer", f"/results/dates/{crowded.id}"): MOST_BYTES,
        ("officer", "/comments"): MOST_BYTES,
        ("trainer", "/results?from=2024-04-01&to=2026-03-31"): MOST_BYTES,
        ("officer", "/reports/programme/people?figure=booked"): MOST_BYTES,
    }
    scales = {role: Scales(visitor(LAPTOP, cast.get(role))) for role in ("nobody", *cast)}
    came = {(role, path): scales[role].open(path) for role, path in most}
    assert {look: weight for look, weight in came.items() if weight >= most[look]} == {}


def _many(cast: dict[str, Person]) -> tuple[Booking, Event]:
    """Fill every list: Ann Archer has been to 50 dates, and Tia Trainer has run 60.

    Returns one of Ann's bookings, and yesterday's date with 24 people on its register.
    """
    ann, trainers = cast["practitioner"], (cast["trainer"],)
    courses = [make.course(f"A course whose title is rather long, number {number}") for number in range(14)]
    events = []
    for number in range(60):
        make.event(courses[number % 14], starts_at=NOW + timedelta(days=5 + number))
        past = NOW - timedelta(hours=24 + number * 8)
        events.append(make.event(courses[number % 14], starts_at=past, trainers=trainers))
        waiting(f"waiting.{number}@example.org", now=NOW)
    bookings = [make.booking(event, ann, Status.COMPLETED) for event in events[:50]]
    for _ in range(23):
        make.booking(events[0])
    form = default_questionnaire()
    for event in (*events[1:50], *[events[0]] * 24):
        tell(event, make.person(), form.id)
    return bookings[0], events[0]


def _endpoint(app: Flask, path: str) -> str:
    try:
        endpoint, _arguments = app.url_map.bind("localhost").match(path.partition("?")[0], method="GET")
    except NotFound:
        return ""
    return str(endpoint)
