"""Reviews of courses, actions, and published actions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.said import date_of, form, said
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course
from training_hub.database import db, transaction
from training_hub.evaluation.actions.invitations import invite_due
from training_hub.evaluation.models.answers import Answer, Review
from training_hub.evaluation.rules.answers import Given
from training_hub.improvement.actions import add_action
from training_hub.improvement.models import CourseAction, CourseReview
from training_hub.improvement.queries import ActionFilter, filtered_actions, said_and_done
from training_hub.improvement.rules import ActionState, Plan, WrongAction, check_plan, state_of
from training_hub.mail.models import Mail
from training_hub.results.actions.comments import review

pytestmark = pytest.mark.postgres

SignIn = Callable[..., PageClient]
TODAY = date(2025, 5, 6)
YEAR = "from=2025-04-01&to=2026-03-31"
PLANNED = Plan(
    you_said="The last hour was rushed.",
    action="Take twenty minutes out of the morning.",
    owner="Olive Officer",
    due_on=TODAY,
)
TOLD = replace(
    PLANNED,
    done_on=TODAY,
    outcome="The new timetable is in use.",
    we_did="We made the morning shorter.",
    is_published=True,
)
DAY_FIELDS = {"due_on": ["6", "5", "2025"]}


def acted(course: Course, plan: Plan = PLANNED, **changes: Any) -> CourseAction:
    made = add_action(course, replace(plan, **changes), by=make.officer(), now=NOW)
    db.session.flush()
    return made


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"you_said": " "}, "you_said", "Say what people told you"),
        ({"action": ""}, "action", "Say what will be done"),
        ({"owner": ""}, "owner", "Say who will do it"),
        ({"action": "x" * 501}, "action", "This must be 500 characters or fewer"),
        ({"due_on": date(1925, 5, 6)}, "due_on", "The year must be between 2000 and 2100"),
        (
            {"done_on": TODAY + timedelta(days=1), "outcome": "Done."},
            "done_on",
            "The day the action was done cannot be in the future",
        ),
        ({"done_on": TODAY}, "outcome", "Say what the outcome of the action was"),
        (
            {"is_published": True, "we_did": "We did."},
            "done_on",
            "Say when the action was done before you publish it",
        ),
        (
            {"done_on": TODAY, "outcome": "Done.", "is_published": True},
            "we_did",
            "Say what you did, in words for people who take the course",
        ),
        (
            {"done_on": TODAY, "outcome": "Done.", "is_published": True, "we_did": "x" * 201},
            "we_did",
            "To be published, this must be 200 characters or fewer",
        ),
        (
            {"done_on": TODAY, "outcome": "Done.", "is_published": True, "we_did": "We did"},
            "we_did",
            "To be published, this must end with a full stop",
        ),
    ],
)
def test_an_action_is_published_only_once_it_is_done(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(WrongAction) as wrong:
        check_plan(replace(PLANNED, **changes), today=TODAY)
    assert (wrong.value.field, str(wrong.value)) == (field, sentence)


def test_an_action_is_overdue_from_the_day_after_it_is_due(app: Flask) -> None:
    course = make.course()
    due_today, late = acted(course), acted(course, due_on=TODAY - timedelta(days=1))
    done = acted(course, due_on=TODAY - timedelta(days=9), done_on=TODAY, outcome="Done.")
    assert [state_of(each, today=TODAY) for each in (due_today, late, done)] == [
        ActionState.OPEN,
        ActionState.OVERDUE,
        ActionState.DONE,
    ]
    found = {each: filtered_actions(ActionFilter(state=each), today=TODAY) for each in (None, *ActionState)}
    assert found == {
        None: [late, due_today, done],
        ActionState.OPEN: [late, due_today],
        ActionState.OVERDUE: [late],
        ActionState.DONE: [done],
    }


def test_an_officer_reviews_a_course_and_adds_an_action(app: Flask, signed_in: SignIn) -> None:
    officer, course = make.officer(), make.course("Neglect")
    asked = form()
    event = date_of(course)
    for _ in range(5):
        given = {"objectives": Given(value=4), "pace": Given(value=3), "used": Given(value=1)}
        said(event, asked, {**given, "change": Given(words="More time.")})
    make.booking(event, status=Status.DID_NOT_ATTEND)
    comment = db.session.scalars(select(Answer).where(Answer.text != "").limit(1)).one()
    review(comment.id, state=Review.READ, published="", themes=["Time"])
    client = signed_in(officer)
    page = client.get(f"/manage/courses/{course.slug}/review?{YEAR}")
    for words in (
        "83.3% of expected people completed: 5 of 6",
        "100.0% of evaluations returned: 5 of 5 due",
        "What do you say to objectives? 5 – 4.0 –",
        "What do you say to pace? 5 – 5 said 3 –",
        "What do you say to used? 5 – 5 said yes –",
        "Time: 1 comment about Time",
        "Not sorted by theme yet",
        "There are no actions about this course yet.",
    ):
        assert (words, words in page.text) == (words, True)
    page = client.send(page, "/review", findings="  The last hour is rushed.  ")
    row = db.session.scalars(select(CourseReview)).one()
    assert (row.findings, row.from_on, row.to_on, row.by_id, row.course_id) == (
        "The last hour is rushed.",
        date(2025, 4, 1),
        date(2026, 3, 31),
        officer.id,
        course.id,
    )
    assert ("Your findings are saved" in page.text, "The last hour is rushed." in page.text) == (True, True)
    page = client.get(f"/manage/courses/{course.slug}/actions/add?review={row.id}")
    sent = {"you_said": PLANNED.you_said, "action": PLANNED.action, "owner": PLANNED.owner, **DAY_FIELDS}
    page = client.send(page, "/add", **sent)
    action = db.session.scalars(select(CourseAction)).one()
    assert (action.review_id, action.action, action.due_on, action.is_published) == (
        row.id,
        PLANNED.action,
        TODAY,
        False,
    )
    assert (page.h1, "The action is saved" in page.text, PLANNED.action in page.text) == (
        "Actions",
        True,
        True,
    )


def test_an_empty_review_or_action_is_refused(app: Flask, signed_in: SignIn) -> None:
    course, client = make.course(), signed_in(make.officer())
    page = client.post(f"/manage/courses/{course.slug}/review?{YEAR}", {"findings": " "})
    assert (page.status, "Say what the figures and the comments show" in page.text) == (422, True)
    wrong = client.post(
        f"/manage/courses/{course.slug}/review?from=2025-04-02&to=2025-04-01", {"findings": "x"}
    )
    assert (wrong.status, "The period ends before it begins" in wrong.text) == (422, True)
    page = client.post(f"/manage/courses/{course.slug}/actions/add", {"you_said": "It was cold."})
    assert (page.status, "Enter the day by which it is due" in page.text, "It was cold." in page.html) == (
        422,
        True,
        True,
    )
    assert (
        db.session.scalars(select(CourseReview)).all(),
        db.session.scalars(select(CourseAction)).all(),
    ) == (
        [],
        [],
    )


def test_an_action_cannot_follow_another_courses_review(app: Flask, signed_in: SignIn) -> None:
    course, officer = make.course(), make.officer()
    other = CourseReview(
        course_id=make.course().id, from_on=TODAY, to_on=TODAY, findings="x", made_at=NOW, by_id=officer.id
    )
    db.session.add(other)
    db.session.flush()
    client = signed_in(officer)
    for review_id in (other.id, "99999999999999999999", "none"):
        page = client.get(f"/manage/courses/{course.slug}/actions/add?review={review_id}")
        client.send(page, "/add", you_said="a", action="b", owner="c", **DAY_FIELDS)
    assert db.session.scalars(select(CourseAction.review_id)).all() == [None, None, None]


def test_completed_action_is_recorded_and_published(
    app: Flask, signed_in: SignIn, stranger: PageClient
) -> None:
    course = make.course("Neglect")
    action = acted(course)
    client = signed_in(make.officer())
    page = client.get(f"/manage/actions/{action.id}")
    told = {"we_did": TOLD.we_did, "outcome": TOLD.outcome, "evidence": "Pace went from 3.8 to 3.1."}
    page = client.send(page, f"/{action.id}", done_on=["6", "5", "2025"], is_published="y", **told)
    assert (page.h1, "Done Published Olive Officer, done 6 May 2025" in page.text) == ("Actions", True)
    public = stranger.get(f"/courses/{course.slug}")
    said_there = (
        "You said, we did You said: The last hour was rushed. We did: We made the morning shorter. May 2025"
    )
    assert (said_there in public.text, "Pace went" in public.text, TOLD.outcome in public.text) == (
        True,
        False,
        False,
    )


def test_saving_an_action_changed_meanwhile_is_refused_as_stale(app: Flask, signed_in: SignIn) -> None:
    action = acted(make.course())
    mine, theirs = signed_in(make.officer()), signed_in(make.officer("Otto Other"))
    old, new = mine.get(f"/manage/actions/{action.id}"), theirs.get(f"/manage/actions/{action.id}")
    theirs.send(new, f"/{action.id}", owner="Otto Other")
    page = mine.send(old, f"/{action.id}", owner="Third Person")
    db.session.expire_all()
    assert (page.status, "Someone else changed this after" in page.text, action.owner) == (
        422,
        True,
        "Otto Other",
    )
    assert ("What someone else saved" in page.text, page.form(f"/{action.id}")["owner"]) == (
        True,
        "Third Person",
    )
    page = mine.send(page, f"/{action.id}")
    db.session.expire_all()
    assert (page.status, action.owner) == (200, "Third Person")


def test_only_the_latest_three_published_actions_are_shown(app: Flask) -> None:
    course = make.course()
    told = [acted(course, TOLD, done_on=TODAY - timedelta(days=days)) for days in (4, 1, 3, 2)]
    acted(course, TOLD, is_published=False)
    acted(make.course(), TOLD)
    assert said_and_done(course.id) == [told[1], told[3], told[2]]


def test_the_next_invitation_quotes_you_said_we_did(app: Flask) -> None:
    with transaction():
        course = make.course("Neglect")
        acted(course, TOLD)
        acted(course, TOLD, is_published=False, we_did="Unpublished.")
        make.booking(date_of(course), make.person("Ann Archer"), Status.COMPLETED)
        make.booking(date_of(make.course("Other")), make.person("Ben Baker"), Status.COMPLETED)
    invite_due(now=NOW)
    found = {mail.subject: (mail.text, mail.html) for mail in db.session.scalars(select(Mail))}
    said_there = (
        "What you say changes this course. People said: The last hour was rushed. We did: We made the morning"
    )
    told = {
        subject: ([said_there.split(".")[0] in part for part in parts], "Unpublished" in "".join(parts))
        for subject, parts in found.items()
    }
    assert told == {
        "How was Neglect? Your certificate is waiting": ([True, True], False),
        "How was Other? Your certificate is waiting": ([False, False], False),
    }


def test_hub_members_read_the_log_and_change_nothing(app: Flask, signed_in: SignIn) -> None:
    course = make.course("Neglect")
    action = acted(course)
    acted(make.course("Other"), owner="Otto Other")
    member = signed_in(make.person("Mo Member", Role.HUB_MEMBER))
    page = member.get("/actions")
    assert ("2 actions" in page.text, [href for href, _ in page.links if "/manage/" in href]) == (True, [])
    only = member.get(f"/actions?owner=Olive+Officer&course={course.slug}&state=open")
    assert ("1 action" in only.text, "Otto Other, due" in only.text) == (True, False)
    assert "No actions found" in member.get("/actions?course=nowhere").text
    for path in (
        f"/manage/actions/{action.id}",
        f"/manage/courses/{course.slug}/review",
        f"/manage/courses/{course.slug}/actions/add",
    ):
        assert (path, member.get(path).status, member.post(path, {}).status) == (path, 403, 403)
    trainer = signed_in(make.person("Tia Trainer", Role.TRAINER))
    assert trainer.get("/actions").status == 403


def test_overdue_actions_are_counted_on_the_officers_home(app: Flask, signed_in: SignIn) -> None:
    officer = make.officer()
    client = signed_in(officer)
    assert "No action is overdue." in client.get("/").text
    course = make.course()
    acted(course, due_on=TODAY - timedelta(days=1))
    acted(course, due_on=TODAY)
    page = client.get("/")
    assert ("1 action overdue" in page.text, "/actions?state=overdue" in dict(page.links)) == (True, True)


def test_review_and_actions_need_a_fixed_number_of_queries(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    course, asked, client = make.course(), form(), signed_in(make.officer())
    counts = []
    for number in (1, 2):
        event = date_of(course)
        for _ in range(number):
            said(event, asked, {"objectives": Given(value=4), "change": Given(words=f"More {number}.")})
            acted(course)
        for answer in db.session.scalars(select(Answer).where(Answer.text == f"More {number}.")).all():
            review(answer.id, state=Review.READ, published="", themes=[f"Theme {number}"])
        db.session.commit()
        paths = (f"/manage/courses/{course.slug}/review?{YEAR}", "/actions", f"/courses/{course.slug}")
        counts.append([queries(lambda path=path: client.get(path)) for path in paths])
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("role", "is_there"),
    [
        (Role.HUB_OFFICER, True),
        (Role.HUB_MEMBER, True),
        (Role.TRAINER, False),
        (Role.AGENCY_LEAD, False),
    ],
)
def test_actions_are_in_the_navigation_of_their_readers(
    app: Flask, signed_in: SignIn, role: Role, is_there: bool
) -> None:
    client = signed_in(make.person("Mo", role))
    nav = client.get("/dates").html.split('<nav class="nav"')[1].split("</nav>")[0]
    assert ('<a href="/actions">Actions</a>' in nav) is is_there
    page = client.get("/actions")
    assert page.status == (200 if is_there else 403)
    assert ('<a href="/actions" aria-current="page">Actions</a>' in page.html) is is_there
