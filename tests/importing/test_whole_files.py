"""Whole files: what they add, that they add it once, and that the figures are those of a naive recount."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, func, select

from tests import make
from tests.conftest import NOW
from tests.importing.table import as_csv, row
from tests.importing.test_rows import bring_in, everything
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course
from training_hub.commands.report import Operator
from training_hub.database import Base, db, transaction
from training_hub.evaluation.models.answers import Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.importing import actions as importing_actions
from training_hub.importing import rules as importing_rules
from training_hub.importing.actions import import_lines
from training_hub.importing.files import read
from training_hub.importing.models import Imported
from training_hub.people.models import Agency, Person, Sector
from training_hub.questionnaires.actions.versions import store_default_questionnaires
from training_hub.reporting.models import Filters
from training_hub.reporting.queries.programme import programme

pytestmark = pytest.mark.postgres

YEAR = (date(2019, 4, 1), date(2020, 3, 31))


def test_courses_events_agencies_and_people_are_added_once(app: Flask, tmp_path: Path) -> None:
    rows = (
        row("Ann Lee", evaluation="returned"),
        row("Ben Ito", agency="hoole lane  primary school", walk_in="yes"),
        row("Ann Lee", event="MCN-2", starts_on="01/05/2019", agency="Upton Cross High School", outcome=""),
    )
    assert bring_in(tmp_path, *rows) == Imported(new=3, known=0, courses=1, events=2, agencies=2, people=2)
    stored = everything()
    assert bring_in(tmp_path, *rows) == Imported(new=0, known=3, courses=0, events=0, agencies=0, people=0)
    assert everything() == stored
    course = db.session.scalars(select(Course)).one()
    assert (course.title, course.slug, course.is_evaluated, course.board.is_default) == (
        "Managing Child Neglect", "managing-child-neglect", True, True
    )  # fmt: skip
    agencies = db.session.execute(select(Agency.name, Agency.sector).order_by(Agency.name)).all()
    assert [tuple(agency) for agency in agencies] == [
        ("Hoole Lane Primary School", Sector.OTHER),
        ("Upton Cross High School", Sector.OTHER),
    ]
    ann = db.session.scalars(select(Person).where(Person.email == "ann.lee@example.org")).one()
    assert (ann.name, ann.agency and ann.agency.name, ann.is_registered, ann.holdings) == (
        "Ann Lee", "Upton Cross High School", False, []
    )  # fmt: skip


def test_an_imported_return_has_no_answers(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, row("Ann Lee", evaluation="returned"), row("Ben Ito", outcome="cancelled late"))
    history = db.session.execute(
        select(Person.name, BookingChange.was, BookingChange.became, BookingChange.why)
        .join(Booking, BookingChange.booking_id == Booking.id)
        .join(Person, Booking.person_id == Person.id)
        .order_by(BookingChange.id)
    )
    assert [tuple(change) for change in history] == [
        ("Ann Lee", None, Status.CONFIRMED, "Imported"),
        ("Ann Lee", Status.CONFIRMED, Status.COMPLETED, "Imported"),
        ("Ben Ito", None, Status.CONFIRMED, "Imported"),
        ("Ben Ito", Status.CONFIRMED, Status.CANCELLED_LATE, "Imported"),
    ]
    assert [invitation.is_imported for invitation in db.session.scalars(select(Invitation))] == [True]
    assert db.session.scalars(select(Response)).all() == []


def test_a_dry_run_says_what_would_be_stored_and_stores_nothing(app: Flask, tmp_path: Path) -> None:
    before = everything()
    assert bring_in(tmp_path, row(), row("Ben Ito"), dry_run=True) == Imported(
        new=2, known=0, courses=1, events=1, agencies=1, people=2
    )
    assert everything() == before


def test_a_person_known_only_by_address_gets_their_name(app: Flask, tmp_path: Path) -> None:
    db.session.add(Person(email="ann.lee@example.org", entered_at=NOW))
    db.session.commit()
    assert bring_in(tmp_path, row()).people == 0
    ann = db.session.scalars(select(Person)).one()
    assert (ann.name, ann.agency and ann.agency.name) == ("Ann Lee", "Hoole Lane Primary School")


def test_changes_between_check_and_storing_are_checked_again(app: Flask, tmp_path: Path) -> None:
    lines = read(as_csv(tmp_path / "b.csv", [row()]))
    told = []

    def someone_else_is_faster(sentence: str) -> None:
        if sentence.startswith("Storing") and sentence not in told:
            with transaction():
                make.course("Managing Child Neglect")
        told.append(sentence)

    imported = import_lines(lines, now=NOW, tell=someone_else_is_faster)
    assert told == ["Checking 1 row …", "Storing 1 booking …", "Storing 1 booking …"]
    assert (imported.new, imported.courses) == (1, 0)
    assert db.session.scalar(select(func.count()).select_from(Course)) == 1


def test_the_last_try_checks_the_file_under_the_lock(app: Flask, tmp_path: Path) -> None:
    lines = read(as_csv(tmp_path / "b.csv", [row()]))

    def someone_never_rests(sentence: str) -> None:
        if sentence.startswith("Storing"):
            with transaction():
                make.agency()

    assert import_lines(lines, now=NOW, tell=someone_never_rests).new == 1
    assert db.session.scalar(select(func.count()).select_from(Agency)) == importing_actions.MOST_TRIES + 2


outcomes = some.sampled_from(
    ["completed", "partial", "did not attend", "cancelled", "cancelled late", "event cancelled", ""]
)


@some.composite
def whole_files(draw: Any) -> list[dict[str, Any]]:
    """A file in which nothing is wrong."""
    rows = []
    for number in range(draw(some.integers(1, 5))):
        course = draw(some.sampled_from(["Neglect", "Self-harm", "Working Together"]))
        starts_on = draw(some.dates(*YEAR))
        people = draw(
            some.lists(some.sampled_from(["Ann", "Ben", "Cat", "Dan", "Eve"]), unique=True, min_size=1)
        )
        given = [draw(outcomes) for _ in people]
        if {"completed", "partial"} & set(given):
            given = ["cancelled" if outcome == "event cancelled" else outcome for outcome in given]
        for name, outcome in zip(people, given, strict=True):
            walk_in = outcome in ("completed", "partial", "") and draw(some.booleans())
            rows.append(
                row(
                    name,
                    course=course,
                    event=f"E{number}",
                    starts_on=starts_on.isoformat() if draw(some.booleans()) else f"{starts_on:%d/%m/%Y}",
                    capacity="3",
                    agency=draw(some.sampled_from(["School", "Police"])),
                    outcome=outcome,
                    walk_in="yes" if walk_in else "",
                    evaluation="returned" if outcome == "completed" and draw(some.booleans()) else "",
                )
            )
    return draw(some.permutations(rows))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=whole_files())
def test_figures_of_a_good_file_agree_with_a_naive_recount(
    app: Flask, tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    with transaction():
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(delete(table))
        store_default_questionnaires()
    assert bring_in(tmp_path, *rows).new == len(rows)
    booked = Counter(one["outcome"] for one in rows if not one["walk_in"])
    totals = programme(Operator(), Filters(first=YEAR[0], last=YEAR[1]), now=NOW).totals
    assert {outcome.name: count for outcome, count in totals.outcomes.items()} == {
        "COMPLETED": booked["completed"],
        "PARTIAL": booked["partial"],
        "DID_NOT_ATTEND": booked["did not attend"],
        "CANCELLED": booked["cancelled"],
        "CANCELLED_LATE": booked["cancelled late"],
        "EVENT_CANCELLED": booked["event cancelled"],
        "CONFIRMED": booked[""],
    }
    assert (totals.walk_ins, totals.evaluations_due, totals.evaluations_returned) == (
        sum(one["walk_in"] == "yes" for one in rows),
        sum(one["outcome"] == "completed" for one in rows),
        sum(one["evaluation"] == "returned" for one in rows),
    )
    stored = everything()
    assert bring_in(tmp_path, *reversed(rows)) == Imported(0, len(rows), 0, 0, 0, 0)
    assert everything() == stored


@pytest.mark.parametrize("cell", ["=1+1", "+44 1244", "-1", "@cmd"])
def test_a_formula_in_any_text_is_refused_and_changes_nothing(app: Flask, tmp_path: Path, cell: str) -> None:
    before = everything()
    with pytest.raises(importing_rules.BadRows):
        bring_in(tmp_path, row(course=cell, event=cell, agency=cell, name=cell, email="a@example.org"))
    assert everything() == before
