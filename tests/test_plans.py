"""Frequent queries start with one person or with recent rows, and never read the whole history."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, select

from tests import make
from tests.benchmarks.programme import build
from tests.conftest import NOW, POSTGRES, settle
from training_hub.attendance.queries.lists import registers_recent
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import approval as approval_queries
from training_hub.bookings.queries import claims as claims_queries
from training_hub.bookings.queries import eligibility as eligibility_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.certificates.actions import issue_due, issue_late
from training_hub.certificates.queries import in_date_and_expired, owed
from training_hub.config import Settings
from training_hub.database import db, transaction
from training_hub.evaluation.actions.invitations import invite_due, invite_late
from training_hub.evaluation.models.answers import Answer, Response, random_id
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries.invitations import (
    never_asked,
    outstanding,
)
from training_hub.evaluation.queries.manager_copies import (
    managers_to_tell,
    not_told_after_all,
    overtaken_copies,
)
from training_hub.evaluation.queries.managers import asked_of_former
from training_hub.evaluation.queries.reminders import dropped_mails, overtaken_mails, to_remind, uncounted
from training_hub.pages.queries import home as home_queries
from training_hub.questionnaires.models import QuestionKind, Stage
from training_hub.questionnaires.queries.versions import default_questionnaire
from training_hub.results.queries.comments import number_of_comments
from training_hub.results.queries.counting import ResultsFilter
from training_hub.results.queries.results import visible_results

pytestmark = pytest.mark.postgres

EXPLAIN = "EXPLAIN" if POSTGRES else "EXPLAIN QUERY PLAN"
READS_ALL = re.compile(r"(SCAN|Seq Scan on) (booking|event|invitation)\b|SEARCH booking .*\(status=")
YEAR = ResultsFilter(first=date(2024, 4, 1), last=date(2025, 3, 31))
LATELY = NOW - timedelta(days=90)
LONG_AGO = NOW - timedelta(days=70)
ASKED: dict[str, Callable[[], Any]] = {
    "who is to be asked": lambda: never_asked(Stage.END, ended_after=LATELY, now=NOW, limit=10),
    "who is to be asked before a course": lambda: never_asked(
        Stage.BEFORE, ended_after=LATELY, now=NOW, limit=10
    ),
    "who is to be asked long after it": lambda: never_asked(
        Stage.SIX_WEEKS, ended_after=LONG_AGO, now=NOW, limit=10
    ),
    "which managers are to be asked": lambda: never_asked(
        Stage.MANAGER, ended_after=LONG_AGO, now=NOW, limit=10
    ),
    "which mails are overtaken": lambda: overtaken_mails(now=NOW),
    "which mails were dropped": lambda: dropped_mails(),
    "which mails have left": lambda: uncounted(),
    "which managers are no longer": lambda: asked_of_former(now=NOW, limit=10),
    "which managers are to be told": lambda: managers_to_tell(now=NOW, limit=10),
    "which mails to managers are overtaken": lambda: overtaken_copies(now=NOW),
    "which mails to managers were dropped": lambda: not_told_after_all(),
    "who is to be reminded": lambda: to_remind(now=NOW, limit=10),
    "whose certificates are owed": lambda: owed(ended_after=LATELY, now=NOW, limit=10),
    "which registers are to be marked": lambda: home_queries.registers_to_mark(now=NOW),
    "which registers were marked": lambda: registers_recent(make.officer(), now=NOW),
    "which offers ran out": lambda: claims_queries.run_out(now=NOW),
    "whose line managers are to be reminded": lambda: approval_queries.requests_to_remind_of(now=NOW),
    "which dates have people waiting": lambda: waiting_list_queries.events_to_fill(now=NOW),
    "one person's evaluations": lambda: outstanding(1, now=NOW),
    "one person's certificates": lambda: in_date_and_expired(1, now=NOW),
    "what one person lacks": lambda: eligibility_queries.missing_prerequisites(1, 2),
}


@pytest.fixture
def filled(app: Flask, settings: Settings) -> None:
    """Thousands of bookings of a year, with their evaluations and answers."""
    build(2_000, registers=2, now=NOW)
    with transaction():
        _answer_all()
    if POSTGRES:
        settle(settings.database_url)


def _answer_all() -> None:
    """Answer every question of each returned evaluation."""
    questions = default_questionnaire().questions
    returned = db.session.execute(
        select(Invitation.id, Invitation.questionnaire_id, Invitation.returned_at)
        .where(Invitation.returned_at.is_not(None))
        .order_by(Invitation.id)
    )
    responses, answers = [], []
    for invitation_id, questionnaire_id, at in returned:
        response_id = random_id()
        responses.append(
            {
                "id": response_id,
                "invitation_id": invitation_id,
                "questionnaire_id": questionnaire_id,
                "submitted_at": at,
            }
        )
        answers += [
            {
                "response_id": response_id,
                "question_id": each.id,
                "value": None if each.kind is QuestionKind.TEXT else 4,
                "text": "More time for the discussion." if each.kind is QuestionKind.TEXT else "",
            }
            for each in questions
        ]
    db.session.execute(insert(Response), responses)
    db.session.execute(insert(Answer), answers)


def plans_of(ask: Callable[[], Any]) -> list[list[str]]:
    """The query plan of each statement, with a line for each step."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    ask()
    event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    if POSTGRES:
        # It would scan a thousand rows despite indexes: this shows the plan for many more.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [
        [row[-1] for row in connection.exec_driver_sql(f"{EXPLAIN} {statement}", parameters)]
        for statement, parameters in asked
        if statement.startswith(("SELECT", "WITH"))
    ]


@pytest.mark.usefixtures("filled")
def test_no_frequent_question_begins_with_all_bookings() -> None:
    plans = {what: plans_of(ask) for what, ask in ASKED.items()}
    assert [what for what, plan in plans.items() if not plan] == []
    whole = {
        what: [line for steps in plan for line in steps if READS_ALL.search(line)]
        for what, plan in plans.items()
    }
    assert {what: lines for what, lines in whole.items() if lines} == {}


@pytest.mark.usefixtures("filled")
def test_results_of_a_year_are_counted_from_the_indexes() -> None:
    officer = make.officer()
    counted = plans_of(lambda: visible_results(officer, YEAR, now=NOW))
    words = plans_of(lambda: number_of_comments(officer, YEAR, now=NOW))
    # A second statement pairs the answers with those before the course; it is not tested here.
    first = [
        "\n".join(next(steps for steps in plan if "answer" in " ".join(steps))) for plan in (counted, words)
    ]
    assert [set(re.findall(r"\bix_answer_\w+", steps)) for steps in first] == [
        {"ix_answer_counted"},
        {"ix_answer_words"},
    ]
    lines = [line for plan in (counted, words) for steps in plan for line in steps]
    assert [line for line in lines if re.search(r"\bSCAN answer\b|Seq Scan on answer\b", line)] == []


def test_daily_check_finds_people_marked_late(app: Flask) -> None:
    ended = make.event(make.course(), starts_at=NOW - timedelta(days=200))
    unasked = make.event(make.course(is_evaluated=False), starts_at=NOW - timedelta(days=200))
    for each in (ended, unasked):
        make.booking(each, status=Status.COMPLETED)
    db.session.commit()
    assert (invite_due(now=NOW), issue_due(now=NOW)) == (0, 0)
    assert (invite_late(now=NOW), issue_late(now=NOW)) == (1, 1)
    assert (invite_late(now=NOW), issue_late(now=NOW)) == (0, 0)
