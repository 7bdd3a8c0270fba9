"""Part answers of one person, and what the person was asked before."""

from typing import Any

from sqlalchemy import select

from training_hub.bookings.models.booking import Booking
from training_hub.database import db
from training_hub.evaluation.models.answers import PartAnswers
from training_hub.evaluation.models.invitations import Invitation
from training_hub.questionnaires.models import Question, QuestionKind, Stage
from training_hub.questionnaires.queries.course_questionnaires import asks_before


def part_of(invitation_id: int) -> dict[str, Any]:
    """The answers stored for someone who stopped half way through an evaluation."""
    return (
        db.session.scalar(select(PartAnswers.answers).where(PartAnswers.invitation_id == invitation_id)) or {}
    )


def asked_for_before(booking: Booking) -> set[str]:
    """The keys of the pairs for which a form before the course, or else at its end, asked a person for "before"."""
    stages = [Stage.BEFORE] if asks_before(booking.event.course_id) else [Stage.BEFORE, Stage.END]
    return set(
        db.session.scalars(
            select(Question.key)
            .join(Invitation, Invitation.questionnaire_id == Question.questionnaire_id)
            .where(
                Invitation.booking_id == booking.id,
                Invitation.stage.in_(stages),
                Question.kind == QuestionKind.BEFORE_NOW,
            )
        )
    )
