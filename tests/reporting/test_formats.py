"""One report, five forms: page, CSV, XLSX, PDF and JSON say the same."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import delete

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import OUTCOMES, Status
from training_hub.catalogue.models import Course, Event, EventSession
from training_hub.commands.report import Operator
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.reporting.models import Figures, Filters
from training_hub.reporting.programme import COUNTS, RATES, programme_report
from training_hub.reporting.queries.programme import programme
from training_hub.tables.files import TYPES, written
from training_hub.wording import rate

YEAR = date(2025, 4, 1), date(2026, 3, 31)
QUERY = "?from=2025-04-01&to=2026-03-31"
STATUSES = [Status.COMPLETED, Status.PARTIAL, Status.DID_NOT_ATTEND, Status.CANCELLED, Status.CONFIRMED]


def of_year(kind: str) -> bytes:
    """The programme of the year as a file."""
    with written(
        programme_report(
            programme(Operator(), Filters(first=YEAR[0], last=YEAR[1]), now=NOW), partnership="P"
        ),
        kind,
    ) as file:
        return file.read()


def figures_row(figures: Figures) -> dict[str, int | float | None]:
    """Every count as a whole number and every rate as a number from 0 to 1, unrounded, or None."""
    outcomes = {outcome.slug: figures.of(outcome.status) for outcome in OUTCOMES}
    counts = {key: outcomes[key] if key in outcomes else getattr(figures, key) for key in COUNTS}
    return {**counts, **{key: getattr(figures, key).value for key in RATES}}


def printed_counts(name: str, figures: Figures) -> list[str]:
    """A row of the outcomes table as a reader sees it."""
    numbers = [figures.booked, *(figures.of(outcome.status) for outcome in OUTCOMES)]
    numbers += [figures.walk_ins, figures.trained, figures.expected, figures.capacity]
    return [name, *(f"{number:,}" for number in numbers)]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    some.lists(
        some.lists(some.tuples(some.sampled_from(STATUSES), some.booleans()), min_size=1, max_size=5),
        max_size=3,
    )
)
def test_page_csv_xlsx_pdf_and_json_agree(
    app: Flask, signed_in: Callable[..., PageClient], history: list[list[tuple[Status, bool]]]
) -> None:
    for table in (Invitation, BookingChange, Booking, EventSession, Event, Course):
        db.session.execute(delete(table))
    form = make.questionnaire()
    for number, bookings in enumerate(history, start=1):
        event = make.event(make.course(f"Course {number} of these"), starts_at=NOW - timedelta(days=3))
        for status, is_back in bookings:
            booking = make.booking(event, status=status)
            if status is Status.COMPLETED and is_back:
                make.returned(booking, form, NOW)
    officer = make.officer()
    db.session.commit()
    client = signed_in(officer)
    page = client.get(f"/reports/programme{QUERY}")
    files = {
        kind: client.http.get(f"/reports/programme.{kind}{QUERY}") for kind in ("csv", "xlsx", "pdf", "json")
    }
    assert {kind: answer.status_code for kind, answer in files.items()} == dict.fromkeys(files, 200)

    figures_of_year = programme(Operator(), Filters(first=YEAR[0], last=YEAR[1]), now=NOW)
    rows = [(row.course, row.figures) for row in figures_of_year.courses]
    rows.append(("Total", figures_of_year.totals))
    loaded: dict[str, Any] = json.loads(files["json"].data)
    assert [(row.pop("course"), row) for row in loaded["courses"]] == [
        (name, figures_row(figures)) for name, figures in rows[:-1]
    ]
    assert loaded["totals"] == figures_row(rows[-1][1])

    table = list(csv.reader(io.StringIO(files["csv"].data.decode("utf-8-sig"))))
    assert table == [["Course", *COUNTS.values(), *RATES.values()]] + [
        [name, *("" if value is None else str(value) for value in figures_row(figures).values())]
        for name, figures in rows
    ]

    sheet = (
        CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"].data))
        .get_sheet_by_name("Figures")
        .to_python()
    )
    assert sheet[1 : len(rows) + 1] == [
        # A workbook keeps sixteen figures of a number.
        [
            name,
            *(
                "–" if value is None else pytest.approx(value, rel=1e-14)
                for value in figures_row(figures).values()
            ),
        ]
        for name, figures in rows
    ]

    pages = PdfReader(io.BytesIO(files["pdf"].data)).pages
    words = " ".join(" ".join(sheet.extract_text() for sheet in pages).split())
    for name, figures in rows:
        counts = " ".join(printed_counts(name, figures))
        back = rate(figures.evaluations_returned, figures.evaluations_due)
        assert (name, words.count(counts)) == (name, 1)
        assert (name, words.count(f"{name} {back} {rate(figures.completed, figures.booked)}")) == (name, 1)
        if history:
            assert (name, page.text.count(counts)) == (name, 1)
            assert (name, page.text.count(f"{name} {back} {rate(figures.completed, figures.booked)}")) == (
                name,
                1,
            )


@pytest.mark.parametrize("kind", TYPES)
def test_the_same_figures_give_the_same_bytes(app: Flask, kind: str) -> None:
    make.booking(make.event(starts_at=NOW - timedelta(days=3)), status=Status.COMPLETED)
    assert of_year(kind) == of_year(kind)


def test_an_empty_period_gives_zeros_and_nulls(app: Flask) -> None:
    loaded = json.loads(of_year("json"))
    assert list(loaded) == ["period", "as_at", "totals", "courses", "still_to_come"]
    assert loaded["period"] == {"from": "2025-04-01", "to": "2026-03-31"}
    assert loaded["courses"] == []
    assert loaded["totals"] == {**dict.fromkeys(COUNTS, 0), **dict.fromkeys(RATES)}
    assert loaded["still_to_come"] == {"events": 0, "places_held": 0, "capacity": 0, "waiting": 0}


@pytest.mark.parametrize("title", ["=1+1", "+44", "-5", "@SUM(A1)", "\tTab", "\rReturn"])
def test_a_course_title_like_a_formula_stays_words(app: Flask, title: str) -> None:
    make.booking(make.event(make.course(title), starts_at=NOW - timedelta(days=3)), status=Status.COMPLETED)
    assert list(csv.reader(io.StringIO(of_year("csv").decode("utf-8-sig"), newline="")))[1][0] == f"'{title}"
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(of_year("xlsx"))).get_sheet_by_name("Figures")
    assert str(sheet.to_python()[1][0]).startswith("'")
