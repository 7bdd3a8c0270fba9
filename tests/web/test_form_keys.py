"""A form that is sent twice gets the first answer again, and changes nothing the second time."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import training_hub
from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from tests.sign_in.test_races import at_once, sender
from training_hub.database import db, transaction
from training_hub.improvement.models import CourseAction
from training_hub.web.form_keys import forget_form_answers
from training_hub.web.models import FormAnswer

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
ANSWERS = {
    "you_said": "The last hour was rushed.",
    "action": "Take twenty minutes out of the morning.",
    "owner": "Olive Officer",
    "due_on": ["6", "6", "2025"],
}


def add_page(officer: PageClient) -> tuple[str, dict[str, Any]]:
    """Where an action is added to a course, and the form of that page, filled in. Adding twice would add two."""
    address = f"/manage/courses/{make.course().slug}/actions/add"
    db.session.commit()
    return address, {**officer.get(address).form("/add"), **ANSWERS}


def added() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(CourseAction.action).order_by(CourseAction.id)))


def stored_answers() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(FormAnswer)) or 0


def test_second_press_gets_the_first_answer(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    first, second = (officer.post(address, form) for _ in range(2))
    assert (first.status, second.status) == (303, 303)
    assert first.response.location == second.response.location
    assert added() == [ANSWERS["action"]]


def test_another_csrf_token_is_still_the_same_press(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    officer.post(address, form)
    assert officer.post(address, {**form, "csrf_token": officer.token()}).status == 303
    assert added() == [ANSWERS["action"]]


def test_presses_at_the_same_moment_change_once(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    for number in range(5):
        address, form = add_page(officer)
        db.session.rollback()
        assert at_once(*(sender(app, officer, address, form) for _ in range(6))) == [303] * 6
        assert len(added()) == number + 1


def test_a_new_page_has_a_new_key(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    officer.post(address, form)
    officer.post(address, {**form, "form_key": officer.get(address).form("/add")["form_key"]})
    assert len(added()) == 2


def test_different_answers_under_one_key_are_not_a_repeat(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    other = {**form, "action": "Start at half past eight."}
    # Someone who goes back to the page, and then back again, means what they send last.
    for sent in (form, form, other, other, form):
        assert officer.post(address, sent).status == 303
    assert added() == [ANSWERS["action"], other["action"], ANSWERS["action"]]


def test_a_refused_form_can_be_corrected_and_sent(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    assert [officer.post(address, {**form, "owner": ""}).status for _ in range(2)] == [422, 422]
    assert stored_answers() == 0
    assert officer.post(address, form).status == 303
    assert added() == [ANSWERS["action"]]


def test_the_key_of_another_person_gives_nothing_away(app: Flask, signed_in: SignIn) -> None:
    officer, other = (signed_in(make.officer(name)) for name in ("Olive", "Oscar"))
    address, form = add_page(officer)
    officer.post(address, form)
    assert other.post(address, {**form, "csrf_token": other.token()}).status == 303
    assert len(added()) == 2
    stranger = PageClient(app)
    page = stranger.post(address, {**form, "csrf_token": stranger.token()})
    assert (page.status, page.response.location) == (303, "/sign-in")


def test_a_form_without_a_key_is_taken_each_time(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    del form["form_key"]
    assert [officer.post(address, form).status for _ in range(2)] == [303, 303]
    assert (len(added()), stored_answers()) == (2, 0)


def test_signing_in_and_out_is_never_answered_from_memory(app: Flask, stranger: PageClient) -> None:
    # Their answers are a cookie as well, which a stored redirect would not give.
    form = {**stranger.get("/sign-in").form("/sign-in"), "email": "ann@example.org"}
    assert [stranger.post("/sign-in", form).status for _ in range(2)] == [303, 303]
    assert stored_answers() == 0


def test_the_same_form_sent_later_is_refused(app: Flask, clock: TestClock, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    statuses = []
    for minutes in (0, 3, 4):
        clock.now = NOW + timedelta(minutes=minutes)
        page = officer.post(address, form, headers={"Referer": f"http://localhost{address}"})
        statuses.append(page.status)
    assert statuses == [303, 303, 409]
    assert "This form was sent before, from a page that is now out of date." in page.text
    # The page of the form, which is a fresh one then.
    assert (address, "Go back") in page.links
    assert added() == [ANSWERS["action"]]


def test_each_other_answer_is_repeated_from_its_own_moment(
    app: Flask, clock: TestClock, signed_in: SignIn
) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    officer.post(address, form)
    clock.now = NOW + timedelta(hours=1)
    other = {**form, "action": "Start at half past eight."}
    assert [officer.post(address, other).status for _ in range(2)] == [303, 303]
    assert added() == [ANSWERS["action"], other["action"]]


def test_a_row_names_nobody_and_not_what_was_sent(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    page = officer.post(address, form)
    row = db.session.scalars(select(FormAnswer)).one()
    assert re.fullmatch("[0-9a-f]{64}", row.key)
    assert re.fullmatch("[0-9a-f]{64}", row.sent)
    assert form["form_key"] not in {row.key, row.sent}
    assert (row.location, row.answered_at) == (page.response.location, NOW)
    assert set(FormAnswer.__table__.columns.keys()) == {"key", "sent", "location", "answered_at"}


def test_old_keys_are_deleted_daily(app: Flask, clock: TestClock, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    address, form = add_page(officer)
    officer.post(address, form)
    left = []
    for days in (1, 2):
        with transaction():
            forget_form_answers(now=NOW + timedelta(days=days))
        left.append(stored_answers())
    assert left == [1, 0]


TEMPLATES = Path(training_hub.__file__).parent / "templates"


def test_every_form_that_posts_is_begun_by_the_macro() -> None:
    by_hand = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if re.search(r'<form[^>]*method="post"', path.read_text())
    }
    # Signing out needs no key, and what is sent again from an expired page still has its own.
    assert by_hand == {"base.html", "web/errors/csrf.html"}
