"""The table of outcomes: everything that shows, counts or imports an outcome reads it from there."""

import re
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

import training_hub
from training_hub.attendance.forms import OutcomeForm
from training_hub.bookings.models.status import FLAGS, OPEN, OUTCOME_OF, OUTCOMES, RECORDED, CountsAs, Status
from training_hub.bookings.rules.moves import MOVES
from training_hub.database import db
from training_hub.importing.cells import STATUSES

PRODUCT = Path(training_hub.__file__).parent


def test_the_style_sheet_has_the_colour_of_each_outcome() -> None:
    css = (PRODUCT / "static/hub.css").read_text()
    assert dict(re.findall(r"\.o-(\w+) \{ color: (#\w+); \}", css)) == {
        outcome.slug: outcome.colour for outcome in OUTCOMES
    }


def test_the_kind_of_an_outcome_decides_its_flags() -> None:
    facts = {
        counts_as: (flags.holds_place, flags.has_place, flags.in_room, flags.is_outcome)
        for outcome in OUTCOMES
        for counts_as, flags in [(outcome.counts_as, FLAGS[outcome.status])]
    }
    assert facts == {
        CountsAs.THERE: (True, True, True, True),
        CountsAs.ABSENT: (True, True, False, True),
        CountsAs.GIVEN_UP: (False, False, False, False),
        CountsAs.CALLED_OFF: (False, False, False, False),
        CountsAs.UNKNOWN: (True, True, False, False),
    }


def test_a_register_can_correct_each_outcome_to_any_other() -> None:
    assert RECORDED == [Status.COMPLETED, Status.PARTIAL, Status.DID_NOT_ATTEND]
    for status in RECORDED:
        assert MOVES[status] == {*RECORDED, Status.CONFIRMED} - {status}
        assert status in MOVES[Status.CONFIRMED]
        assert OUTCOME_OF[status].history


def test_form_and_import_take_their_words_from_the_table() -> None:
    choices = OutcomeForm.outcome.kwargs["choices"]
    assert [choices[status.value] for status in (*RECORDED, Status.CONFIRMED)] == [
        "Completed",
        "Partial",
        "Did not attend",
        "Not recorded",
    ]
    assert {words: OUTCOME_OF[status].slug for words, status in STATUSES.items()} == {
        "completed": "completed",
        "partial": "partial",
        "did not attend": "did_not_attend",
        "cancelled": "cancelled",
        "cancelled late": "cancelled_late",
        "event cancelled": "event_cancelled",
        "": "not_recorded",
    }


def test_the_database_guards_every_open_status(app: Flask) -> None:
    """A new outcome that keeps its place needs a migration of this index."""
    indexes = {each["name"]: each for each in inspect(db.engine).get_indexes("booking")}
    where = indexes["uq_booking_open"]["dialect_options"][f"{db.engine.dialect.name}_where"]
    assert set(re.findall(r"'([a-z ]+)'", str(where))) == {status.value for status in OPEN}


def test_adding_an_outcome_touches_the_table_and_its_colour() -> None:
    """Otherwise only invented data, and the rule that decides an outcome from marks, may name one."""
    names = re.compile(r"""\.PARTIAL\b|["']partial["']|\bo-partial\b|#8a5a00""")
    files = [path for kind in ("py", "html", "css", "txt") for path in PRODUCT.rglob(f"*.{kind}")]
    found = {str(path.relative_to(PRODUCT)) for path in files if names.search(path.read_text())}
    assert {name for name in found if not name.startswith("demo/")} == {
        "bookings/models/status.py",
        "static/hub.css",
        "attendance/rules.py",
    }
