"""Sessions: how they begin and end, and what a forged one can do."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import make
from tests.page_client import PageClient
from tests.sign_in.test_signing_in import account_of, ask, code_in, newest_mail
from training_hub.access import Role
from training_hub.database import db
from training_hub.sign_in.queries import signed_in_person

pytestmark = pytest.mark.postgres

SignedIn = Callable[..., PageClient]


def test_signing_in_begins_a_new_session(app: Flask, stranger: PageClient) -> None:
    make.person("Ann Lee", email="ann@example.org")
    page = ask(stranger, "ann@example.org")
    with stranger.http.session_transaction() as session:
        session["planted"] = "by someone else"
        token = session["csrf_token"]
    stranger.send(page, "/sign-in/code", code=code_in(newest_mail()))
    with stranger.http.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != token
        assert session.permanent is True


def test_signing_out_ends_the_sign_in_and_needs_a_form(
    app: Flask, stranger: PageClient, signed_in: SignedIn
) -> None:
    ann = make.person("Ann Lee")
    browser = signed_in(ann)
    assert browser.get("/sign-out").status == 405
    assert browser.post("/sign-out", token=False).status == 400
    assert account_of(browser.get("/profile")) == "Ann Lee"
    page = browser.follow(browser.post("/sign-out"))
    assert page.h1 == "You are signed out"
    assert browser.follow(browser.get("/profile")).h1 == "Sign in"


def test_ending_all_sign_ins_ends_those_on_other_devices(app: Flask, signed_in: SignedIn) -> None:
    ann, ben = make.person("Ann Lee"), make.person("Ben")
    phone, laptop, other = signed_in(ann), signed_in(ann), signed_in(ben)
    page = laptop.get("/profile/sign-ins")
    assert page.h1 == "End all your sign-ins"
    page = laptop.send(page, "/profile/sign-ins")
    assert page.h1 == "You are signed out everywhere"
    assert account_of(phone.follow(phone.get("/profile"))) == ""
    assert account_of(laptop.follow(laptop.get("/profile"))) == ""
    assert account_of(other.get("/profile")) == "Ben"


def test_a_closed_account_is_signed_out_at_once(app: Flask, signed_in: SignedIn) -> None:
    ann = make.person("Ann Lee")
    browser = signed_in(ann)
    assert browser.get("/profile").h1 == "Your details"
    ann.is_active = False
    assert browser.follow(browser.get("/profile")).h1 == "Sign in"


@pytest.mark.parametrize(
    "forged", ["", "1", "1.", ".1", "x.1", "1.x", "1.1.1", "-1.1", "²." + "1", "9" * 30 + ".1", "1.2", "\0.1"]
)
def test_a_session_without_a_person_is_signed_out(app: Flask, forged: str) -> None:
    make.person("Ann Lee", id=1)
    assert signed_in_person(forged) is None


def test_the_signed_in_person_takes_one_query(
    app: Flask, queries: Callable[[Callable[[], object]], int]
) -> None:
    ann = make.person("Ann Lee", Role.TRAINER, Role.HUB_OFFICER, Role.ADMINISTRATOR)
    session_id = ann.get_id()
    db.session.commit()
    db.session.expunge_all()
    # SQLite is told to begin in a statement of its own, which the request sends in any case.
    begin = queries(db.session.connection)
    db.session.rollback()

    def read() -> None:
        person = signed_in_person(session_id)
        assert person is not None
        assert person.agency is not None
        assert len(person.roles) == 4

    assert queries(read) - begin == 1
