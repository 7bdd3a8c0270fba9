"""Signing in: the code, the link, what they refuse, and what they never reveal."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.database import db
from training_hub.limits.models import SignInAttempt
from training_hub.mail.models import Mail, Urgency
from training_hub.people.models import Person
from training_hub.people.queries import person_by_email
from training_hub.sign_in import actions
from training_hub.sign_in.models import SignInCode

SignedIn = Callable[..., PageClient]


def newest_mail() -> Mail:
    db.session.expire_all()
    mail = db.session.scalar(select(Mail).order_by(Mail.id.desc()).limit(1))
    assert mail is not None
    return mail


def code_in(mail: Mail) -> str:
    found = re.search(r"^(\d{6})$", mail.text, re.MULTILINE)
    assert found is not None
    return found[1]


def link_in(mail: Mail) -> str:
    found = re.search(r"http://localhost(/sign-in/link/\S+)", mail.text)
    assert found is not None
    return found[1]


def ask(browser: PageClient, email: str, after: str = "/sign-in") -> Page:
    return browser.send(browser.get(after), "/sign-in", email=email)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def account_of(page: Page) -> str:
    """The person named in the frame of the page."""
    found = re.search(r'class="account-name"[^>]*>([^<]*)<', page.html)
    return found[1] if found else ""


def errors(page: Page) -> list[str]:
    return re.findall(r'<li><a href="#[\w-]+">([^<]+)</a></li>', page.html.replace("&#39;", "'"))


def test_the_code_from_the_email_signs_a_known_person_in(app: Flask, stranger: PageClient) -> None:
    make.person("Ann Lee", email="ann@example.org")
    page = ask(stranger, "ann@example.org")
    assert page.h1 == "Check your email"
    assert "We have sent a code to ann@example.org ." in page.text
    mail = newest_mail()
    assert (mail.to_email, mail.to_name, mail.subject) == (
        "ann@example.org",
        "",
        "Your code to sign in to Training Hub",
    )
    assert (mail.urgency, mail.carries_key) == (Urgency.SIGN_IN, True)
    assert mail.expires_at == NOW + timedelta(minutes=10)
    answer = stranger.post("/sign-in/code", {**page.form("/sign-in/code"), "code": code_in(mail)})
    assert (answer.status, answer.response.headers["Location"]) == (303, "/")
    profile = stranger.get("/profile")
    assert (profile.h1, account_of(profile)) == ("Your details", "Ann Lee")


def test_a_code_copied_with_spaces_is_the_same_code(app: Flask, stranger: PageClient) -> None:
    make.person("Ann Lee", email="ann@example.org")
    page = ask(stranger, "Ann@Example.ORG ")
    code = code_in(newest_mail())
    stranger.send(page, "/sign-in/code", code=f" {code[:3]} {code[3:]} ")
    assert account_of(stranger.get("/profile")) == "Ann Lee"


def test_the_link_shows_a_button_and_only_the_button_signs_in(app: Flask, stranger: PageClient) -> None:
    make.person("Ann Lee", email="ann@example.org")
    ask(stranger, "ann@example.org")
    link = link_in(newest_mail())
    mail_filter = PageClient(app)
    for _ in range(3):
        assert mail_filter.get(link).h1 == "Sign in to Training Hub"
        assert mail_filter.http.head(link).status_code == 200
    assert db.session.scalars(select(SignInCode.used_at)).all() == [None]
    phone = PageClient(app)
    page = phone.get(link)
    assert "You are signing in as ann@example.org ." in page.text
    phone.send(page, link)
    assert account_of(phone.get("/profile")) == "Ann Lee"
    again = PageClient(app).get(link)
    assert (again.status, again.h1) == (410, "This link does not sign you in")
    assert "This link has been used. Each link works once." in again.text


def test_using_the_link_uses_up_its_code(app: Flask, stranger: PageClient) -> None:
    make.person("Ann Lee", email="ann@example.org")
    page = ask(stranger, "ann@example.org")
    mail = newest_mail()
    phone = PageClient(app)
    phone.send(phone.get(link_in(mail)), link_in(mail))
    refused = stranger.send(page, "/sign-in/code", code=code_in(mail))
    assert (refused.status, errors(refused)) == (
        422,
        ["This code has been used. Each code works once: get a new code"],
    )
    assert account_of(refused) == ""


def test_a_code_and_its_link_run_out_after_ten_minutes(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    make.person("Ann Lee", email="ann@example.org")
    page = ask(stranger, "ann@example.org")
    mail = newest_mail()
    code, link = code_in(mail), link_in(mail)
    clock.now = NOW + timedelta(minutes=10)
    refused = stranger.send(page, "/sign-in/code", code=code)
    assert errors(refused) == ["This code has run out. Codes work for ten minutes: get a new code"]
    assert "This link has run out. Links work for ten minutes." in stranger.get(link).text
    assert stranger.post(link).status == 410
    clock.now = NOW + timedelta(minutes=10) - timedelta(seconds=1)
    stranger.send(page, "/sign-in/code", code=code)
    assert account_of(stranger.get("/profile")) == "Ann Lee"


def test_a_newer_code_supersedes_the_older_code_and_link(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    make.person("Ann Lee", email="ann@example.org")
    page = ask(stranger, "ann@example.org")
    older = newest_mail()
    code, link = code_in(older), link_in(older)
    clock.now = NOW + timedelta(minutes=1)
    page = stranger.send(page, "/sign-in")
    assert page.h1 == "Check your email"
    refused = stranger.send(page, "/sign-in/code", code=code)
    assert errors(refused) == ["We have sent a newer code since. Enter the code from the newest email"]
    assert "We have sent a newer link since." in stranger.get(link).text
    assert stranger.post(link).status == 410
    stranger.send(refused, "/sign-in/code", code=code_in(newest_mail()))
    assert account_of(stranger.get("/profile")) == "Ann Lee"


def test_after_five_wrong_codes_only_the_link_signs_in(app: Flask, stranger: PageClient) -> None:
    make.person("Ann Lee", email="ann@example.org")
    page = ask(stranger, "ann@example.org")
    mail = newest_mail()
    code, link = code_in(mail), link_in(mail)
    for _ in range(5):
        refused = stranger.send(page, "/sign-in/code", code=wrong(code))
        assert (refused.status, errors(refused)) == (
            422,
            ["This code is not right. Check the newest email from us, and enter its six digits"],
        )
    refused = stranger.send(page, "/sign-in/code", code=code)
    assert errors(refused) == [
        "This code has been tried too often. Get a new code, or use the link in the email"
    ]
    assert db.session.scalars(select(SignInCode.tries)).all() == [5]
    phone = PageClient(app)
    phone.send(phone.get(link), link)
    assert account_of(phone.get("/profile")) == "Ann Lee"


def test_a_mistyped_code_is_not_counted_as_a_try(app: Flask, stranger: PageClient) -> None:
    page = ask(stranger, "ann@example.org")
    for slip in ("", "12345", "1234567", "abcdef", "١٢٣٤٥٦"):
        refused = stranger.send(page, "/sign-in/code", code=slip)
        assert (refused.status, len(errors(refused))) == (422, 1)
    assert db.session.scalars(select(SignInCode.tries)).all() == [0]


def test_a_code_works_only_for_its_own_address(app: Flask) -> None:
    make.person("Ann Lee", email="ann@example.org")
    make.person("Olive Officer", Role.HUB_OFFICER, email="olive@example.org")
    attacker = PageClient(app)
    page = ask(attacker, "ann@example.org")
    own_code = code_in(newest_mail())
    ask(PageClient(app), "olive@example.org")
    refused = attacker.send(page, "/sign-in/code", email="olive@example.org", code=own_code)
    assert refused.status == 422
    assert account_of(attacker.get("/profile")) == ""


def test_sign_in_answers_alike_for_known_and_unknown_addresses(app: Flask) -> None:
    make.person("Ann Lee", email="known@example.org")
    make.person("Cat Coe", email="closed@example.org", is_active=False)
    told = []
    for email in ("known@example.org", "nobody@example.org", "closed@example.org"):
        browser = PageClient(app)
        page = ask(browser, email)
        mail = newest_mail()
        code, link = code_in(mail), link_in(mail)
        refused = browser.send(page, "/sign-in/code", code=wrong(code))
        seen = [page.text, browser.get(link).text, refused.text, mail.subject, mail.text, mail.html]
        told.append(
            [text.replace(code, "CODE").replace(link, "LINK").replace(email, "EMAIL") for text in seen]
        )
    assert told[0] == told[1] == told[2]
    assert db.session.scalar(select(func.count(Person.id))) == 2


def test_a_new_person_is_added_when_their_code_is_entered(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    page = ask(stranger, "new@example.org")
    assert person_by_email("new@example.org") is None
    clock.now = NOW + timedelta(minutes=2)
    answer = stranger.post("/sign-in/code", {**page.form("/sign-in/code"), "code": code_in(newest_mail())})
    assert answer.response.headers["Location"] == "/profile"
    person = person_by_email("new@example.org")
    assert person is not None
    assert (person.entered_at, person.name, person.registered_at) == (clock.now, "", None)


def test_a_closed_account_is_told_after_its_code(app: Flask, stranger: PageClient) -> None:
    make.person("Cat Coe", email="cat@example.org", is_active=False)
    page = ask(stranger, "cat@example.org")
    refused = stranger.send(page, "/sign-in/code", code=code_in(newest_mail()))
    assert refused.status == 409
    assert actions.CLOSED in refused.text
    assert account_of(stranger.get("/profile")) == ""


@pytest.mark.changes_the_app
def test_codes_and_links_are_stored_only_as_keyed_hashes(app: Flask, stranger: PageClient) -> None:
    ask(stranger, "ann@example.org")
    mail = newest_mail()
    code, link = code_in(mail), link_in(mail)
    row = db.session.scalars(select(SignInCode)).one()
    assert (len(row.code_hash), len(row.link_hash)) == (64, 64)
    assert code not in row.code_hash
    app.config["SECRET_KEY"] = "another installation’s key"
    assert actions.link_hash(link.rpartition("/")[2]) != row.link_hash


@pytest.mark.parametrize("token", ["x", "x" * 2000, "..%2f", "%01", "é", "__proto__"])
def test_a_forged_link_is_refused_and_signs_nobody_in(app: Flask, stranger: PageClient, token: str) -> None:
    make.person("Ann Lee", email="ann@example.org")
    ask(stranger, "ann@example.org")
    page = stranger.get(f"/sign-in/link/{token}")
    assert page.status in {404, 410}
    assert stranger.post(f"/sign-in/link/{token}").status in {404, 410}
    assert account_of(stranger.get("/profile")) == ""


def test_a_link_signs_in_once_and_lasts_as_long_as_asked(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    ann = make.person("Ann Lee")
    path = actions.make_sign_in_link(ann, now=NOW, lasts=timedelta(days=1), next_page="/profile")
    db.session.commit()
    clock.now = NOW + timedelta(hours=23)
    assert stranger.send(stranger.get(path), path).h1 == "Your details"
    assert PageClient(app).get(path).status == 410
    assert db.session.scalar(select(func.count(Mail.id))) == 0


def test_old_codes_and_attempts_are_forgotten_and_counted(app: Flask) -> None:
    actions.ask_for_code("ann@example.org", network="1.2.3.4", now=NOW - timedelta(days=3))
    actions.ask_for_code("ann@example.org", network="1.2.3.4", now=NOW)
    assert actions.forget_sign_ins(now=NOW) == 2
    assert db.session.scalars(select(SignInAttempt.at)).all() == [NOW]
    assert db.session.scalars(select(SignInCode.made_at)).all() == [NOW]


def test_without_a_mail_server_the_code_is_printed(
    app: Flask, stranger: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    page = ask(stranger, "ann@example.org")
    mail = newest_mail()
    printed = f"Sign-in code for ann@example.org: {code_in(mail)}, or http://localhost{link_in(mail)}\n"
    assert capsys.readouterr().err == printed
    assert "The code is printed on the server’s console." in page.text
