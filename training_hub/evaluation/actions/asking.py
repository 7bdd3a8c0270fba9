"""Asking and reminding, by the ladder; and when that stops."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from training_hub.bookings.models import Booking, Status
from training_hub.database import db, each_in_turn, transaction
from training_hub.evaluation import emails, queries
from training_hub.evaluation.actions.forms import form_asked_at
from training_hub.evaluation.models import Invitation, Stage
from training_hub.evaluation.rules import (
    EVER,
    JUST_OVER,
    TOP,
    NoLongerDue,
    is_chased,
    mail_keys,
    next_step,
)
from training_hub.london import next_working_moment
from training_hub.mail import outbox

MOST_AT_ONCE = 1000
"""How many are looked for at a time: the next minute finds the rest."""


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
    form = form_asked_at(booking.event, Stage.END)
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
            questionnaire_id=form_asked_at(booking.event, Stage.END).id,
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
