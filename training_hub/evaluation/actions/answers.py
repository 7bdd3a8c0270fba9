"""Storing the answers to an evaluation, for every page on which people can answer."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from training_hub.bookings.models.booking import Booking
from training_hub.database import db
from training_hub.evaluation.actions.anonymity import put_all_among
from training_hub.evaluation.actions.reminders import cancel_mails_about
from training_hub.evaluation.models.answers import Answer, PartAnswers, Response
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.queries import answers as answers_queries
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.evaluation.rules.answers import Given, check_answers, stored_choices, stored_part
from training_hub.evaluation.rules.invitations import AlreadyAnswered, check_due
from training_hub.evaluation.rules.stages import FOLLOW_UPS
from training_hub.london import at_london, london_date
from training_hub.questionnaires.models import Confidentiality, Question, QuestionKind, Stage
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.queries.course_questionnaires import asks_before
from training_hub.questionnaires.rules.questions import halves


def answer(
    invitation: Invitation, answers: Mapping[str, Given], *, now: datetime, by: Channel | None = None
) -> None:
    """Store the answers to an evaluation, and drop its unsent reminders.

    The answers to an anonymous form are stored apart from the person and the day of return. Raises
    AlreadyAnswered the second time, NoLongerDue if no evaluation is due, and Refused for answers that the form
    does not ask for.
    """
    _hold(invitation)
    is_classroom_open = classroom_queries.is_classroom_open(invitation.booking, now=now)
    check_due(invitation, now=now, is_classroom_open=is_classroom_open)
    asked = questions_queries.questions(invitation.questionnaire_id)
    check_answers(asked, answers, halves=halves_asked(invitation, asked))
    is_anonymous = invitation.questionnaire.confidentiality is Confidentiality.ANONYMOUS
    said = said_on(asked, answers)
    if is_anonymous:
        put_all_among(invitation.booking.event_id, invitation.questionnaire_id, [said])
    else:
        db.session.add(
            Response(
                invitation_id=invitation.id,
                questionnaire_id=invitation.questionnaire_id,
                submitted_at=now,
                answers=[Answer(**row) for row in said],
            )
        )
    invitation.returned_at = at_london(london_date(now)) if is_anonymous else now
    invitation.returned_by = None if is_anonymous else by
    db.session.execute(delete(PartAnswers).where(PartAnswers.invitation_id == invitation.id))
    cancel_mails_about(invitation)


def said_on(asked: Sequence[Question], answers: Mapping[str, Given]) -> list[dict[str, Any]]:
    """The rows to store for one form, one for each answer given."""
    found = [(question.id, answers[question.key]) for question in asked if question.key in answers]
    return [
        {
            "question_id": question_id,
            "value": given.value,
            "before": given.before,
            "chosen": stored_choices(given.chosen),
            "text": given.words,
        }
        for question_id, given in found
        if not given.is_empty
    ]


def keep_part(invitation: Invitation, answers: Mapping[str, Given], *, now: datetime) -> None:
    """Store the answers of someone who stops half way. Does nothing for an anonymous form."""
    if invitation.questionnaire.confidentiality is Confidentiality.ANONYMOUS:
        return
    _hold(invitation)
    row = db.session.get(PartAnswers, invitation.id)
    if row is None:
        row = PartAnswers(invitation_id=invitation.id)
        db.session.add(row)
    row.answers, row.at = stored_part(answers), now


def _hold(invitation: Invitation) -> None:
    # Locked until the transaction ends, so that a form sent twice at once is stored once. The booking is locked first,
    # as everywhere, or an officer who releases the certificate could cause a deadlock.
    db.session.refresh(invitation.booking, with_for_update={"of": Booking})
    db.session.refresh(invitation, with_for_update={"of": Invitation})
    if invitation.returned_at is not None:
        raise AlreadyAnswered


def halves_asked(invitation: Invitation, asked: Sequence[Question]) -> dict[str, frozenset[str]]:
    """Whether to ask "before", "now" or both in each before-and-now pair, by the question's key.

    The end form asks for "before" only if the course has no form before it. A follow-up asks for "before" only if no
    earlier form did, because people remember better soon after the course.
    """
    stage = invitation.stage
    pairs = {question.key for question in asked if question.kind is QuestionKind.BEFORE_NOW}
    if not pairs:
        return {}
    was_asked: Collection[str] = ()
    if stage is Stage.END:
        was_asked = pairs if asks_before(invitation.booking.event.course_id) else ()
    elif stage in FOLLOW_UPS:
        was_asked = answers_queries.asked_for_before(invitation.booking)
    return {key: halves(stage, was_asked=key in was_asked) for key in pairs}
