"""Evaluations asked of line managers."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from training_hub.access import secret_hash
from training_hub.bookings.models.booking import Booking
from training_hub.database import db, fetch_all
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.queries.invitations import MANAGER_EMAIL, about_invitations, is_owed
from training_hub.evaluation.rules.invitations import LINK_OPENS_FOR
from training_hub.evaluation.rules.stages import manager_of
from training_hub.mail.models import Mail
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage


def asked_of_manager(address: str) -> list[Invitation]:
    """The evaluations asked of the line manager with this address that are not returned."""
    return fetch_all(
        select(Invitation)
        .join(Booking, Invitation.booking_id == Booking.id)
        .join(Person, Booking.person_id == Person.id)
        .where(
            Invitation.stage == Stage.MANAGER,
            Invitation.returned_at.is_(None),
            address == MANAGER_EMAIL,
        )
        .order_by(Invitation.id)
    )


def manager_number(address: str) -> int:
    """The number that represents a line manager's address in the link that stops their mails."""
    return int(secret_hash("manager", address)[:12], 16)


def manager_numbered(invitation: Invitation, number: int) -> str:
    """The address of the present or former line manager who was sent a link with this number.

    Empty if the address is no longer known.
    """
    asked = db.session.scalars(
        select(Mail.to_email)
        .join(ReminderSent, ReminderSent.mail_id == Mail.id)
        .where(ReminderSent.invitation_id == invitation.id)
        .distinct()
        .order_by(Mail.to_email)
    ).all()
    named = invitation.booking.manager_email.lower()
    # The oldest links have the number 1, and went to the manager named on the booking.
    numbers = {1: named} | {
        manager_number(address): address for address in (*asked, named, manager_of(invitation.booking)[1])
    }
    return numbers.get(number, "")


def asked_of_former(*, now: datetime, limit: int) -> list[int]:
    """The ids of manager evaluations sent to a former manager that the current one can still answer."""
    return fetch_all(
        about_invitations(select(Invitation.id))
        .where(*was_asked_of_former(), Invitation.due_at > now - LINK_OPENS_FOR, is_owed(now=now))
        .order_by(Invitation.id)
        .limit(limit)
    )


def is_asked_of_former(invitation_id: int) -> bool:
    """Whether the last mail about this evaluation went to a former line manager."""
    found = about_invitations(select(Invitation.id)).where(
        *was_asked_of_former(), Invitation.id == invitation_id
    )
    return db.session.scalar(found) is not None


def was_asked_of_former() -> list[ColumnElement[bool]]:
    """The conditions under which the last mail went to a former manager, for use with `about_invitations`."""
    each = aliased(ReminderSent)
    # Ignore mails sent before `due_at`: the evaluation has since been passed to the new manager.
    since = each.at >= Invitation.due_at
    latest = select(func.max(each.id)).where(each.invitation_id == Invitation.id, since)
    last = latest.correlate(Invitation).scalar_subquery()
    return [
        Invitation.stage == Stage.MANAGER,
        Invitation.returned_at.is_(None),
        # Redundant, but lets the database begin with the few people whose manager was named after they booked.
        Person.manager_named_at > Booking.asked_at,
        exists().where(
            ReminderSent.id == last, Mail.id == ReminderSent.mail_id, Mail.to_email != MANAGER_EMAIL
        ),
    ]
