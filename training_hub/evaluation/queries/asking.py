"""Questions about who is asked: of whom an evaluation is due, and who is to be told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, lazyload

from training_hub.bookings.models import Booking, Status
from training_hub.bookings.queries import terms_for
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db
from training_hub.evaluation.models import Invitation, PartAnswers, Stage
from training_hub.evaluation.rules import APART, KEY_BEGINS, LADDER, TOP, mail_keys, reference_in
from training_hub.mail.models import Mail, MailState
from training_hub.policies.queries import partnership
from training_hub.policies.rules import policies_of


def invitation(invitation_id: int) -> Invitation | None:
    """One invitation, with its booking, course date, course and person, in one query."""
    statement = (
        select(Invitation)
        .join(Invitation.booking)
        .join(Invitation.questionnaire)
        .options(
            contains_eager(Invitation.booking).lazyload(Booking.agency),
            contains_eager(Invitation.questionnaire),
        )
        .where(Invitation.id == invitation_id)
    )
    return db.session.scalar(statement)


def part_of(invitation_id: int) -> dict[str, Any]:
    """What someone has answered so far and not yet sent, as it is stored."""
    return (
        db.session.scalar(select(PartAnswers.answers).where(PartAnswers.invitation_id == invitation_id)) or {}
    )


def invitation_of(booking_id: int) -> Invitation | None:
    """The end-of-course evaluation that was asked of one booking."""
    return db.session.scalar(
        select(Invitation).where(Invitation.booking_id == booking_id, Invitation.stage == Stage.END)
    )


def outstanding(person_id: int) -> list[Invitation]:
    """The evaluations that one person has still to return, latest first, each with its booking, date and course."""
    return list(
        db.session.scalars(
            select(Invitation)
            .join(Invitation.booking)
            .join(Booking.event)
            .join(Event.course)
            .options(
                contains_eager(Invitation.booking).options(
                    lazyload(Booking.person),
                    lazyload(Booking.agency),
                    contains_eager(Booking.event).options(
                        lazyload(Event.venue), contains_eager(Event.course).lazyload(Course.board)
                    ),
                )
            )
            .where(
                Booking.person_id == person_id,
                Booking.status == Status.COMPLETED,
                Course.is_evaluated,
                Invitation.stage == Stage.END,
                Invitation.returned_at.is_(None),
            )
            .order_by(Invitation.due_at.desc(), Invitation.id.desc())
            .limit(50)
        )
    )


def is_certificate_waiting(event: Event) -> bool:
    """Whether the certificates of an event wait for its evaluation, by the policy in force for it."""
    return event.course.is_evaluated and terms_for(event).policies.certificate_needs_evaluation


def certificates_waiting(owed: Sequence[Invitation]) -> set[int]:
    """Those of the bookings that owe these evaluations whose certificates wait for them."""
    wide = partnership() if owed else {}
    bookings = [invitation.booking for invitation in owed]
    return {
        booking.id
        for booking in bookings
        if policies_of(
            wide, booking.event.course.policies, booking.event.policies
        ).certificate_needs_evaluation
    }


def is_due() -> ColumnElement[bool]:
    """That a booking, joined with its course, owes an evaluation, returned or not (domain 4.6)."""
    return and_(Booking.status == Status.COMPLETED, Course.is_evaluated)


def is_returned() -> ColumnElement[bool]:
    """That a booking's end-of-course evaluation has come back."""
    return exists().where(
        Invitation.booking_id == Booking.id,
        Invitation.stage == Stage.END,
        Invitation.returned_at.is_not(None),
    )


def never_asked(*, ended_after: datetime, now: datetime, limit: int) -> list[int]:
    """The ids of bookings whose evaluation has fallen due without their having been asked, first to end first, at the
    events that ended after that moment.

    Walk-ins are among them; what had ended before it was entered never is.
    """
    asked = exists().where(Invitation.booking_id == Booking.id, Invitation.stage == Stage.END)
    return list(
        db.session.scalars(
            select(Booking.id)
            .join(Event, Booking.event_id == Event.id)
            .join(Course, Event.course_id == Course.id)
            .where(
                Event.status == EventStatus.PUBLISHED,
                Event.ends_at > ended_after,
                Event.ends_at <= now,
                Event.ends_at > Event.entered_at,
                is_due(),
                ~asked,
            )
            .order_by(Event.ends_at, Booking.id)
            .limit(limit)
        )
    )


def to_remind(*, now: datetime, limit: int) -> list[int]:
    """The ids of invitations for which a reminder is due, and to whose person none left in the last 48 hours."""
    reached = or_(
        *(and_(Invitation.rung == step, Invitation.due_at <= now - LADDER[step]) for step in range(1, TOP))
    )
    # One that waits in vain for a mail server counts from when it was queued: the next one takes its place.
    moment = func.coalesce(Mail.sent_at, Mail.queued_at)
    too_soon = exists().where(
        Mail.key.in_(mail_keys(Booking.reference)),
        Mail.state != MailState.DROPPED,
        or_(Mail.state == MailState.SENDING, moment > now - APART),
    )
    return list(
        db.session.scalars(
            select(Invitation.id)
            .join(Booking, Invitation.booking_id == Booking.id)
            .join(Event, Booking.event_id == Event.id)
            .join(Course, Event.course_id == Course.id)
            .where(
                Invitation.returned_at.is_(None),
                # Said for the index: what is past reminding and was never returned only grows.
                Invitation.rung.in_(range(1, TOP)),
                reached,
                Invitation.stage == Stage.END,
                Booking.status == Status.COMPLETED,
                Course.is_evaluated,
                Event.ends_at > Event.entered_at,
                ~too_soon,
            )
            .order_by(Invitation.due_at, Invitation.id)
            .limit(limit)
        )
    )


def overtaken_mails() -> list[str]:
    """The keys of mails that still wait although their booking owes nothing: answered, or corrected on the register."""
    found: list[str] = []
    last = 0
    while waiting := _waiting_mails(after=last, limit=500):
        references = {reference_in(key) for _, key in waiting}
        owing = set(
            db.session.scalars(
                select(Booking.reference)
                .join(Invitation, Invitation.booking_id == Booking.id)
                .where(
                    Booking.reference.in_(references),
                    Booking.status == Status.COMPLETED,
                    Invitation.returned_at.is_(None),
                )
            )
        )
        found += [key for _, key in waiting if reference_in(key) not in owing]
        last = waiting[-1][0]
    return found


def _waiting_mails(*, after: int, limit: int) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Mail.id, Mail.key)
        .where(
            Mail.state.in_([MailState.WAITING, MailState.FAILED]),
            Mail.key.startswith(KEY_BEGINS),
            Mail.id > after,
        )
        .order_by(Mail.id)
        .limit(limit)
    )
    return [(mail_id, key) for mail_id, key in rows]
