"""From a form in use to its next version, which the next person is asked."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from tests import make
from tests.browser.conftest import LAPTOP, Site, press
from tests.browser.reading import facts, heading, texts
from tests.conftest import NOW
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.questionnaires.models import Questionnaire, VersionState
from training_hub.questionnaires.queries import questions as questions_queries

MET, TOGETHER = "Did you meet someone from another agency?", "What will you do together?"


def test_next_invitee_gets_the_new_version_of_a_questionnaire(
    site: Site, visitor: Callable[..., Page]
) -> None:
    event = make.event(make.course("Neglect"), starts_at=NOW - timedelta(hours=8))
    ann = make.booking(event, make.person("Ann Archer"), Status.COMPLETED)
    ben = make.booking(event, make.person("Ben Baker"), Status.CONFIRMED)
    site.work()

    page = visitor(LAPTOP, make.officer(), "/manage/forms")
    main = page.get_by_role("main")
    press(main.get_by_role("link", name="End of course"))
    assert facts(page)["Version in use"] == "Version 1"
    press(main.get_by_role("button", name="Make a new version"))
    assert heading(page) == "Questions of End of course, version 2"

    press(main.get_by_role("link", name="Add a question"))
    press(main.get_by_role("link", name="Yes or no"))
    page.get_by_label("Question", exact=True).fill(MET)
    press(main.get_by_role("button", name="Add question"))
    press(main.get_by_role("link", name="Add a question"))
    press(main.get_by_role("link", name="Sentences"))
    page.get_by_label("Question", exact=True).fill(TOGETHER)
    page.get_by_label("Who is asked?").select_option(f"People who say yes to “{MET}”")
    press(main.get_by_role("button", name="Add question"))
    assert texts(page, ".asked strong")[-3:] == [
        "10. What should we change about the course?",
        f"11. {MET}",
        f"12. {TOGETHER}",
    ]
    press(main.get_by_role("button", name="Move up question 11"))
    assert "can only follow" not in main.inner_text()
    assert texts(page, ".asked strong")[-3:] == [
        f"10. {MET}",
        "11. What should we change about the course?",
        f"12. {TOGETHER}",
    ]

    press(main.get_by_role("link", name="Preview"))
    page.get_by_role("radiogroup", name=MET).get_by_text("Yes", exact=True).click()
    assert page.get_by_role("button", name="Send my answers").is_disabled()
    assert texts(page, ".follows .muted") == [f"Only for people who say yes to “{MET}”:"]
    press(main.get_by_role("link", name="Back"))

    press(main.get_by_role("link", name="Put in use"))
    assert texts(page, "main h3 + ul li") == [MET, TOGETHER]
    press(main.get_by_role("button", name="Put version 2 in use"))
    assert facts(page)["Version in use"] == "Version 2"

    db.session.rollback()
    ben.status = Status.COMPLETED
    site.work()
    asked = [invitations_queries.invitation_of(booking.id) for booking in (ann, ben)]
    forms = [db.session.get(Questionnaire, invitation.questionnaire_id) for invitation in asked if invitation]
    assert [(form.version, form.state) for form in forms if form] == [
        (1, VersionState.WITHDRAWN),
        (2, VersionState.IN_USE),
    ]
    assert [each.text for each in questions_queries.questions(forms[1].id if forms[1] else 0)][-3:] == [
        MET,
        "What should we change about the course?",
        TOGETHER,
    ]
