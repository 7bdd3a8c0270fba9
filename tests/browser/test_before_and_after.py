"""Answers before and after a course are compared for each person. People without a pair are counted by reason."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

from playwright.sync_api import Locator, Page

from tests import make
from tests.browser.conftest import LAPTOP, PHONE, Site, press
from tests.browser.reading import heading, links, subjects, texts
from tests.conftest import NOW
from training_hub.access import Role
from training_hub.questionnaires.actions.course_questionnaires import set_course_questionnaire
from training_hub.questionnaires.models import Stage

COURSE = {
    "Did it do what it set out to do?": 5,
    "How relevant is it to your job?": 5,
    "How good was the trainer?": 5,
    "How good were the materials, and how easy was it for you to take part?": 5,
    "How was the pace?": 3,
}
KNOWLEDGE, SKILLS, CONFIDENCE = (
    "What you know about this subject",
    "Your skill in putting it into practice",
    "Your confidence to act on it at work",
)
NAMES = ("Ann Archer", "Ben Baker", "Carol Cole", "Dan Drew")


def test_before_and_after_answers_of_one_person_are_paired(site: Site, visitor: Callable[..., Page]) -> None:
    trainer = make.person("Tia Trainer", Role.TRAINER)
    course = make.course("Working Together")
    set_course_questionnaire(course, Stage.BEFORE, is_asked=True)
    event = make.event(course, starts_at=NOW + timedelta(days=2), trainers=(trainer,))
    for name in NAMES:
        make.booking(event, make.person(name, email=_address(name)))

    # Two days before: everybody is asked, Ann and Carol answer.
    before = _by_name(site.work(), "Before you come to Working Together")
    for name in ("Ann Archer", "Carol Cole"):
        page = _phone(visitor, before[name])
        assert heading(page) == "Before you come"
        assert page.get_by_role("radiogroup", name="Now", exact=True).count() == 0
        _choose(page, {KNOWLEDGE: 2, SKILLS: 3, CONFIDENCE: 1})
        press(page.get_by_role("button", name="Continue"), Locator.tap)
        press(page.get_by_role("button", name="Send my answers"), Locator.tap)
        assert heading(page) == "Thank you, your answers have arrived"

    # Ann, Ben and Dan come, and Carol does not.
    site.clock.now = event.ends_at
    register = visitor(PHONE, trainer, f"/registers/{event.id}/1", has_touch=True, is_mobile=True)
    for name in NAMES:
        mark = "Absent" if name == "Carol Cole" else "Present"
        register.get_by_role("group", name=name).get_by_role("radio", name=mark, exact=True).tap()
    press(register.get_by_role("button", name="Save register"), Locator.tap)
    assert texts(register, ".save-bar strong") == ["4 of 4 marked"]

    # People who came are asked how it is now, not how it was. Dan never answers.
    end = _by_name(site.work(), "How was Working Together? Your certificate is waiting")
    assert sorted(end) == ["Ann Archer", "Ben Baker", "Dan Drew"]
    for name in ("Ann Archer", "Ben Baker"):
        page = _phone(visitor, end[name])
        _choose(page, COURSE)
        press(page.get_by_role("button", name="Continue"), Locator.tap)
        assert page.get_by_role("radiogroup", name="Before the course", exact=True).count() == 0
        _choose(page, {KNOWLEDGE: 4, SKILLS: 3, CONFIDENCE: 5})
        press(page.get_by_role("button", name="Continue"), Locator.tap)
        press(page.get_by_role("button", name="Send my answers"), Locator.tap)
        assert heading(page) == "Thank you, your answers have arrived"

    # The officer finds one pair, and why there are no more.
    officer = visitor(LAPTOP, make.officer(), f"/results/dates/{event.id}")
    assert texts(officer, ".headline")[1:] == [
        "+2.0 What you know about this subject: from 2.0 to 4.0 out of 5, and 1 of 1 person went up",
        "0.0 Your skill in putting it into practice: from 3.0 to 3.0 out of 5, and 0 of 1 person went up",
        "+4.0 Your confidence to act on it at work: from 1.0 to 5.0 out of 5, and 1 of 1 person went up",
    ]
    said = officer.locator("main").inner_text()
    why = "People whose answers are not compared with those from before the course: 1 did not answer before the course."
    assert said.count(why) == 3
    assert [name for name in NAMES if name in said] == []
    press(officer.get_by_role("link", name="Before the course"))
    said = officer.locator("main").inner_text()
    why = "not compared with those from the end of the course: 1 did not complete the course, or not yet."
    assert (said.count(why), [name for name in NAMES if name in said]) == (1, [])

    # So few answers are hidden from everyone else.
    page = visitor(LAPTOP, trainer, f"/results/dates/{event.id}")
    said = page.locator("main").inner_text()
    assert "Fewer than 5 people have answered, so nothing is shown." in said
    assert [part for part in ("+2.0", "+4.0", "not compared", *NAMES) if part in said] == []


def _address(name: str) -> str:
    return f"{name.split()[0].lower()}@example.org"


def _by_name(mails: list[EmailMessage], subject: str) -> dict[str, EmailMessage]:
    """The emails with this subject, by recipient."""
    to = {_address(name): name for name in NAMES}
    return {
        to[address]: mail
        for mail, (address, words) in zip(mails, subjects(mails), strict=True)
        if words == subject
    }


def _phone(visitor: Callable[..., Page], mail: EmailMessage) -> Page:
    """A phone on which the form was opened by the mail's own link."""
    page = visitor(PHONE, has_touch=True, is_mobile=True)
    page.goto(links(mail)[0])
    return page


def _choose(page: Page, chosen: dict[str, int]) -> None:
    for question, number in chosen.items():
        page.get_by_role("radiogroup", name=question).get_by_role("radio", name=str(number)).tap()
