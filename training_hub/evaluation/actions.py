"""Everything that changes an evaluation: asking, reminding, answering, bringing in what was answered elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from training_hub.bookings.models import Booking, Status
from training_hub.database import db, each_in_turn, transaction
from training_hub.errors import Refused
from training_hub.evaluation import emails, queries
from training_hub.evaluation.models import (
    Answer,
    Confidentiality,
    Invitation,
    Question,
    QuestionKind,
    Questionnaire,
    Response,
    Stage,
)
from training_hub.evaluation.rules import (
    END_FORM,
    END_FORM_NAME,
    EVER,
    JUST_OVER,
    TOP,
    AlreadyAnswered,
    Answered,
    NoLongerDue,
    check_answers,
    is_chased,
    mail_keys,
    next_step,
)
from training_hub.london import next_working_moment
from training_hub.mail import outbox

MOST_AT_ONCE = 1000
"""How many are looked for at a time: the next minute finds the rest."""


def ensure_default_form() -> Questionnaire:
    """The form that is asked at the end of a course, made if it is not there yet."""
    form = queries.default_form()
    if form is not None:
        return form
    try:
        # Another worker may be making it at this very moment; the name is unique, and the first one is as good.
        with db.session.begin_nested():
            form = Questionnaire(
                name=END_FORM_NAME,
                stage=Stage.END,
                confidentiality=Confidentiality.CONFIDENTIAL,
                is_default=True,
            )
            form.questions = [
                Question(
                    position=number,
                    key=asked.key,
                    section=asked.section,
                    text=asked.text,
                    help=asked.help,
                    kind=asked.kind,
                    low=asked.low,
                    high=asked.high,
                    is_required=asked.kind is not QuestionKind.TEXT,
                )
                for number, asked in enumerate(END_FORM, start=1)
            ]
            db.session.add(form)
    except IntegrityError:
        form = db.session.scalars(select(Questionnaire).where(Questionnaire.name == END_FORM_NAME)).one()
    return form


def invite_due(*, now: datetime) -> int:
    """Ask everyone whose evaluation has fallen due, walk-ins included, once each; how many (domain 4.6).

    Run by the worker each minute, for the events of the last weeks; `invite_late` does the rest.
    """
    return _invite_all(ended_after=now - JUST_OVER, now=now)


def invite_late(*, now: datetime) -> int:
    """The same for whatever was completed long after its event, as when a register is marked at last, or put right.

    Run by the worker each day, for this looks at all that ever was.
    """
    return _invite_all(ended_after=EVER, now=now)


def _invite_all(*, ended_after: datetime, now: datetime) -> int:
    # Looked for outside a write: most minutes there is nothing, and no reason to hold the lock.
    db.session.rollback()
    found = queries.never_asked(ended_after=ended_after, now=now, limit=MOST_AT_ONCE)
    return each_in_turn(found, partial(_invite, now=now))


def _invite(booking_id: int, *, now: datetime) -> int:
    # Whoever is held by another worker is being asked by it.
    booking = db.session.scalar(
        select(Booking)
        .where(Booking.id == booking_id, Booking.status == Status.COMPLETED)
        .with_for_update(of=Booking, skip_locked=True)
    )
    if booking is None or queries.invitation_of(booking_id) is not None:
        return 0
    form = ensure_default_form()
    invitation = Invitation(booking=booking, stage=Stage.END, questionnaire_id=form.id, due_at=now, rung=1)
    db.session.add(invitation)
    # The link in the mail names the invitation by the id that the database gives.
    db.session.flush()
    emails.tell(invitation, 0, now=now)
    return 1


def remind_due(*, now: datetime) -> int:
    """Remind everyone who has still to answer, by the ladder (domain 5); how many.

    At most four reminders, 2, 5, 9 and 14 days after it fell due, on working days from 08:00 to 18:00, never two in
    48 hours, none once it is returned. After an outage the latest reminder due is sent, and those missed are not.
    """
    db.session.rollback()
    _drop_overtaken()
    if next_working_moment(now) != now:
        # Queued when it may leave and not before, so that nobody who answers overnight is reminded in the morning.
        return 0
    return each_in_turn(queries.to_remind(now=now, limit=MOST_AT_ONCE), partial(_remind, now=now))


def _remind(invitation_id: int, *, now: datetime) -> int:
    invitation = db.session.scalar(
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.returned_at.is_(None))
        .with_for_update(of=Invitation, skip_locked=True)
    )
    step = next_step(invitation, now=now) if invitation is not None else None
    if invitation is None or step is None:
        return 0
    # What still waits for a mail server gives way: otherwise both would leave when it is back.
    outbox.drop(*mail_keys(invitation.booking.reference)[:step])
    emails.tell(invitation, step, now=now)
    invitation.rung = step + 1
    return 1


def _drop_overtaken() -> None:
    keys = queries.overtaken_mails()
    if keys:
        with transaction():
            outbox.drop(*keys)


def open_form(booking: Booking, *, now: datetime) -> Invitation:
    """The invitation of a completed booking, made now if there is none yet. Tells no one: they have it before them.

    Raises NoLongerDue where the register does not show the course as completed.
    """
    db.session.refresh(booking, with_for_update={"of": Booking})
    if booking.status is not Status.COMPLETED or not booking.event.course.is_evaluated:
        raise NoLongerDue("No evaluation is due for this booking.")
    if now < booking.event.ends_at:
        raise NoLongerDue("The course is not over yet. The form opens when it is.")
    invitation = queries.invitation_of(booking.id)
    if invitation is None:
        invitation = Invitation(
            booking=booking,
            stage=Stage.END,
            questionnaire_id=ensure_default_form().id,
            due_at=now,
            rung=1 if is_chased(booking.event) else TOP,
        )
        db.session.add(invitation)
        # Its link, to which the caller goes next, names it by the id that the database gives.
        db.session.flush()
    return invitation


def stop_reminding(booking: Booking, *, now: datetime) -> None:
    """Send no more mails about the evaluation of a completed booking: its certificate does not wait for it any more.

    It stays due, and can still be answered.
    """
    open_form(booking, now=now).rung = TOP
    outbox.drop(*mail_keys(booking.reference))


def answer(invitation: Invitation, answers: Mapping[str, Answered], *, now: datetime) -> None:
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
    check_answers(asked, answers)
    response = Response(
        invitation_id=invitation.id, questionnaire_id=invitation.questionnaire_id, submitted_at=now
    )
    for question in asked:
        value, before, words = answers.get(question.key, (None, None, ""))
        if value is not None or words:
            response.answers.append(Answer(question_id=question.id, value=value, before=before, text=words))
    db.session.add(response)
    invitation.returned_at = now
    outbox.drop(*mail_keys(invitation.booking.reference))


@dataclass(frozen=True, kw_only=True)
class PastReturn:
    """An evaluation that was asked before the booking came here, and what became of it."""

    booking_id: int
    due_at: datetime
    returned_at: datetime | None
    answers: Mapping[str, Answered] | None = None
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
            "value": value,
            "before": before,
            "text": words,
        }
        for response_id, row in zip(ids, returned.values(), strict=True)
        for key, (value, before, words) in (row.answers or {}).items()
        if value is not None or words
    ]
    if answers:
        db.session.execute(insert(Answer.__table__), answers)  # type: ignore[arg-type]
