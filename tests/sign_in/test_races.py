"""Sign-ins and roles when several requests arrive at the same moment."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from tests.sign_in.test_signing_in import ask, code_in, link_in, newest_mail, wrong
from training_hub.access import Role
from training_hub.database import db
from training_hub.limits.models import SignInAttempt
from training_hub.people.models import Agency, Person
from training_hub.people.queries import administrators
from training_hub.sign_in.models import SignInCode

pytestmark = pytest.mark.postgres


def at_once(*acts: Callable[[], int]) -> list[int]:
    """Begin all of `acts` at the same moment. Returns their answers, sorted."""
    answers: list[int] = []
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], int]) -> None:
        gate.wait()
        answers.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def sender(app: Flask, browser: PageClient, path: str, form: dict[str, object]) -> Callable[[], int]:
    """Something that sends `form` from a browser of its own that shares the cookies of `browser`."""
    with browser.http.session_transaction() as session:
        kept = dict(session)
    client = FlaskClient(app, app.response_class)
    with client.session_transaction() as session:
        session.update(kept)

    def send() -> int:
        return client.post(path, data=form).status_code

    return send


def test_guesses_at_once_are_all_counted_and_five_compared(app: Flask, stranger: PageClient) -> None:
    page = ask(stranger, "ann@example.org")
    form = {**page.form("/sign-in/code"), "code": wrong(code_in(newest_mail()))}
    db.session.commit()
    answers = at_once(*[sender(app, stranger, "/sign-in/code", form) for _ in range(12)])
    assert answers == [422] * 12
    db.session.expire_all()
    assert db.session.scalars(select(SignInCode.tries)).all() == [5]
    assert db.session.scalar(select(func.count()).where(SignInAttempt.kind == "try")) == 12


def test_code_and_link_used_at_once_sign_in_once(app: Flask, stranger: PageClient) -> None:
    page = ask(stranger, "ann@example.org")
    mail = newest_mail()
    form = {**page.form("/sign-in/code"), "code": code_in(mail)}
    by_code = [sender(app, stranger, "/sign-in/code", form) for _ in range(3)]
    by_link = [sender(app, stranger, link_in(mail), form) for _ in range(3)]
    db.session.commit()
    answers = at_once(*by_code, *by_link)
    assert answers.count(303) == 1
    assert set(answers) <= {303, 410, 422}
    assert db.session.scalar(select(func.count(Person.id))) == 1


def test_two_administrators_who_take_each_others_role_leave_one(
    app: Flask, signed_in: Callable[..., PageClient]
) -> None:
    ada, bea = make.person("Ada", Role.ADMINISTRATOR), make.person("Bea", Role.ADMINISTRATOR)
    acts = []
    for one, other in ((ada, bea), (bea, ada)):
        browser = signed_in(one)
        form = browser.get(f"/manage/people/{other.id}").form("/roles")
        acts.append(
            sender(app, browser, f"/manage/people/{other.id}/roles", {"csrf_token": form["csrf_token"]})
        )
    db.session.commit()
    answers = at_once(*acts)
    db.session.expire_all()
    assert len(administrators()) == 1
    # The second finds either that they are the last, or that they no longer may.
    assert answers in ([303, 403], [303, 409])


def test_a_new_agency_named_by_many_at_once_is_added_once(
    app: Flask, signed_in: Callable[..., PageClient]
) -> None:
    acts = []
    for number in range(4):
        browser = signed_in(make.person(f"Colleague {number}", registered_at=None))
        form = browser.get("/profile").form("/profile")
        sent = {
            **form,
            "agency": "",
            "new_agency": "Deeside Youth Trust",
            "manager_name": "Max Head",
            "manager_email": "max@example.org",
        }
        acts.append(sender(app, browser, "/profile", sent))
    db.session.commit()
    assert at_once(*acts) == [303] * 4
    db.session.expire_all()
    agency = db.session.scalars(select(Agency).where(Agency.name == "Deeside Youth Trust")).one()
    registered = select(func.count()).where(Person.agency_id == agency.id, Person.registered_at == NOW)
    assert db.session.scalar(registered) == 4
