"""A cause says why a booking changed. Its sentences can be reworded, and old rows were given causes."""

import ast
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

import training_hub
from tests import make
from tests.bookings.told import APPROVAL, asked, booked, forget_mails, move
from tests.bookings.wanting import HOUR, SOON, a_date, at, letters, wants
from tests.conftest import NOW
from training_hub.bookings.actions import another_date as another_date_actions
from training_hub.bookings.actions import approval as approval_actions
from training_hub.bookings.actions import interest as interest_actions
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.claims import give_up_not_needed
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.interest import DateTold
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules import wording
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.policies.actions import note_changes
from training_hub.policies.models import Over, PolicyChange
from training_hub.schema.migrating import migrate

S = Status
SENTENCES = {"SENTENCES", "SENTENCES_OF_CAUSES", "REASONS", "sentence_of", "reason_of"}
FREE_TEXT = {*SENTENCES, "why", "sentence", "subject", "released_why"}


def _is_prose(node: ast.expr) -> bool:
    """Whether an expression reads what people read: a reason, a sentence, or the wording module."""
    if isinstance(node, ast.Call):
        return _is_prose(node.func)
    if isinstance(node, ast.Subscript):
        return _is_prose(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr in FREE_TEXT or _is_prose(node.value)
    return isinstance(node, ast.Name) and (node.id in SENTENCES or node.id == "wording")


def test_no_code_compares_with_a_sentence() -> None:
    found = []
    for path in sorted(Path(training_hub.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and any(map(_is_prose, [node.left, *node.comparators])):
                found.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
    assert found == []


def test_no_code_compares_with_an_email_template() -> None:
    found = []
    for path in sorted(Path(training_hub.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare):
                parts = [ast.unparse(each) for each in (node.left, *node.comparators)]
                if any(part.endswith((".template", "Mail.subject")) for part in parts):
                    found.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
    assert found == []


def test_every_cause_is_put_into_words() -> None:
    said = {*wording.REASONS, *(cause for cause, _was, _became in wording.SENTENCES_OF_CAUSES)}
    assert said == set(Cause)


def reword() -> None:
    """Change every reason that is stored, as if the sentences had been reworded since."""
    db.session.execute(update(BookingChange).values(why="Other words"))
    db.session.commit()
    db.session.expire_all()


def test_reworded_reasons_keep_interest_apart(app: Flask) -> None:
    course = make.course("Neglect")
    _ann, ben = wants(course, "Ann", "Ben")
    first, second = a_date(course), a_date(course, starts_at=SOON + 7 * 24 * HOUR)
    interest_actions.offer_to_interested(first, now=NOW)
    reword()
    assert at(first) == [("Ann", S.OFFERED), ("Ben", S.WAITING)]
    # Nobody is told twice, and nobody is promised a place at two dates.
    told = len(letters())
    interest_actions.offer_new_dates(now=NOW)
    assert (len(letters()), at(second)) == (told, [])
    # A place elsewhere ends a turn that came from interest.
    make.booking(second, ben)
    db.session.commit()
    give_up_not_needed(now=NOW)
    assert at(first) == [("Ann", S.OFFERED), ("Ben", S.WITHDRAWN)]


def test_forgotten_emails_are_not_sent_again(app: Flask) -> None:
    course = make.course("Neglect")
    wants(course, "Ann")
    date = a_date(course)
    interest_actions.offer_to_interested(date, now=NOW)
    forget_mails()
    interest_actions.offer_new_dates(now=NOW)
    another_date_actions.tell_of_another_date(now=NOW)
    assert (at(date), letters()) == ([("Ann", S.OFFERED)], [])


def told_rows() -> dict[str, list[Any]]:
    """The stored causes, and who was told what."""
    change, booking, settings = BookingChange.__table__, Booking.__table__, PolicyChange.__table__
    statements = {
        "changes": select(change.c["id", "cause", "why"]).order_by(change.c.id),
        "bookings": select(
            booking.c["id", "manager_asked_at", "manager_reminded_at", "told_of_move_at", "is_told"]
        ).order_by(booking.c.id),
        "settings": select(settings.c["over", "over_id", "policy", "was", "became"]).order_by(settings.c.id),
        "dates": select(DateTold.__table__).order_by(DateTold.event_id, DateTold.person_id),
    }
    return {name: [tuple(row) for row in db.session.execute(each)] for name, each in statements.items()}


@pytest.fixture
def old_rows(app: Flask, database_url: str) -> dict[str, list[Any]]:
    """Bookings of every cause that has a rule, as the version before stored them, and their stored rows."""
    neglect, approved = make.course("Neglect"), make.course("Cuckooing")
    full = make.event(neglect, starts_at=SOON, capacity=1)
    (eve,) = booked(full, "Eve")
    wants(neglect, "Ann", "Ben", "Cat")
    wants(approved, "Dan")
    first = a_date(neglect)
    interest_actions.offer_to_interested(first, now=NOW)
    interest_actions.offer_to_interested(a_date(approved, policies=APPROVAL), now=NOW)
    # Cat was not told yet.
    untold = db.session.scalars(select(Booking).order_by(Booking.id.desc())).first()
    assert untold is not None
    untold.is_told = False
    db.session.execute(delete(Mail).where(Mail.key == f"booking:{untold.reference}:runs-again"))
    make.booking(full, status=S.WAITING)
    a_date(neglect, capacity=5, interested_told_at=NOW)
    db.session.commit()
    another_date_actions.tell_of_another_date(now=NOW)
    move(full, SOON + 24 * HOUR, now=NOW)
    cancel(eve, by=eve.person, now=NOW, cause=Cause.CANNOT_COME)
    request = asked(make.event(approved, policies=APPROVAL, starts_at=SOON), "Fay")
    assert request.decide_by is not None
    db.session.commit()
    approval_actions.remind_managers(now=request.decide_by - HOUR)
    for over in Over:
        over_id = 0 if over in {Over.PARTNERSHIP, Over.DEFAULT_QUESTIONNAIRES} else 7
        note_changes(over, over_id, {}, {"three months": "5"}, by=make.officer(), now=NOW)
    db.session.commit()
    stored = told_rows()
    db.session.remove()
    db.engine.dispose()
    migrate(database_url, "0008")
    return stored


def test_old_rows_are_given_their_causes(
    app: Flask, database_url: str, old_rows: dict[str, list[Any]]
) -> None:
    overs = set(db.session.scalars(text("SELECT over FROM policy_change")))
    sentences = set(db.session.scalars(text("SELECT why FROM booking_change")))
    db.session.remove()
    db.engine.dispose()
    migrate(database_url)
    assert sentences >= {
        "Asked to be told when the course next runs",
        "Cannot come after the date was moved",
        "A place became free",
    }
    assert overs == {"partnership", "course 7", "event 7", "form 7", "course 7 forms", "forms three months"}
    assert told_rows() == old_rows
    assert [len(old_rows["dates"]), [row[4] for row in old_rows["bookings"]].count(False)] == [4, 1]
    assert any(row[2] for row in old_rows["bookings"])
