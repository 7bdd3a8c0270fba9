"""Answering in the classroom: by phone, signed in, and on a device that is handed round."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Error, Locator, Page, expect
from sqlalchemy import select

from tests import make
from tests.browser.answering import answer
from tests.browser.conftest import LAPTOP, PHONE, Site, press
from tests.browser.reading import heading, subjects, texts
from tests.conftest import NOW
from training_hub.access import Role
from training_hub.certificates.models import Certificate
from training_hub.commands.report import Operator
from training_hub.database import db
from training_hub.reporting.models import Filters
from training_hub.reporting.queries.counting import event_counts

ADDRESS = "The email address you booked with"


def test_classroom_answers_count_once_the_register_is_marked(
    site: Site, visitor: Callable[..., Page]
) -> None:
    trainer = make.person("Tia Trainer", Role.TRAINER)
    event = make.event(
        make.course("Working Together"), starts_at=NOW - timedelta(hours=6, minutes=30), trainers=(trainer,)
    )
    people = {name: make.person(name) for name in ("Ann Archer", "Ben Baker", "Carol Cole", "Dan Drew")}
    for person in people.values():
        make.booking(event, person)

    desk = visitor(LAPTOP, trainer, f"/registers/{event.id}/1")
    press(desk.get_by_role("link", name="Let people answer in the classroom"))
    press(desk.get_by_role("button", name="Open the classroom"))
    press(desk.get_by_role("link", name="Show the code on the big screen"))
    assert texts(desk, ".big-count") == ["0 of 4 have answered"]
    [code] = texts(desk, ".big-code")
    code = code.removeprefix("the code").strip()
    assert desk.locator(".big-picture svg path").count() == 2

    phone = visitor(PHONE, has_touch=True, is_mobile=True)
    phone.goto(f"/room/{code}")
    _start(phone, people["Ann Archer"].email)
    answer(phone)
    assert heading(phone) == "Thank you for your answers"

    own = visitor(PHONE, people["Ben Baker"], "/room", has_touch=True, is_mobile=True)
    own.get_by_label("Code on the screen").fill(code.lower())
    press(own.get_by_role("button", name="Continue"), Locator.tap)
    press(own.get_by_role("button", name="Answer as Ben Baker"), Locator.tap)
    answer(own)
    assert heading(own) == "Thank you, your answers have arrived"

    tablet = visitor(LAPTOP, has_touch=True)
    tablet.goto(f"/room/{code}/device")
    _start(tablet, people["Carol Cole"].email)
    answer(tablet)
    press(tablet.get_by_role("button", name="Next person"), Locator.tap)
    assert _shows_nothing_of(tablet, people["Carol Cole"].email)

    press(desk.get_by_role("link", name="Count again"))
    assert texts(desk, ".big-count") == ["3 of 4 have answered"]

    register = visitor(LAPTOP, trainer, f"/registers/{event.id}/1")
    for name in people:
        mark = "Absent" if name == "Dan Drew" else "Present"
        register.locator("fieldset.register-row").filter(has_text=name).get_by_label(mark).check(force=True)
    press(register.get_by_role("button", name="Save register"))
    site.clock.now = event.ends_at
    mails = subjects(site.work())
    assert sorted(subject for _, subject in mails) == [
        *["Your answers about Working Together have arrived"] * 3,
        *["Your certificate for Working Together"] * 3,
    ]
    db.session.rollback()
    [counted] = event_counts(Operator(), Filters(first=NOW.date(), last=NOW.date()), now=site.clock.now)
    assert (counted.returned, sum(counted.booked.values())) == (3, 4)
    assert len(db.session.scalars(select(Certificate)).all()) == 3


def test_back_button_on_a_shared_device_shows_no_answers(site: Site, visitor: Callable[..., Page]) -> None:
    trainer = make.person("Tia Trainer", Role.TRAINER)
    event = make.event(starts_at=NOW - timedelta(hours=6, minutes=30), trainers=(trainer,))
    carol = make.booking(event, make.person("Carol Cole")).person
    desk = visitor(LAPTOP, trainer, f"/registers/{event.id}/room")
    press(desk.get_by_role("button", name="Open the classroom"))
    # The trainer hands round the very device on which they opened the classroom.
    press(desk.get_by_role("button", name="Sign out and hand this device round"))
    assert heading(desk) == "How was the course?"
    _start(desk, carol.email, Locator.click)
    expect(desk.get_by_text(carol.email)).to_be_visible()
    press(desk.get_by_role("button", name="Stop and clear my answers"))
    assert _shows_nothing_of(desk, carol.email)
    cookies = desk.context.cookies()
    assert [cookie["name"] for cookie in cookies] == ["training_hub"]
    # What was sent is not shown again, but offered to be sent again, and that is refused.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        desk.go_back()
    expect(desk.locator("body")).not_to_contain_text(carol.email)
    for title in ("How was the course?", "Sign in"):
        desk.go_back()
        assert heading(desk) == title
        assert _shows_nothing_of(desk, carol.email)
        assert "Tia Trainer" not in desk.content()


def _start(page: Page, email: str, how: Callable[[Locator], None] = Locator.tap) -> None:
    page.get_by_label(ADDRESS).fill(email)
    press(page.get_by_role("button", name="Start"), how)


def _shows_nothing_of(page: Page, email: str) -> bool:
    typed = page.evaluate("() => [...document.querySelectorAll('input')].map(one => one.value).join(' ')")
    return email not in page.content() and email not in typed
