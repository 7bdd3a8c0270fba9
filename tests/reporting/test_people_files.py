"""The people behind the figures as a file: how many rows, what they hold, and who may have them."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from python_calamine import CalamineWorkbook
from sqlalchemy import delete

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import OUTCOMES, Status
from training_hub.catalogue.models import Course, Event, EventSession
from training_hub.commands.report import Operator
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.reporting.models import Figures, Filters
from training_hub.reporting.people import COLUMNS
from training_hub.reporting.queries.people import FIGURES
from training_hub.reporting.queries.programme import programme

SignIn = Callable[..., PageClient]
YEAR = date(2025, 4, 1), date(2026, 3, 31)
QUERY = "?from=2025-04-01&to=2026-03-31"
LAST_WEEK = NOW - timedelta(days=7)


def path(kind: str, figure: str = "everyone", course: int | None = None) -> str:
    return f"/reports/programme/people.{kind}{QUERY}&figure={figure}" + (
        f"&course={course}" if course else ""
    )


def rows_in(
    client: PageClient, kind: str, figure: str = "everyone", course: int | None = None
) -> list[list[str]]:
    """The rows of a file, its head first."""
    answer = client.http.get(path(kind, figure, course))
    assert answer.status_code == 200
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_name("People").to_python()]


def number(figures: Figures, figure: str) -> int:
    """How many people the report counts."""
    if figure == "everyone":
        return figures.booked + figures.walk_ins
    if figure == "evaluations_outstanding":
        return figures.evaluations_due - figures.evaluations_returned
    statuses = {outcome.slug: outcome.status for outcome in OUTCOMES}
    return figures.of(statuses[figure]) if figure in statuses else int(getattr(figures, figure))


WALK_IN = [Status.CONFIRMED, Status.COMPLETED, Status.PARTIAL]
fates = some.tuples(some.sampled_from(list(Status)), some.booleans(), some.booleans())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.tuples(some.booleans(), some.booleans(), some.lists(fates, max_size=5)), max_size=3))
def test_a_file_has_as_many_rows_as_its_figure_says(
    app: Flask, signed_in: SignIn, history: list[tuple[bool, bool, list[tuple[Status, bool, bool]]]]
) -> None:
    for table in (Invitation, BookingChange, Booking, EventSession, Event, Course):
        db.session.execute(delete(table))
    form = make.questionnaire()
    for is_evaluated, is_over, people in history:
        starts_at = LAST_WEEK if is_over else NOW + timedelta(days=7)
        event = make.event(make.course(is_evaluated=is_evaluated), starts_at=starts_at)
        for status, walked_in, is_back in people:
            booking = make.booking(event, status=status, walk_in=walked_in and status in WALK_IN)
            if is_back:
                make.returned(booking, form, NOW)
    officer = make.officer()
    db.session.commit()
    report = programme(Operator(), Filters(first=YEAR[0], last=YEAR[1]), now=NOW)
    wanted = [(None, report.totals), *((row.course_id, row.figures) for row in report.courses)]
    client = signed_in(officer)
    for course, figures in wanted:
        for figure in FIGURES:
            found = {kind: rows_in(client, kind, figure, course)[1:] for kind in ("csv", "xlsx")}
            assert len(found["csv"]) == number(figures, figure)
            assert [row[0] for row in found["csv"]] == [row[0] for row in found["xlsx"]]


def test_a_row_holds_one_booking_and_no_needs(app: Flask, signed_in: SignIn) -> None:
    oak, form = make.agency("Oak School"), make.questionnaire()
    event = make.event(make.course("Neglect"), starts_at=LAST_WEEK)
    ann = make.booking(event, make.person("Ann Archer", of=oak, email="ann@example.org"), Status.COMPLETED)
    late = make.booking(
        event, make.person("Bob Best", of=oak, email="bob@example.org"), Status.CANCELLED_LATE
    )
    came = make.booking(
        event, make.person("Will Walk", of=oak, email="will@example.org"), Status.COMPLETED, walk_in=True
    )
    make.returned(ann, form, NOW)
    late.history[-1].why = "A private reason"
    db.session.add(BookingNeeds(booking_id=ann.id, access="Hearing loop", dietary="Halal"))
    # The agency as at booking stays when the person moves on.
    ann.person.agency = make.agency("Elm School")
    officer = make.officer()
    db.session.commit()
    client = signed_in(officer)
    shared = ["Neglect", "2025-04-29", "Oak School"]
    assert rows_in(client, "csv") == [
        [column.head for column in COLUMNS],
        [ann.reference, *shared, "Ann Archer", "ann@example.org", "Completed", "", "yes", "yes"],
        [late.reference, *shared, "Bob Best", "bob@example.org", "Cancelled late", "", "", ""],
        [came.reference, *shared, "Will Walk", "will@example.org", "Completed", "yes", "yes", ""],
    ]
    assert rows_in(client, "xlsx") == rows_in(client, "csv")
    answer = client.http.get(path("csv"))
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=people-everyone-2025-04-01-to-2026-03-31.csv"
    )
    assert (answer.headers["Cache-Control"], int(answer.headers["Content-Length"])) == (
        "no-store",
        len(answer.data),
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_names_that_look_like_formulas_stay_words(app: Flask, signed_in: SignIn, kind: str) -> None:
    event = make.event(make.course("@SUM(A1)"), starts_at=LAST_WEEK)
    who = make.person("=1+1", of=make.agency("-5"), email="+44@example.org")
    make.booking(event, who, Status.COMPLETED)
    officer = make.officer()
    db.session.commit()
    _, row = rows_in(signed_in(officer), kind)
    assert [row[1], row[3], row[4], row[5]] == ["'@SUM(A1)", "'-5", "'=1+1", "'+44@example.org"]


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.TRAINER, Role.HUB_MEMBER, Role.ADMINISTRATOR])
def test_no_file_and_no_link_without_the_permission(app: Flask, signed_in: SignIn, role: Role) -> None:
    make.booking(make.event(starts_at=LAST_WEEK), make.person("Ann Archer"), Status.COMPLETED)
    person = make.person("Someone", role)
    db.session.commit()
    client = signed_in(person)
    for kind in ("csv", "xlsx"):
        answer = client.get(path(kind))
        assert (answer.status, "Ann Archer" in answer.text) == (403, False)
    assert [
        href
        for href, _ in client.get(f"/reports/programme{QUERY}").links
        if "/reports/programme/people" in href
    ] == []


def test_pages_link_to_their_files(app: Flask, signed_in: SignIn) -> None:
    event = make.event(starts_at=LAST_WEEK)
    make.booking(event, make.person("Ann Archer"), Status.COMPLETED)
    officer = make.officer()
    db.session.commit()
    client = signed_in(officer)
    report = [href for href, _ in client.get(f"/reports/programme{QUERY}").links if "/people." in href]
    course = event.course_id
    list_page = client.get(f"/reports/programme/people{QUERY}&figure=completed&course={course}")
    shown = [href for href, _ in list_page.links if "/people." in href]
    assert [
        (kind in href, "figure=everyone" in href) for kind, href in zip(("csv", "xlsx"), report, strict=True)
    ] == [
        (True, True),
        (True, True),
    ]
    for href in shown:
        assert (f"course={course}" in href, "figure=completed" in href) == (True, True)
    files = [client.http.get(href) for href in (*report, *shown)]
    assert [answer.status_code for answer in files] == [200] * 4


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?from=2025-04-01&to=2024-04-01&figure=booked", 409),
        ("?from=2000-01-01&to=2025-01-01&figure=booked", 409),
        (f"{QUERY}&figure=needs", 404),
        (QUERY, 404),
        (f"{QUERY}&figure=booked&course=99999999999", 404),
    ],
)
def test_an_impossible_request_gives_no_file(app: Flask, signed_in: SignIn, query: str, status: int) -> None:
    make.booking(make.event(starts_at=LAST_WEEK), make.person("Ann Archer"), Status.COMPLETED)
    officer: Any = make.officer()
    db.session.commit()
    for kind in ("csv", "xlsx"):
        page = signed_in(officer).get(f"/reports/programme/people.{kind}{query}")
        assert (page.status, "Ann Archer" in page.text) == (status, False)


def test_queries_of_a_file_do_not_grow_with_its_rows(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    officer = make.officer()
    event = make.event(starts_at=LAST_WEEK)
    make.booking(event, status=Status.COMPLETED)
    db.session.commit()
    client = signed_in(officer)
    with_one = queries(lambda: client.http.get(path("csv")))
    for _ in range(2):
        make.booking(make.event(starts_at=LAST_WEEK), status=Status.COMPLETED)
    db.session.commit()
    assert queries(lambda: client.http.get(path("csv"))) == with_one
