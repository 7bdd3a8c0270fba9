"""How often a code may be asked for and tried, and where a sign-in may lead."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from tests.sign_in.test_signing_in import account_of, ask, code_in, newest_mail, wrong
from training_hub.database import db
from training_hub.errors import Refused, TooOften
from training_hub.limits.models import SignInAttempt
from training_hub.limits.rules import network_of
from training_hub.mail.models import Mail
from training_hub.people.rules import NotAnAddress, own_path, work_address
from training_hub.sign_in import actions
from training_hub.sign_in.models import SignInCode

pytestmark = pytest.mark.postgres


def test_an_address_gets_five_codes_in_ten_minutes(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    for minute in range(5):
        clock.now = NOW + timedelta(minutes=minute)
        assert ask(stranger, "ann@example.org").h1 == "Check your email"
    clock.now = NOW + timedelta(minutes=6, seconds=30)
    refused = ask(PageClient(app), "ANN@example.org")
    assert (refused.status, refused.h1) == (429, "Wait a little, then try again")
    assert "Too many codes have been sent to this address. You can try again in 4 minutes." in refused.text
    assert refused.response.headers["Retry-After"] == "211"
    assert ask(PageClient(app), "ben@example.org").h1 == "Check your email"
    clock.now = NOW + timedelta(minutes=10)
    assert ask(stranger, "ann@example.org").h1 == "Check your email"
    assert db.session.scalar(select(func.count(Mail.id))) == 7


def test_asking_again_too_soon_does_not_prolong_the_wait(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    for _ in range(20):
        ask(stranger, "ann@example.org")
    assert db.session.scalar(select(func.count(SignInAttempt.id))) == 5
    clock.now = NOW + timedelta(minutes=10, seconds=1)
    assert ask(stranger, "ann@example.org").h1 == "Check your email"


def test_24_people_behind_one_office_address_can_sign_in(app: Flask) -> None:
    for number in range(24):
        email = f"delegate{number}@example.org"
        make.person(f"Delegate {number}", email=email)
        browser = PageClient(app)
        page = ask(browser, email)
        code = code_in(newest_mail())
        page = browser.send(page, "/sign-in/code", code=wrong(code))
        browser.send(page, "/sign-in/code", code=code)
        assert account_of(browser.get("/profile")) == f"Delegate {number}"


def test_a_network_gets_a_hundred_codes_in_ten_minutes(app: Flask) -> None:
    for number in range(100):
        actions.ask_for_code(f"a{number}@example.org", network="1.2.3.4", now=NOW)
    with pytest.raises(TooOften) as refused:
        actions.ask_for_code("b@example.org", network="1.2.3.4", now=NOW + timedelta(minutes=9))
    assert refused.value.wait == timedelta(minutes=1)
    actions.ask_for_code("b@example.org", network="1.2.3.5", now=NOW)
    actions.ask_for_code("c@example.org", network="1.2.3.4", now=NOW + timedelta(minutes=10))


def test_an_address_gets_thirty_tries_a_day(app: Flask, stranger: PageClient, clock: TestClock) -> None:
    for hour in range(6):
        clock.now = NOW + timedelta(hours=hour)
        page = ask(stranger, "ann@example.org")
        code = code_in(newest_mail())
        for _ in range(5):
            assert stranger.send(page, "/sign-in/code", code=wrong(code)).status == 422
    clock.now = NOW + timedelta(hours=6)
    page = ask(stranger, "ann@example.org")
    refused = stranger.send(page, "/sign-in/code", code=code_in(newest_mail()))
    assert refused.status == 429
    assert "The link in our newest email still works." in refused.text
    assert account_of(stranger.get("/profile")) == ""


def test_a_try_is_counted_before_its_code_is_compared(app: Flask) -> None:
    actions.ask_for_code("ann@example.org", network="n", now=NOW)
    db.session.commit()
    row = db.session.scalars(select(SignInCode.id)).one()
    # Like eight browsers that all arrive before the first is answered.
    counted = [actions.count_try("ann@example.org", network="n", now=NOW) for _ in range(8)]
    assert counted == [row] * 5 + [None] * 3
    assert db.session.scalars(select(SignInCode.tries)).all() == [5]


def test_a_try_counted_at_one_code_does_not_open_the_next(app: Flask) -> None:
    make.person("Ann Lee", email="ann@example.org")
    actions.ask_for_code("ann@example.org", network="n", now=NOW)
    db.session.commit()
    counted = actions.count_try("ann@example.org", network="n", now=NOW)
    actions.ask_for_code("ann@example.org", network="n", now=NOW)
    db.session.commit()
    with pytest.raises(Refused):
        actions.sign_in_by_code("ann@example.org", code_in(newest_mail()), counted=counted, now=NOW)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann.Lee@Example.ORG ", "ann.lee@example.org"),
        ("o'brien+course@nhs.example.org", "o'brien+course@nhs.example.org"),
        ("ann@schule-münchen.example.org", "ann@xn--schule-mnchen-3ob.example.org"),
        ("ann@EXAMPLE。org", "ann@example.org"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert work_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@example",
        "ann lee@example.org",
        "ann@example.org\nBcc: all@example.org",
        "ann@example.org\r\nSubject: x",
        "ann@example.org, ben@example.org",
        "Ann <ann@example.org>",
        '"ann\n"@example.org',
        "ann\x01@example.org",
        "аnn@example.org",
        "ann@[127.0.0.1]",
        "a" * 250 + "@example.org",
        "ann@" + "a" * 250 + ".org",
    ],
)
def test_an_invalid_address_gets_no_mail(app: Flask, stranger: PageClient, typed: str) -> None:
    with pytest.raises(NotAnAddress):
        work_address(typed)
    page = ask(stranger, typed)
    assert (page.status, page.title[:16]) == (422, "Error: Sign in –")
    assert db.session.scalar(select(func.count(Mail.id))) == 0


OTHER_HOSTS = [
    "//evil.example.org",
    "/\\evil.example.org",
    "\\\\evil.example.org",
    "https:evil.example.org",
    "https://evil.example.org/",
    "javascript:alert(1)",
    "/\t/evil.example.org",
    "/\n/evil.example.org",
    "/a\\b",
    "/a\r\nLocation: https://evil.example.org",
    "evil.example.org",
    "/sign-in?next=/dates",
    "/sign-in/code",
    "/sign-out",
    "/" + "a" * 500,
    "/a b",
    "/\u200b/evil.example.org",
]


@pytest.mark.parametrize("onward", OTHER_HOSTS)
def test_sign_in_never_leads_to_another_host_or_in_a_circle(
    app: Flask, stranger: PageClient, onward: str
) -> None:
    assert own_path(onward) == ""
    make.person("Ann Lee", email="ann@example.org")
    page = stranger.get("/sign-in")
    page = stranger.send(page, "/sign-in", email="ann@example.org", next=onward)
    answer = stranger.post("/sign-in/code", {**page.form("/sign-in/code"), "code": code_in(newest_mail())})
    assert (answer.status, answer.response.headers["Location"]) == (303, "/")


def test_sign_in_leads_to_the_page_asked_for(app: Flask, stranger: PageClient) -> None:
    make.person("Ann Lee", email="ann@example.org")
    page = stranger.follow(stranger.get("/profile/sign-ins?from=mail"))
    assert page.h1 == "Sign in"
    page = stranger.send(page, "/sign-in", email="ann@example.org")
    page = stranger.send(page, "/sign-in")
    page = stranger.send(page, "/sign-in/code", code=code_in(newest_mail()))
    assert page.h1 == "End all your sign-ins"


def test_networks_are_counted_as_one_household() -> None:
    assert network_of("203.0.113.9") == "203.0.113.9"
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert network_of("::ffff:203.0.113.9") == "203.0.113.9"
    assert network_of(None) == network_of("a socket") == "unknown"
