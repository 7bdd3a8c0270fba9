"""Keeping what was said on an anonymous form apart from the people who said it.

A row of an anonymous form names its event, but no person and no time. But where a row is stored can show when it was
written. PostgreSQL also records which transaction wrote it, and that transaction marked the person's invitation as
returned. So each new answer rewrites all answers of the event in random order: in a copy of the database, every answer
seems to come from the person who answered last. Until a second answer arrives, the first can be traced in the database,
but no page shows answers before there are five.

Once the form closes for the event, a job rewrites the answers with new ids, in a transaction that changes no
invitation. Then nothing ties the answers even to the last person, and an id noted earlier no longer leads to an answer.

Rewriting cannot hide one thing: two copies of the database, from before and after one answer, differ by that answer. So
keep copies of the database as safe as the answers. Keep its files safe too: deleted rows stay in them until vacuumed.
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
"""How many events one run rewrites. The next day's run does the rest."""

Row = Mapping[str, Any]


def hold_anonymous(event_id: int) -> AnonymousAnswers:
    """Lock the anonymous answers of an event until the transaction ends."""
    if db.session.get(AnonymousAnswers, event_id) is None:
        try:
            # Two first answers may arrive at once. If the other one has made the row, use that row.
            with db.session.begin_nested():
                db.session.add(AnonymousAnswers(event_id=event_id))
        except IntegrityError:
            pass
    return db.session.get_one(AnonymousAnswers, event_id, with_for_update=True, populate_existing=True)


def put_all_among(event_id: int, questionnaire_id: int, returned: Sequence[Sequence[Row]]) -> None:
    """Add newly returned forms, each a list of answers, to the event's forms, and store all of them in a new order."""
    hold_anonymous(event_id).is_rewritten = False
    responses, given = [], []
    for answers in returned:
        response_id = random_id()
        named = {"id": response_id, "event_id": event_id, "questionnaire_id": questionnaire_id}
        responses.append({**named, "invitation_id": None, "submitted_at": None})
        given += [
            {"id": random_id(), "response_id": response_id, "review": Review.UNREAD, "published": "", **each}
            for each in answers
        ]
    _rewrite(event_id, responses, given)


def rewrite_closed(*, now: datetime) -> int:
    """Write the anonymous answers again, with new numbers, for each event whose form has closed. Returns how many.

    A form closes when its links have expired, or when everyone who owes it has returned it. People who sign in
    can answer later still: then the event is rewritten once more. The worker runs this each day.
    """
    found = anonymity_queries.to_rewrite(now=now, limit=MOST_AT_ONCE)
    return each_in_turn(found, partial(_rewrite_event, now=now))


def _rewrite_event(event_id: int, *, now: datetime) -> int:
    held = hold_anonymous(event_id)
    # While this worker waited, another may have rewritten the event, or a new answer may have arrived.
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
    # The database deletes the answers and themes of these responses with them.
    db.session.execute(delete(RESPONSES).where(RESPONSES.c.event_id == event_id))  # type: ignore[arg-type]
    for table, rows in ((RESPONSES, responses), (ANSWERS, answers), (THEMES, themes)):
        if rows:
            SystemRandom().shuffle(rows)
            db.session.execute(insert(table), rows)  # type: ignore[arg-type]


def _rows(statement: Any) -> list[Row]:
    return [dict(row) for row in db.session.execute(statement).mappings()]
