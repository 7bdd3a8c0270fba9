"""The emails a person was sent about each evaluation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import OptOut, ReminderSent
from training_hub.mail.models import Mail


def sent_about(invitations: Sequence[Invitation]) -> Mapping[int, Sequence[Row[*tuple[Any, ...]]]]:
    """The emails about each of these evaluations, oldest first, by the evaluation's id.

    `state` is None once the outbox has deleted an email, a year after it was sent.
    """
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    rows = db.session.execute(
        select(ReminderSent.invitation_id, ReminderSent.reminder_number, ReminderSent.at, Mail.state)
        .outerjoin(Mail, Mail.id == ReminderSent.mail_id)
        .where(ReminderSent.invitation_id.in_([row.id for row in invitations]))
        .order_by(ReminderSent.at, ReminderSent.id)
    )
    for row in rows:
        found.setdefault(row.invitation_id, []).append(row)
    return found


def opted_out_at(person_id: int) -> datetime | None:
    """When a person opted out of emails about evaluations. None if the person still gets the emails."""
    return db.session.scalar(select(OptOut.at).where(OptOut.person_id == person_id))
