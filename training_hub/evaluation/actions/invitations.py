"""Invitations: who is asked for an evaluation, at which stage, and with which form."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn
from training_hub.evaluation import emails
from training_hub.evaluation.actions.manager_copies import MOST_AT_ONCE
from training_hub.evaluation.actions.reminders import cancel_mails_about, cancel_unsent
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.queries import reminders as reminders_queries
from training_hub.evaluation.rules.invitations import EVER, JUST_OVER, NoLongerDue, is_chased
from training_hub.evaluation.rules.reminders import NO_MORE, STOPPED
from training_hub.evaluation.rules.stages import ASKED_LATE, AT_ONCE, FOLLOW_UPS, status_asked
from training_hub.mail.models import Urgency
from training_hub.questionnaires.models import Confidentiality, Questionnaire, Stage
from training_hub.questionnaires.queries.course_questionnaires import questionnaire_asked


def invite_due(*, now: datetime) -> int:
    """Ask everyone whose evaluation has fallen due, once for each stage. Returns how many.

    The "before" form goes to people with a place, from a week before the course. The end form goes to everyone who
    completed the course, walk-ins included. Other stages are asked only if the course has a form for them. Nobody is
    asked about an event entered after it ended. The worker runs this each minute for recent events; `invite_late` does
    the rest.
    """
    return sum(_invite_all(stage, now=now) for stage in (Stage.END, Stage.BEFORE, *FOLLOW_UPS))


def invite_late(*, now: datetime) -> int:
    """Ask people whose register was marked, or corrected, long after the event. Follow-ups are not asked so late.

    The worker runs this only once a day, because it reads every past event.
    """
    return _invite_all(Stage.END, now=now, ended_after=EVER)


def _invite_all(stage: Stage, *, now: datetime, ended_after: datetime | None = None) -> int:
    since = now - (FOLLOW_UPS[stage] + ASKED_LATE if stage in FOLLOW_UPS else JUST_OVER)
    found = invitations_queries.never_asked(
        stage, ended_after=ended_after or since, now=now, limit=MOST_AT_ONCE
    )
    return each_in_turn(found, partial(_invite, stage=stage, now=now))


def _invite(booking_id: int, *, stage: Stage, now: datetime) -> int:
    # Another worker has locked the booking, and is inviting the person.
    booking = db.session.scalar(
        select(Booking)
        .where(Booking.id == booking_id, Booking.status == status_asked(stage))
        .with_for_update(of=Booking, skip_locked=True)
    )
    if booking is None or invitations_queries.invitation_of(booking_id, stage) is not None:
        return 0
    form = form_asked_at(booking.event, stage)
    invitation = Invitation(
        booking=booking,
        stage=stage,
        questionnaire_id=form.id,
        due_at=now,
        next_reminder=1 if stage in AT_ONCE else 0,
    )
    db.session.add(invitation)
    # The link in the email needs the id that the database gives.
    db.session.flush()
    if stage in AT_ONCE and not reminders_queries.has_opted_out(booking.person_id):
        # An older reminder that still waits for the mail server would leave at the same time as the invitation.
        cancel_unsent(reminders_queries.waiting_to(booking.person.email, urgency=Urgency.REMINDER))
        mail = emails.invite(invitation, now=now)
        db.session.add(ReminderSent(invitation_id=invitation.id, reminder_number=0, at=now, mail=mail))
    return 1


def open_form(booking: Booking, *, now: datetime) -> Invitation:
    """Returns the invitation of a completed booking, or makes one. Sends no email: the person has the form open.

    Raises NoLongerDue if the register does not show the course as completed.
    """
    db.session.refresh(booking, with_for_update={"of": Booking})
    if booking.status is not Status.COMPLETED or not booking.event.course.is_evaluated:
        raise NoLongerDue("No evaluation is due for this booking.")
    if now < booking.event.ends_at:
        raise NoLongerDue("The course is not over yet. The form opens when the course ends.")
    invitation = invitations_queries.invitation_of(booking.id)
    if invitation is None:
        invitation = Invitation(
            booking=booking,
            stage=Stage.END,
            questionnaire_id=form_asked_at(booking.event, Stage.END).id,
            due_at=now,
            next_reminder=1 if is_chased(booking.event) else NO_MORE,
        )
        db.session.add(invitation)
        # The link that the caller goes to needs the id that the database gives.
        db.session.flush()
    return invitation


def stop_reminding(booking: Booking, *, now: datetime) -> None:
    """Send no more mails about an evaluation after its certificate was released. The evaluation stays due."""
    invitation = open_form(booking, now=now)
    invitation.next_reminder = STOPPED
    cancel_mails_about(invitation)


def form_asked_at(event: Event, stage: Stage) -> Questionnaire:
    """The form that an event asks at a stage: the form that its course asks now, unless anonymity forbids a change.

    If this form or the one that the first person at the event was asked is anonymous, the first person's form is used.
    Anonymous answers name their version, and so would identify the only person who was asked a different version.
    """
    form = questionnaire_asked(event.course_id, stage)
    first = invitations_queries.first_asked(event.id, stage)
    if first is not None and Confidentiality.ANONYMOUS in {first.confidentiality, form.confidentiality}:
        return first
    return form
