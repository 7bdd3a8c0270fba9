"""What makes a row bad: by itself, against other rows of its file, and against what is stored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW
from tests.importing.table import as_csv, row
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event, EventStatus
from training_hub.database import Base, db
from training_hub.importing.actions import import_lines
from training_hub.importing.files import read
from training_hub.importing.models import Imported
from training_hub.importing.rules import BadRows
from training_hub.london import at_london
from training_hub.mail.models import Mail

pytestmark = pytest.mark.postgres

NEXT_MONTH = "2025-06-10"


def bring_in(tmp_path: Path, *rows: dict[str, Any], **options: Any) -> Imported:
    return import_lines(read(as_csv(tmp_path / "bookings.csv", rows)), now=NOW, **options)


def everything() -> dict[str, int]:
    db.session.rollback()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def faults_of(tmp_path: Path, *rows: dict[str, Any]) -> list[str]:
    """The faults of each bad row. Nothing may have been stored."""
    before = everything()
    with pytest.raises(BadRows) as bad:
        bring_in(tmp_path, *rows)
    assert everything() == before
    return [str(fault) for fault in bad.value.faults]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"course": ""}, "course: is empty"),
        (
            {"course": "=HYPERLINK(1)"},
            "course: begins with “=”, which a spreadsheet would take for a formula",
        ),
        ({"agency": "@SUM(1)"}, "agency: begins with “@”, which a spreadsheet would take for a formula"),
        ({"event": "x" * 61}, "event: is longer than 60 letters"),
        (
            {"name": "Ann\u202eLee", "email": "ann@example.org"},
            "name: holds a character that cannot be printed",
        ),
        ({"starts_on": ""}, "starts_on: is empty"),
        (
            {"starts_on": "31/02/2019"},
            "starts_on: “31/02/2019” is not a day such as 2019-04-25 or 25/04/2019",
        ),
        (
            {"starts_on": "04/25/2019"},
            "starts_on: “04/25/2019” is not a day such as 2019-04-25 or 25/04/2019",
        ),
        ({"starts_on": "0019-04-25"}, "starts_on: is not in the years 1990 to 2100"),
        ({"capacity": "many"}, "capacity: “many” is not a whole number"),
        ({"name": "0", "email": "ann@example.org"}, "name: “0” is not a name"),
        ({"capacity": "12.5"}, "capacity: “12.5” is not a whole number"),
        ({"capacity": "0"}, "capacity: is not between 1 and 500"),
        ({"email": "nobody"}, "email: “nobody” is not an email address"),
        (
            {"outcome": "attended"},
            "outcome: “attended” is not one of: completed, partial, did not attend, cancelled, cancelled late, "
            "event cancelled; or empty",
        ),
        ({"walk_in": "no"}, "walk_in: “no” is neither “yes” nor empty"),
        ({"evaluation": "yes"}, "evaluation: “yes” is neither “returned” nor empty"),
        (
            {"outcome": "partial", "evaluation": "returned"},
            "evaluation: is returned, but the outcome is not completed",
        ),
        (
            {"outcome": "did not attend", "walk_in": "yes"},
            "walk_in: someone who walked in was there, and is not “did not attend”",
        ),
        (
            {"outcome": "cancelled late", "walk_in": "yes"},
            "walk_in: someone who walked in was there, and is not “cancelled late”",
        ),
        (
            {"starts_on": NEXT_MONTH, "outcome": "completed"},
            "outcome: is “completed”, but the event is not over yet",
        ),
        (
            {"starts_on": "2025-05-06", "outcome": "did not attend"},
            "outcome: is “did not attend”, but the event is not over yet",
        ),
        (
            {"starts_on": NEXT_MONTH, "outcome": "", "walk_in": "yes"},
            "walk_in: the event is not over yet, so no one can have walked in",
        ),
    ],
)
def test_a_senseless_row_is_named(app: Flask, tmp_path: Path, cells: dict[str, str], fault: str) -> None:
    good = row("Ben Ito", event="OTHER")
    assert faults_of(tmp_path, good, row(**cells)) == [f"line 3, {fault}"]


def test_every_fault_of_every_bad_row_is_named_and_counted(app: Flask, tmp_path: Path) -> None:
    rows = [row(capacity="x", starts_on="y"), row("Ben Ito"), row("Cat Roe", email="cat")]
    with pytest.raises(BadRows) as bad:
        bring_in(tmp_path, *rows)
    assert str(bad.value) == "Nothing was imported: 2 of 3 rows are wrong."
    assert [(fault.line, fault.column) for fault in bad.value.faults] == [
        (2, "starts_on"),
        (2, "capacity"),
        (4, "email"),
    ]


def test_one_reference_is_one_event_and_one_address_one_name(app: Flask, tmp_path: Path) -> None:
    assert faults_of(
        tmp_path,
        row("Ann Lee"),
        row("Ben Ito", course="Self-harm", starts_on="26/04/2019", capacity="20"),
        row("Anna Lee", email="ann.lee@example.org", event="MCN-2"),
        row("ANN  lee", email="Ann.Lee@Example.ORG"),
        row("Cat Roe", course="managing child  NEGLECT"),
    ) == [
        "line 3, course: event MCN-1 is of another course on line 2",
        "line 3, starts_on: event MCN-1 is on 2019-04-25 on line 2",
        "line 3, capacity: event MCN-1 has 24 on line 2",
        "line 4, name: ann.lee@example.org is Ann Lee on line 2",
        "line 5, email: the same person is at the same event on line 2",
    ]


@pytest.mark.parametrize("attended", ["completed", "partial"])
def test_event_cancelled_with_an_attender_is_a_bad_row(app: Flask, tmp_path: Path, attended: str) -> None:
    assert faults_of(tmp_path, row(outcome="event cancelled"), row("Ben Ito", outcome=attended)) == [
        "line 2, outcome: is event cancelled, but someone attended this event"
    ]


def test_a_coming_event_cannot_be_overbooked(app: Flask, tmp_path: Path) -> None:
    coming = {"starts_on": NEXT_MONTH, "capacity": "2", "outcome": ""}
    names = ("Ann Lee", "Ben Ito", "Cat Roe", "Dan Poe")
    rows = [row(name, **coming) for name in names[:3]] + [row("Dan Poe", **coming | {"outcome": "cancelled"})]
    assert faults_of(tmp_path, *rows) == ["line 4, event: all 2 places of MCN-1 are taken"]
    past = {"starts_on": "2019-04-25", "capacity": "2"}
    assert bring_in(tmp_path, *(row(name, **past) for name in names)).new == 4


def test_a_coming_event_that_is_stored_is_filled_to_its_capacity(app: Flask, tmp_path: Path) -> None:
    event = make.event(
        make.course("Managing Child Neglect"), starts_at=at_london(datetime(2025, 6, 10, tzinfo=UTC).date()),
        capacity=2, reference="MCN-1",
    )  # fmt: skip
    make.booking(event, make.person("Zoe Fry"))
    db.session.commit()
    coming = {"starts_on": NEXT_MONTH, "capacity": "2", "outcome": ""}
    assert faults_of(tmp_path, row("Ann Lee", **coming), row("Ben Ito", **coming)) == [
        "line 3, event: all 2 places of MCN-1 are taken"
    ]
    assert bring_in(tmp_path, row("Ann Lee", **coming)).new == 1


def test_a_row_that_differs_from_what_is_stored_is_a_bad_row(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, row("Ann Lee", evaluation="returned"), row("Ben Ito", event="MCN-2"))
    assert faults_of(
        tmp_path,
        row("Ann Lee", outcome="did not attend", agency="Elsewhere"),
        row("Benedict Ito", email="ben.ito@example.org", event="MCN-2", capacity="20"),
        row("Cat Roe", event="MCN-2", capacity="20", starts_on="2019-04-26", course="Other"),
    ) == [
        "line 2, agency: another agency is stored for this booking",
        "line 2, outcome: is stored as “completed”",
        "line 2, evaluation: is stored as returned",
        "line 3, capacity: event MCN-2 is stored with 24",
        "line 3, name: ben.ito@example.org is stored as Ben Ito",
        "line 4, course: event MCN-2 is of another course on line 3",
        "line 4, course: event MCN-2 is stored as of another course",
        "line 4, starts_on: event MCN-2 is on 2019-04-25 on line 3",
        "line 4, starts_on: event MCN-2 is stored on another day",
        "line 4, capacity: event MCN-2 is stored with 24",
    ]


def test_drafts_and_called_off_events_take_no_walk_ins(app: Flask, tmp_path: Path) -> None:
    course = make.course("Managing Child Neglect")
    starts_at = datetime(2019, 4, 25, 8, 30, tzinfo=UTC)
    make.event(course, starts_at=starts_at, reference="DRAFT", status=EventStatus.DRAFT)
    make.event(course, starts_at=starts_at, reference="OFF", status=EventStatus.CALLED_OFF)
    db.session.commit()
    assert faults_of(tmp_path, row(event="DRAFT"), row(event="OFF")) == [
        "line 2, event: DRAFT is a draft here: publish it first",
        "line 3, outcome: event OFF is stored as called off",
    ]
    assert bring_in(tmp_path, row(event="OFF", outcome="event cancelled")).new == 1


def test_an_event_without_places_kept_was_called_off(app: Flask, tmp_path: Path) -> None:
    bring_in(
        tmp_path,
        row("Ann Lee", event="OFF", outcome="event cancelled"),
        row("Ben Ito", event="OFF", outcome="cancelled late"),
        row("Ann Lee", event="QUIET", outcome="cancelled"),
        row("Ben Ito", event="RAN", outcome="event cancelled"),
        row("Cat Roe", event="RAN", outcome="did not attend"),
    )
    events = db.session.execute(
        select(Event.reference, Event.status, Event.called_off_at).order_by(Event.reference)
    )
    assert [tuple(event) for event in events] == [
        ("OFF", EventStatus.CALLED_OFF, datetime(2019, 4, 25, 8, 30, tzinfo=UTC)),
        ("QUIET", EventStatus.PUBLISHED, None),
        ("RAN", EventStatus.PUBLISHED, None),
    ]


def test_a_withdrawn_waiting_turn_was_never_booked(app: Flask, tmp_path: Path) -> None:
    event = make.event(
        make.course("Managing Child Neglect"),
        starts_at=datetime(2019, 4, 25, 8, 30, tzinfo=UTC),
        reference="MCN-1",
    )
    school = make.agency("Hoole Lane Primary School")
    ann = make.person("Ann Lee", of=school, email="ann.lee@example.org")
    make.booking(event, ann, Status.WITHDRAWN)
    db.session.commit()
    assert bring_in(tmp_path, row(walk_in="yes")).new == 1
    assert bring_in(tmp_path, row(walk_in="yes")).known == 1
    statuses = db.session.scalars(select(Booking.status).order_by(Booking.id)).all()
    assert statuses == [Status.WITHDRAWN, Status.COMPLETED]


def test_an_import_is_about_the_past_and_queues_no_mail(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, row(), row("Ben Ito", event="MCN-9", starts_on=NEXT_MONTH, outcome=""))
    past, coming = db.session.scalars(select(Event).order_by(Event.starts_at))
    assert (past.starts_at, past.ends_at, past.entered_at) == (
        datetime(2019, 4, 25, 8, 30, tzinfo=UTC),
        datetime(2019, 4, 25, 15, 30, tzinfo=UTC),
        NOW,
    )
    assert (coming.status, coming.capacity, len(coming.sessions)) == (EventStatus.PUBLISHED, 24, 1)
    assert coming.ends_at > coming.entered_at + timedelta(days=30)
    assert db.session.scalars(select(Mail)).all() == []
