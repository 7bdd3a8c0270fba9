"""Bringing in evaluations that were asked, and perhaps answered, elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation import queries
from training_hub.evaluation.actions.forms import ensure_default_form
from training_hub.evaluation.models import Answer, Invitation, Response, Stage
from training_hub.evaluation.rules import TOP, Given, check_answers, stored_choices


@dataclass(frozen=True, kw_only=True)
class PastReturn:
    """An evaluation that was asked before the booking came here, and what became of it."""

    booking_id: int
    due_at: datetime
    returned_at: datetime | None
    answers: Mapping[str, Given] | None = None
    """None where it is not known what was said: it counts as returned, and is outside every result's n."""


def bring_in(rows: Sequence[PastReturn]) -> None:
    """Store evaluations asked elsewhere, with their answers where these are known, in bulk. Tells no one, ever."""
    if not rows:
        return
    form = ensure_default_form()
    stored = [
        {
            "booking_id": row.booking_id,
            "stage": Stage.END,
            "questionnaire_id": form.id,
            "due_at": row.due_at,
            "returned_at": row.returned_at,
            "is_imported": row.returned_at is not None and row.answers is None,
            "link_version": 1,
            "rung": TOP,
        }
        for row in rows
    ]
    if all(row.answers is None for row in rows):
        db.session.execute(insert(Invitation.__table__), stored)  # type: ignore[arg-type]
        return
    ids = db.session.scalars(
        insert(Invitation).returning(Invitation.id, sort_by_parameter_order=True), stored
    )
    _bring_in_answers(
        form.id, {row_id: row for row_id, row in zip(ids, rows, strict=True) if row.answers is not None}
    )


def _bring_in_answers(form_id: int, returned: Mapping[int, PastReturn]) -> None:
    asked = queries.questions(form_id)
    by_key = {question.key: question.id for question in asked}
    responses = []
    for invitation_id, row in returned.items():
        if row.returned_at is None:
            raise Refused("An evaluation that has not come back has no answers.")
        check_answers(asked, row.answers or {})
        responses.append(
            {"invitation_id": invitation_id, "questionnaire_id": form_id, "submitted_at": row.returned_at}
        )
    ids = db.session.scalars(insert(Response).returning(Response.id, sort_by_parameter_order=True), responses)
    answers = [
        {
            "response_id": response_id,
            "question_id": by_key[key],
            "value": given.value,
            "before": given.before,
            "chosen": stored_choices(given.chosen),
            "text": given.words,
        }
        for response_id, row in zip(ids, returned.values(), strict=True)
        for key, given in (row.answers or {}).items()
        if not given.is_empty
    ]
    if answers:
        db.session.execute(insert(Answer.__table__), answers)  # type: ignore[arg-type]
