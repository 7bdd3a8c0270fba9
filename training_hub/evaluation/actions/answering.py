"""Answering: the answers are taken once, whichever way they come."""

from collections.abc import Mapping
from datetime import datetime

from training_hub.bookings.models import Booking, Status
from training_hub.database import db
from training_hub.evaluation import queries
from training_hub.evaluation.models import Answer, Invitation, Response
from training_hub.evaluation.rules import (
    NOTHING,
    AlreadyAnswered,
    Given,
    NoLongerDue,
    check_answers,
    halves,
    mail_keys,
    stored_choices,
)
from training_hub.mail import outbox


def answer(invitation: Invitation, answers: Mapping[str, Given], *, now: datetime) -> None:
    """Take the answers to an evaluation, once. Reminders that still wait are dropped.

    Raises AlreadyAnswered the second time, NoLongerDue where the booking is not completed, Refused for answers that
    the form does not ask for.
    """
    # Held until the transaction ends: of two that are sent at once, the second finds the first one's answers. The
    # booking first, as everywhere: whoever releases its certificate at this moment holds it, and wants the invitation.
    db.session.refresh(invitation.booking, with_for_update={"of": Booking})
    db.session.refresh(invitation, with_for_update={"of": Invitation})
    if invitation.returned_at is not None:
        raise AlreadyAnswered("You have already answered this form. It can be answered once.")
    if invitation.booking.status is not Status.COMPLETED:
        raise NoLongerDue("The register does not show that you completed this course.")
    asked = queries.questions(invitation.questionnaire_id)
    check_answers(asked, answers, halves=halves_asked(invitation))
    response = Response(
        invitation_id=invitation.id, questionnaire_id=invitation.questionnaire_id, submitted_at=now
    )
    for question in asked:
        given = answers.get(question.key, NOTHING)
        if not given.is_empty:
            response.answers.append(
                Answer(
                    question_id=question.id,
                    value=given.value,
                    before=given.before,
                    chosen=stored_choices(given.chosen),
                    text=given.words,
                )
            )
    db.session.add(response)
    invitation.returned_at = now
    outbox.drop(*mail_keys(invitation.booking.reference))


def halves_asked(invitation: Invitation) -> frozenset[str]:
    """Which halves of a before-and-now pair this evaluation asks for."""
    asks_before = queries.asks_before(invitation.booking.event.course_id)
    return halves(invitation.stage, asks_before=asks_before)
