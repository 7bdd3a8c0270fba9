"""Where the questions begin that are asked often: with one person, or with what is recent, never with all that was."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests import make
from tests.conftest import NOW, POSTGRES
from training_hub.attendance.queries.lists import registers_recent
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import approval as approval_queries
from training_hub.bookings.queries import claims as claims_queries
from training_hub.bookings.queries import eligibility as eligibility_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.certificates import queries as certificates_queries
from training_hub.certificates.actions import issue_due, issue_late
from training_hub.certificates.queries import certificates_of, owed
from training_hub.database import db
from training_hub.evaluation.actions.invitations import invite_due, invite_late
from training_hub.evaluation.queries.invitations import (
    never_asked,
    never_asked_after,
    never_asked_before,
    outstanding,
)
from training_hub.evaluation.queries.manager_copies import dropped_copies, managers_to_tell, overtaken_copies
from training_hub.evaluation.queries.managers import asked_of_another
from training_hub.evaluation.queries.reminders import dropped_mails, overtaken_mails, to_remind
from training_hub.pages.queries import home as home_queries
from training_hub.questionnaires.models import Stage
from training_hub.results.queries.comments import number_of_comments
from training_hub.results.queries.counting import About
from training_hub.results.queries.results import reading

EXPLAIN = "EXPLAIN" if POSTGRES else "EXPLAIN QUERY PLAN"
READS_ALL = re.compile(r"(SCAN|Seq Scan on) (booking|event|invitation)\b|SEARCH booking .*\(status=")
YEAR = About(first=date(2024, 4, 1), last=date(2025, 3, 31))
LATELY = NOW - timedelta(days=90)
ASKED: dict[str, Callable[[], Any]] = {
    "who is to be asked": lambda: never_asked(ended_after=LATELY, now=NOW, limit=10),
    "who is to be asked before a course": lambda: never_asked_before(now=NOW, limit=10),
    "who is to be asked long after it": lambda: never_asked_after(Stage.SIX_WEEKS, now=NOW, limit=10),
    "which managers are to be asked": lambda: never_asked_after(Stage.MANAGER, now=NOW, limit=10),
    "which mails are overtaken": lambda: overtaken_mails(now=NOW),
    "which mails were dropped": lambda: dropped_mails(),
    "which managers are no longer": lambda: asked_of_another(now=NOW, limit=10),
    "which managers are to be told": lambda: managers_to_tell(now=NOW, limit=10),
    "which mails to managers are overtaken": lambda: overtaken_copies(now=NOW),
    "which mails to managers were dropped": lambda: dropped_copies(),
    "who is to be reminded": lambda: to_remind(now=NOW, limit=10),
    "whose certificates are owed": lambda: owed(ended_after=LATELY, now=NOW, limit=10),
    "which registers are to be marked": lambda: home_queries.registers_to_mark(now=NOW),
    "which registers were marked": lambda: registers_recent(make.officer(), now=NOW),
    "which offers ran out": lambda: claims_queries.run_out(Status.OFFERED, now=NOW),
    "whose line managers are to be reminded": lambda: approval_queries.requests_to_remind_of(now=NOW),
    "which dates have somebody waiting": lambda: waiting_list_queries.events_to_fill(now=NOW),
    "one person's evaluations": lambda: outstanding(1, now=NOW),
    "one person's certificates": lambda: certificates_of(1),
    "how many certificates one person has": lambda: certificates_queries.certificates(1),
    "what one person lacks": lambda: eligibility_queries.missing_prerequisites(1, 2),
}


def plans_of(ask: Callable[[], Any]) -> list[str]:
    """How the database finds what is asked for, a line for each step."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    ask()
    event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    if POSTGRES:
        # Small tables it would read whole, whatever their indexes: what it does once they are large.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [
        row[-1]
        for statement, parameters in asked
        if statement.startswith(("SELECT", "WITH"))
        for row in connection.exec_driver_sql(f"{EXPLAIN} {statement}", parameters)
    ]


@pytest.mark.parametrize("what", ASKED)
def test_no_question_that_is_asked_often_begins_with_all_bookings(app: Flask, what: str) -> None:
    plans = plans_of(ASKED[what])
    assert (bool(plans), [line for line in plans if READS_ALL.search(line)]) == (True, [])


def test_answers_and_comments_of_a_year_are_counted_from_their_indexes(app: Flask) -> None:
    officer = make.officer()
    counted = plans_of(lambda: reading(officer, YEAR, now=NOW))
    words = plans_of(lambda: number_of_comments(officer, YEAR, now=NOW))
    used = [sorted(set(re.findall(r"\bix_answer_\w+", "\n".join(plans)))) for plans in (counted, words)]
    assert used == [["ix_answer_counted"], ["ix_answer_words"]]
    assert [
        line for line in counted + words if re.search(r"\bSCAN answer\b|Seq Scan on answer\b", line)
    ] == []


def test_who_is_marked_long_after_the_course_is_asked_and_certified_by_the_daily_look(app: Flask) -> None:
    ended = make.event(make.course(), starts_at=NOW - timedelta(days=200))
    unasked = make.event(make.course(is_evaluated=False), starts_at=NOW - timedelta(days=200))
    for each in (ended, unasked):
        make.booking(each, status=Status.COMPLETED)
    db.session.commit()
    assert (invite_due(now=NOW), issue_due(now=NOW)) == (0, 0)
    assert (invite_late(now=NOW), issue_late(now=NOW)) == (1, 1)
    assert (invite_late(now=NOW), issue_late(now=NOW)) == (0, 0)
