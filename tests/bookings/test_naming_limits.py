"""Nobody finds out who has an account elsewhere by naming one address after another for a place."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.bookings.told import NEXT_MONTH, stored
from tests.conftest import NOW, TestClock
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.limits.models import SignInAttempt
from training_hub.limits.rules import MOST_NAMED
from training_hub.people.models import Agency, Person

SignIn = Callable[..., PageClient]
TOO_MANY = "You have entered too many addresses of people outside your agency."


def world() -> tuple[Agency, Person, Event, list[str]]:
    """A school with its lead, a date, and as many addresses elsewhere as may be tried in a day."""
    oak = make.agency("Oak School")
    lead = make.person("Lee Lead", Role.AGENCY_LEAD, of=oak)
    elm = make.agency("Elm Surgery")
    elsewhere = [make.person(f"Elsa {number}", of=elm).email for number in range(MOST_NAMED)]
    make.person("Ann Archer", of=oak, email="ann@example.org")
    return oak, lead, make.event(make.course("Neglect"), starts_at=NEXT_MONTH), elsewhere


def check(browser: PageClient, event: Event, *emails: str, step: str = "check", **fields: str) -> Page:
    page = browser.get(f"/dates/{event.id}/group")
    lines = "\n".join(f"Some Body, {email}" for email in emails)
    return browser.send(page, "/group", people=lines, step=step, **fields)


def counted() -> int:
    return db.session.scalar(select(func.count(SignInAttempt.id))) or 0


def test_naming_people_of_other_agencies_is_limited(app: Flask, signed_in: SignIn, clock: TestClock) -> None:
    _oak, lead, event, elsewhere = world()
    browser = signed_in(lead)
    assert check(browser, event, *elsewhere[:-1]).text.count("Left out") == MOST_NAMED - 1
    assert check(browser, event, elsewhere[-1]).status == 200
    assert counted() == MOST_NAMED
    # Known elsewhere or to nobody, checked or booked: the answer is the same, and does not count again.
    for address in (elsewhere[0], "new@example.org"):
        for step, how in (("check", ""), ("confirm", "most")):
            refused = check(browser, event, "ann@example.org", address, step=step, how=how)
            assert (refused.status, refused.h1) == (429, "Wait a little, then try again")
            assert (
                f"{TOO_MANY} You can still name your agency’s people. You can try again in 24 hours."
                in refused.text
            )
    assert (counted(), stored()) == (MOST_NAMED, [])
    # Their own people can be booked anyway.
    assert check(browser, event, "ann@example.org", step="confirm", how="most").status == 200
    assert [name for name, _status in stored()] == ["Ann Archer"]
    clock.now = NOW + timedelta(days=1)
    browser = signed_in(lead)
    assert check(browser, event, "new@example.org").status == 200


def test_new_or_nameless_addresses_are_not_counted(app: Flask, signed_in: SignIn) -> None:
    _oak, lead, event, elsewhere = world()
    browser = signed_in(lead)
    check(browser, event, "new@example.org", "ann@example.org")
    page = browser.get(f"/dates/{event.id}/group")
    browser.send(page, "/group", people="\n".join(elsewhere), step="check")
    assert counted() == 0


def test_substitution_cannot_probe_addresses(app: Flask, signed_in: SignIn) -> None:
    oak, _lead, event, elsewhere = world()
    pat = make.booking(event, make.person("Pat", of=oak))
    browser = signed_in(pat.person)

    def pass_to(email: str) -> Page:
        page = browser.get(f"/bookings/{pat.reference}/substitute")
        return browser.send(page, "/substitute", name="Some Body", email=email)

    seen = [pass_to(email) for email in elsewhere]
    assert {page.status for page in seen} == {422}
    assert counted() == MOST_NAMED
    for address in (elsewhere[0].upper(), "new@example.org"):
        refused = pass_to(address)
        assert (refused.status, TOO_MANY in refused.text) == (429, True)
    assert pass_to("ann@example.org").h1 == "Your place is passed on"
    assert db.session.scalar(select(Booking).where(Booking.follows_id == pat.id)) is not None


def test_officers_who_see_everybody_are_not_limited(app: Flask, signed_in: SignIn) -> None:
    oak, _lead, event, elsewhere = world()
    browser = signed_in(make.officer())
    for _ in range(2):
        page = check(browser, event, *elsewhere, agency_id=str(oak.id))
        assert (page.status, page.text.count("Left out")) == (200, MOST_NAMED)
    assert counted() == 0
