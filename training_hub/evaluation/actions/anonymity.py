"""Keeping what was said on an anonymous form apart from who said it, in whatever order the rows lie (domain 6).

A row of an anonymous form names its event, and neither a person nor a moment. But a database knows more of a row than
its columns: where it lies, and on PostgreSQL the number of the transaction that wrote it, which is that of the
invitation returned in it. So nothing is added to the answers of an event: with each that comes, all of them are written
anew, in an order drawn by lot. Whoever copies the database, at any moment, finds them all written at once, by whoever
came last; one who came first and alone is hidden by the second, and pages show nothing before the fifth.

Once the form closes for the event they are written once more, with new numbers, by a job that writes nothing about
anybody: then nothing ties them even to who came last, and no number noted before leads to an answer.

What this cannot hide: two copies of a database, one of before an answer came and one of after, differ by that answer.
Copies are to be kept as the answers are. What a database keeps of deleted rows in its files until it tidies them up is
in no dump, and is its keeper's to guard.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from secrets import SystemRandom
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from training_hub.database import db, each_in_turn
from training_hub.evaluation.models.answers import (
    AnonymousAnswers,
    Answer,
    AnswerTheme,
    Response,
    Review,
    random_id,
)
from training_hub.evaluation.queries import anonymity as anonymity_queries

RESPONSES, ANSWERS, THEMES = Response.__table__, Answer.__table__, AnswerTheme.__table__
MOST_AT_ONCE = 200
"""How many events are looked for at a time: the next day finds the rest."""

Row = Mapping[str, Any]


def hold_anonymous(event_id: int) -> AnonymousAnswers:
    """Hold the anonymous answers of an event until the transaction ends: nobody else writes them meanwhile."""
    if db.session.get(AnonymousAnswers, event_id) is None:
        try:
            # Somebody else may be the first at this very moment: one row is enough for both.
            with db.session.begin_nested():
                db.session.add(AnonymousAnswers(event_id=event_id))
        except IntegrityError:
            pass
    return db.session.get_one(AnonymousAnswers, event_id, with_for_update=True, populate_existing=True)


def put_all_among(event_id: int, questionnaire_id: int, returned: Sequence[Sequence[Row]]) -> None:
    """Store returned forms, each as its answers, among those of their event, all in a new order."""
    hold_anonymous(event_id).is_rewritten = False
    responses, given = [], []
    for answers in returned:
        response_id = random_id()
        responses.append(
            {
                "id": response_id,
                "invitation_id": None,
                "event_id": event_id,
                "questionnaire_id": questionnaire_id,
                "submitted_at": None,
            }
        )
        given += [
            {"id": random_id(), "response_id": response_id, "review": Review.UNREAD, "published": "", **each}
            for each in answers
        ]
    _rewrite(event_id, responses, given)


def rewrite_closed(*, now: datetime) -> int:
    """Write the anonymous answers anew, under new numbers, of each event whose form has closed; of how many.

    It closes when its links have run out, or when everyone who owes it has returned it. What comes in later, from
    somebody who signs in, is hidden in the same way, and the event is rewritten once more. Run by the worker each day.
    """
    db.session.rollback()
    found = anonymity_queries.to_rewrite(now=now, limit=MOST_AT_ONCE)
    return each_in_turn(found, partial(_rewrite_event, now=now))


def _rewrite_event(event_id: int, *, now: datetime) -> int:
    held = hold_anonymous(event_id)
    # Another worker may have done it, or another answer have come, while this one waited.
    if held.is_rewritten or event_id not in anonymity_queries.to_rewrite(now=now, limit=1, event_id=event_id):
        return 0
    _rewrite(event_id, has_new_numbers=True)
    held.is_rewritten = True
    return 1


def _rewrite(
    event_id: int,
    more_responses: Sequence[Row] = (),
    more_answers: Sequence[Row] = (),
    *,
    has_new_numbers: bool = False,
) -> None:
    ours = select(RESPONSES.c.id).where(RESPONSES.c.event_id == event_id)
    theirs = select(ANSWERS.c.id).where(ANSWERS.c.response_id.in_(ours))
    responses = [*_rows(select(RESPONSES).where(RESPONSES.c.event_id == event_id)), *more_responses]
    answers = [*_rows(select(ANSWERS).where(ANSWERS.c.response_id.in_(ours))), *more_answers]
    themes = _rows(select(THEMES).where(THEMES.c.answer_id.in_(theirs)))
    if has_new_numbers:
        became = {row["id"]: random_id() for row in (*responses, *answers)}
        responses = [{**row, "id": became[row["id"]]} for row in responses]
        answers = [
            {**row, "id": became[row["id"]], "response_id": became[row["response_id"]]} for row in answers
        ]
        themes = [{**row, "answer_id": became[row["answer_id"]]} for row in themes]
    # With them go their answers, and the themes of these.
    db.session.execute(delete(RESPONSES).where(RESPONSES.c.event_id == event_id))  # type: ignore[arg-type]
    for table, rows in ((RESPONSES, responses), (ANSWERS, answers), (THEMES, themes)):
        if rows:
            SystemRandom().shuffle(rows)
            db.session.execute(insert(table), rows)  # type: ignore[arg-type]


def _rows(statement: Any) -> list[Row]:
    return [dict(row) for row in db.session.execute(statement).mappings()]
