"""The emails a person was sent about each evaluation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import OptOut, ReminderSent
from training_hub.mail.models import Mail, MailState


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One mail about one evaluation."""

    reminder_number: int
    at: datetime
    state: MailState | None
    """None once the outbox has deleted it, a year after it left."""


def sent_about(invitations: Sequence[Invitation]) -> Mapping[int, Sequence[Sent]]:
    """The emails about each of these evaluations, by its id, oldest first."""
    found: dict[int, list[Sent]] = {}
    rows = db.session.execute(
        select(ReminderSent, Mail.state)
        .outerjoin(Mail, Mail.key == ReminderSent.mail_key)
        .where(ReminderSent.invitation_id.in_([row.id for row in invitations]))
        .order_by(ReminderSent.at, ReminderSent.id)
    )
    for row, state in rows:
        sent = Sent(reminder_number=row.reminder_number, at=row.at, state=state)
        found.setdefault(row.invitation_id, []).append(sent)
    return found


def opted_out_at(person_id: int) -> datetime | None:
    """When a person opted out of emails about evaluations. None if they get them."""
    return db.session.scalar(select(OptOut.at).where(OptOut.person_id == person_id))
