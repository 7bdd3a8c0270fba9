"""The people to remind, the evaluations to remind them of, and the mails that are still unsent."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from training_hub.catalogue.models import Event
from training_hub.database import db, fetch_all
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import OptOut, ReminderSent
from training_hub.evaluation.queries.invitations import MANAGER_EMAIL, about_invitations, is_owed
from training_hub.evaluation.queries.managers import was_asked_of_former
from training_hub.evaluation.rules.reminders import APART, NO_MORE, REMINDER_SCHEDULE
from training_hub.mail.models import Mail, MailState, Urgency
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage

ADDRESS: Any = case((Invitation.stage == Stage.MANAGER, MANAGER_EMAIL), else_=Person.email)
"""SQL for the address that mails about an evaluation go to. The statement must join Booking and Person."""
_WAITS = (MailState.WAITING, MailState.FAILED)


def _may_be_mailed(*, now: datetime) -> ColumnElement[bool]:
    """The condition that an evaluation is owed, and its recipient wants mails and had none about any for 48 hours."""
    recipient = aliased(Person)
    has_opted_out = exists().where(OptOut.person_id == recipient.id, recipient.email == ADDRESS)
    # An unsent mail counts from when it was queued, so after 48 hours a new one can replace it.
    moment = func.coalesce(Mail.sent_at, Mail.queued_at)
    was_mailed_lately = exists().where(
        Mail.to_email == ADDRESS,
        ReminderSent.mail_id == Mail.id,
        Mail.state != MailState.DROPPED,
        or_(Mail.state == MailState.SENDING, moment > now - APART),
    )
    return and_(
        is_owed(now=now),
        # A new manager gets the invitation first, not the next reminder in the series sent to the former manager.
        ~and_(*was_asked_of_former()),
        Event.ends_at > Event.entered_at,
        ~was_mailed_lately,
        ~has_opted_out,
    )


def to_remind(*, now: datetime, limit: int) -> dict[int, tuple[str, list[int]]]:
    """The addresses to mail now, keyed by first invitation id: the address and its ids. Ordered by address."""
    is_reached = or_(
        *(
            and_(Invitation.next_reminder == number, Invitation.due_at <= now - after)
            for number, after in enumerate(REMINDER_SCHEDULE)
        )
    )
    statement = about_invitations(select(ADDRESS.label("address"), Invitation.id)).where(
        # Redundant, but lets the database use the index and skip the ever-growing number of unreturned evaluations.
        Invitation.next_reminder.in_(range(NO_MORE)),
        is_reached,
        ADDRESS != "",
        _may_be_mailed(now=now),
    )
    return by_address(statement, limit)


def by_address(statement: Any, limit: int) -> dict[int, tuple[str, list[int]]]:
    """The rows (address, id) grouped by address, keyed by the first id of each. Ordered by address."""
    rows = db.session.execute(statement.order_by("address", Invitation.id).limit(limit)).all()
    found = [(address, [row.id for row in of_one]) for address, of_one in groupby(rows, lambda row: row[0])]
    if len(rows) == limit and len(found) > 1:
        # The limit may have cut off ids of the last address. The run a minute later finds all of them.
        found.pop()
    return {ids[0]: (address, ids) for address, ids in found}


def may_be_mailed(address: str, ids: Collection[int], *, now: datetime) -> list[int]:
    """Those of these invitations that may be mailed to this address now, as sorted ids."""
    return fetch_all(
        about_invitations(select(Invitation.id))
        .where(Invitation.id.in_(ids), address == ADDRESS, _may_be_mailed(now=now))
        .order_by(Invitation.id)
    )


def uncounted(*, limit: int = 500) -> list[int]:
    """The ids of invitations whose `next_reminder` does not yet reflect a mail that was sent or failed."""
    return fetch_all(
        select(Invitation.id)
        .where(
            Invitation.returned_at.is_(None),
            Invitation.next_reminder.in_(range(NO_MORE)),
            next_after_sent() > Invitation.next_reminder,
        )
        .limit(limit)
    )


def next_after_sent() -> Any:
    """SQL for the number of the next reminder: one more than the highest that was sent or failed.

    Ignores mails sent before the invitation's present due date: they went to a former line manager.
    """
    return (
        select(func.max(ReminderSent.reminder_number) + 1)
        .join(Mail, Mail.id == ReminderSent.mail_id)
        .where(
            ReminderSent.invitation_id == Invitation.id,
            ReminderSent.at >= Invitation.due_at,
            Mail.state.in_((MailState.SENT, MailState.FAILED)),
        )
        .correlate(Invitation)
        .scalar_subquery()
    )


def waiting_to(address: str, *, urgency: Urgency | None = None) -> list[int]:
    """The ids of unsent mails about evaluations to this address, of one urgency or of any."""
    is_about_evaluations = exists().where(ReminderSent.mail_id == Mail.id)
    statement = select(Mail.id).where(Mail.to_email == address, is_about_evaluations, Mail.state.in_(_WAITS))
    if urgency is not None:
        statement = statement.where(Mail.urgency == int(urgency))
    return fetch_all(statement)


def waiting_about(invitation_id: int) -> list[int]:
    """The ids of unsent mails that list this invitation."""
    return fetch_all(
        select(Mail.id)
        .join(ReminderSent, ReminderSent.mail_id == Mail.id)
        .where(
            ReminderSent.invitation_id == invitation_id,
            Mail.state.in_([*_WAITS, MailState.SENDING]),
        )
    )


def overtaken_mails(*, now: datetime, limit: int = 500) -> list[int]:
    """The ids of waiting mails that list an evaluation no longer owed, such as one that was just answered."""
    return fetch_all(
        about_invitations(
            select(Mail.id)
            .join(ReminderSent, ReminderSent.mail_id == Mail.id)
            .join(Invitation, ReminderSent.invitation_id == Invitation.id)
        )
        .where(Mail.state.in_(_WAITS), ~is_owed(now=now))
        .distinct()
        .limit(limit)
    )


def dropped_mails(*, limit: int = 500) -> list[int]:
    """The ids of mails that were dropped unsent, but are still recorded as reminders."""
    return fetch_all(
        select(Mail.id)
        .join(ReminderSent, ReminderSent.mail_id == Mail.id)
        .where(Mail.state == MailState.DROPPED)
        .distinct()
        .limit(limit)
    )


def has_opted_out(person_id: int) -> bool:
    """Whether a person wants no mails about evaluations."""
    return db.session.get(OptOut, person_id) is not None
