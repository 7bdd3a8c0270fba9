"""Asking and reminding, by the ladder; and when that stops."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from training_hub.bookings.models import Booking, Status
from training_hub.database import db, transaction
from training_hub.evaluation import emails, queries
from training_hub.evaluation.actions.forms import form_asked
from training_hub.evaluation.models import Invitation, Stage
from training_hub.evaluation.rules import TOP, NoLongerDue, is_chased, mail_keys, next_step
from training_hub.london import next_working_moment
from training_hub.mail import outbox

BATCH = 50
"""How many are asked or reminded in one transaction: the write lock is held for a moment, not for a morning."""
MOST_BATCHES = 20


def invite_due(*, now: datetime) -> int:
    """Ask everyone whose evaluation has fallen due, walk-ins included, once each; how many (domain 4.6)."""
    return _in_batches(lambda: queries.never_asked(now=now, limit=BATCH), lambda ids: _invite(ids, now=now))


def _invite(booking_ids: Sequence[int], *, now: datetime) -> int:
    bookings = db.session.scalars(
        select(Booking)
        .where(Booking.id.in_(booking_ids), Booking.status == Status.COMPLETED)
        .order_by(Booking.id)
        # Whoever is held by another worker is being asked by it.
        .with_for_update(of=Booking, skip_locked=True)
    ).all()
    already = queries.asked_already(booking.id for booking in bookings)
    unasked = [booking for booking in bookings if booking.id not in already]
    courses = {booking.event.course_id for booking in unasked}
    forms = {course_id: form_asked(course_id, Stage.END).id for course_id in courses}
    asked = [
        Invitation(
            booking=booking,
            stage=Stage.END,
            questionnaire_id=forms[booking.event.course_id],
            due_at=now,
            rung=1,
        )
        for booking in unasked
    ]
    db.session.add_all(asked)
    # The link in the mail names the invitation by the id that the database gives.
    db.session.flush()
    for invitation in asked:
        emails.tell(invitation, 0, now=now)
    return len(asked)


def remind_due(*, now: datetime) -> int:
    """Remind everyone who has still to answer, by the ladder (domain 5); how many.

    At most four reminders, 2, 5, 9 and 14 days after it fell due, on working days from 08:00 to 18:00, never two in
    48 hours, none once it is returned. After an outage the latest reminder due is sent, and those missed are not.
    """
    _drop_overtaken()
    if next_working_moment(now) != now:
        # Queued when it may leave and not before, so that nobody who answers overnight is reminded in the morning.
        return 0
    return _in_batches(lambda: queries.to_remind(now=now, limit=BATCH), lambda ids: _remind(ids, now=now))


def _remind(invitation_ids: Sequence[int], *, now: datetime) -> int:
    held = db.session.scalars(
        select(Invitation)
        .where(Invitation.id.in_(invitation_ids), Invitation.returned_at.is_(None))
        .order_by(Invitation.id)
        .with_for_update(of=Invitation, skip_locked=True)
    ).all()
    reminded = 0
    for invitation in held:
        step = next_step(invitation, now=now)
        if step is None:
            continue
        # What still waits for a mail server gives way: otherwise both would leave when it is back.
        outbox.drop(*mail_keys(invitation.booking.reference)[:step])
        emails.tell(invitation, step, now=now)
        invitation.rung = step + 1
        reminded += 1
    return reminded


def _drop_overtaken() -> None:
    keys = queries.overtaken_mails()
    if keys:
        with transaction():
            outbox.drop(*keys)


def _in_batches(find: Callable[[], list[int]], change: Callable[[list[int]], int]) -> int:
    """Find and change, a batch at a time, each in a transaction of its own, until nothing is left or moves."""
    total = 0
    for _ in range(MOST_BATCHES):
        # Looked for outside a write: most minutes there is nothing, and no reason to hold the lock.
        ids = find()
        if not ids:
            break
        with transaction():
            changed = change(ids)
        total += changed
        if not changed:
            break
    db.session.rollback()
    return total


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
            questionnaire_id=form_asked(booking.event.course_id, Stage.END).id,
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
