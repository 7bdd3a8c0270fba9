"""The emails a person was sent about each evaluation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, lazyload

from training_hub.bookings.models.booking import Booking
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import OptOut, ReminderSent
from training_hub.mail.models import Mail, MailState
from training_hub.questionnaires.models import Questionnaire

MOST_LISTED = 100


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One mail about one evaluation."""

    reminder_number: int
    at: datetime
    state: MailState | None
    """None once the outbox has deleted it, a year after it left."""


def evaluations_of(person_id: int) -> Sequence[Invitation]:
    """The latest evaluations about a person's bookings, asked of them or of their line manager."""
    return db.session.scalars(
        select(Invitation)
        .join(Invitation.booking)
        .join(Booking.event)
        .join(Event.course)
        .join(Questionnaire, Invitation.questionnaire_id == Questionnaire.id)
        .options(
            contains_eager(Invitation.questionnaire),
            contains_eager(Invitation.booking).options(
                lazyload(Booking.person),
                lazyload(Booking.agency),
                contains_eager(Booking.event).options(
                    lazyload(Event.venue), contains_eager(Event.course).lazyload(Course.board)
                ),
            ),
        )
        .where(Booking.person_id == person_id)
        .order_by(Invitation.due_at.desc(), Invitation.id.desc())
        .limit(MOST_LISTED)
    ).all()


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
