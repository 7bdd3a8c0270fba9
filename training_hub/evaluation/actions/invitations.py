"""Asking: who is invited to answer, at which stage; and what stops that."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db, each_in_turn
from training_hub.evaluation import emails
from training_hub.evaluation.actions.reminders import MOST_AT_ONCE, cancel_mails_about, cancel_unsent
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.queries import reminders as reminders_queries
from training_hub.evaluation.rules.invitations import EVER, JUST_OVER, NoLongerDue, invitation_key, is_chased
from training_hub.evaluation.rules.reminders import NO_MORE, STOPPED
from training_hub.evaluation.rules.stages import AT_ONCE, FOLLOW_UPS, status_asked
from training_hub.mail.models import Urgency
from training_hub.questionnaires.models import Confidentiality, Questionnaire, Stage
from training_hub.questionnaires.queries.course_questionnaires import questionnaire_asked


def invite_due(*, now: datetime) -> int:
    """Ask everyone whose evaluation has fallen due, at whichever stage, once each; how many (domain 4.6).

    Before the course, those with a place at a course that asks then, from a week before it; at its end, all who
    completed it, walk-ins included; six weeks and three months after it, and of their line manager, where the course
    asks that. Never about an event that had ended before it was entered. Run by the worker each minute, for the events
    of the last weeks; `invite_late` does the rest.
    """
    asked = _invite_all(Stage.END, _just_over(now), now=now)
    db.session.rollback()
    asked += _invite_all(
        Stage.BEFORE, invitations_queries.never_asked_before(now=now, limit=MOST_AT_ONCE), now=now
    )
    for stage in FOLLOW_UPS:
        db.session.rollback()
        found = invitations_queries.never_asked_after(stage, now=now, limit=MOST_AT_ONCE)
        asked += _invite_all(stage, found, now=now)
    return asked


def invite_late(*, now: datetime) -> int:
    """Ask what was completed long after its event, as when a register is marked at last, or put right.

    Run by the worker each day, for this looks at all that ever was. No follow-up is asked so late.
    """
    # Looked for outside a write: most days there is nothing, and no reason to hold the lock.
    db.session.rollback()
    found = invitations_queries.never_asked(ended_after=EVER, now=now, limit=MOST_AT_ONCE)
    return _invite_all(Stage.END, found, now=now)


def _just_over(now: datetime) -> list[int]:
    db.session.rollback()
    return invitations_queries.never_asked(ended_after=now - JUST_OVER, now=now, limit=MOST_AT_ONCE)


def _invite_all(stage: Stage, found: Sequence[int], *, now: datetime) -> int:
    return each_in_turn(found, partial(_invite, stage=stage, now=now))


def _invite(booking_id: int, *, stage: Stage, now: datetime) -> int:
    # Whoever is held by another worker is being asked by it.
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
    # The link in the mail names the invitation by the id that the database gives.
    db.session.flush()
    if stage in AT_ONCE and not reminders_queries.has_opted_out(booking.person_id):
        # A reminder that still waits for the mail server would leave at the same time.
        cancel_unsent(reminders_queries.waiting_to(booking.person.email, urgency=Urgency.REMINDER))
        emails.invite(invitation, now=now)
        key = invitation_key(booking.reference, stage)
        db.session.add(ReminderSent(invitation_id=invitation.id, reminder_number=0, at=now, mail_key=key))
    return 1


def open_form(booking: Booking, *, now: datetime) -> Invitation:
    """The invitation of a completed booking, made now if there is none yet. Tells no one: they have it before them.

    Raises NoLongerDue where the register does not show the course as completed.
    """
    db.session.refresh(booking, with_for_update={"of": Booking})
    if booking.status is not Status.COMPLETED or not booking.event.course.is_evaluated:
        raise NoLongerDue("No evaluation is due for this booking.")
    if now < booking.event.ends_at:
        raise NoLongerDue("The course is not over yet. The form opens when it is.")
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
        # Its link, to which the caller goes next, names it by the id that the database gives.
        db.session.flush()
    return invitation


def stop_reminding(booking: Booking, *, now: datetime) -> None:
    """Send no more mails about the evaluation of a completed booking: its certificate does not wait for it any more.

    It stays due, and can still be answered.
    """
    invitation = open_form(booking, now=now)
    invitation.next_reminder = STOPPED
    cancel_mails_about(invitation)


def form_asked_at(event: Event, stage: Stage) -> Questionnaire:
    """The form that an event asks at a stage: what its course asks now.

    Where either is anonymous it is what its first person was asked instead, whatever the course has asked since: the
    answers of an anonymous form name its version, and whoever was asked another than all the others would stand alone.
    """
    form = questionnaire_asked(event.course_id, stage)
    first = invitations_queries.first_asked(event.id, stage)
    if first is not None and Confidentiality.ANONYMOUS in {first.confidentiality, form.confidentiality}:
        return first
    return form
