"""Importing evaluations that were asked, and perhaps answered, elsewhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from training_hub.bookings.models.booking import Booking
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation.actions.anonymity import put_all_among
from training_hub.evaluation.actions.answers import said_on
from training_hub.evaluation.models.answers import Answer, Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.answers import Given, check_answers
from training_hub.evaluation.rules.reminders import NO_MORE
from training_hub.london import at_london, london_date
from training_hub.questionnaires.models import Confidentiality, Question, Stage
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.queries.versions import default_questionnaire

MOST_NAMED = 500
"""How many bookings one statement names, because databases have a limit."""


@dataclass(frozen=True, kw_only=True)
class PastReturn:
    """An evaluation that was asked elsewhere, and whether it was returned."""

    booking_id: int
    due_at: datetime
    returned_at: datetime | None
    answers: Mapping[str, Given] | None = None
    """None if the answers are not known. Such an evaluation counts as returned, but not as a response in any result."""


def bring_in(rows: Sequence[PastReturn]) -> None:
    """Store evaluations asked elsewhere, in bulk, with their answers if known. Sends no email, now or later.

    The answers count as answers to the default end questionnaire. Those to an anonymous one name no person.
    """
    if not rows:
        return
    form = default_questionnaire()
    is_anonymous = form.confidentiality is Confidentiality.ANONYMOUS
    stored = [_stored(row, form.id, is_anonymous=is_anonymous) for row in rows]
    answered = [row for row in rows if row.answers is not None]
    asked = questions_queries.questions(form.id) if answered else []
    for row in answered:
        if row.returned_at is None:
            raise Refused("An evaluation that was not returned cannot have answers.")
        check_answers(asked, row.answers or {})
    if is_anonymous or not answered:
        db.session.execute(insert(Invitation.__table__), stored)  # type: ignore[arg-type]
        _bring_in_apart(form.id, asked, answered)
        return
    ids = db.session.scalars(
        insert(Invitation).returning(Invitation.id, sort_by_parameter_order=True), stored
    )
    named = {row_id: row for row_id, row in zip(ids, rows, strict=True) if row.answers is not None}
    _bring_in_named(form.id, asked, named)


def _stored(row: PastReturn, form_id: int, *, is_anonymous: bool) -> dict[str, Any]:
    returned_at = row.returned_at
    if returned_at is not None and is_anonymous:
        returned_at = at_london(london_date(returned_at))
    return {
        "booking_id": row.booking_id,
        "stage": Stage.END,
        "questionnaire_id": form_id,
        "due_at": row.due_at,
        "returned_at": returned_at,
        "is_imported": returned_at is not None and row.answers is None,
        "link_version": 1,
        "next_reminder": NO_MORE,
    }


def _bring_in_apart(form_id: int, asked: Sequence[Question], answered: Sequence[PastReturn]) -> None:
    """Store the answers to anonymous forms, naming only the course date."""
    events: dict[int, int] = {}
    for start in range(0, len(answered), MOST_NAMED):
        ids = [row.booking_id for row in answered[start : start + MOST_NAMED]]
        found = db.session.execute(select(Booking.id, Booking.event_id).where(Booking.id.in_(ids)))
        events |= {row[0]: row[1] for row in found}
    said: dict[int, list[list[dict[str, Any]]]] = defaultdict(list)
    for row in answered:
        said[events[row.booking_id]].append(said_on(asked, row.answers or {}))
    for event_id, given in said.items():
        put_all_among(event_id, form_id, given)


def _bring_in_named(form_id: int, asked: Sequence[Question], answered: Mapping[int, PastReturn]) -> None:
    responses = [
        {"invitation_id": invitation_id, "questionnaire_id": form_id, "submitted_at": row.returned_at}
        for invitation_id, row in answered.items()
    ]
    ids = db.session.scalars(insert(Response).returning(Response.id, sort_by_parameter_order=True), responses)
    answers = [
        {"response_id": response_id, **given}
        for response_id, row in zip(ids, answered.values(), strict=True)
        for given in said_on(asked, row.answers or {})
    ]
    if answers:
        db.session.execute(insert(Answer.__table__), answers)  # type: ignore[arg-type]
