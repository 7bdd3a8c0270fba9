"""Evaluations asked of line managers."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from training_hub.access import secret_hash
from training_hub.bookings.models.booking import Booking
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import Nudge
from training_hub.evaluation.queries.invitations import MANAGER_EMAIL, about_invitations, is_owed
from training_hub.evaluation.rules.invitations import LINK_OPENS_FOR
from training_hub.evaluation.rules.stages import manager_of
from training_hub.mail.models import Mail
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage


def asked_of_manager(address: str) -> list[Invitation]:
    """The evaluations that a line manager, known by their address, has been asked for and not returned."""
    return list(
        db.session.scalars(
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
    )


def manager_number(address: str) -> int:
    """What the link by which a line manager stops the mails says of whom it was sent to: not the address itself."""
    return int(secret_hash("manager", address)[:12], 16)


def manager_numbered(invitation: Invitation, number: int) -> str:
    """The address of the line manager to whom a link about this evaluation that says `number` was sent, be they that no
    longer; empty where that is not known any more."""
    asked = db.session.scalars(
        select(Mail.to_email)
        .join(Nudge, Nudge.mail_key == Mail.key)
        .where(Nudge.invitation_id == invitation.id)
        .distinct()
        .order_by(Mail.to_email)
    ).all()
    named = invitation.booking.manager_email.lower()
    # The links of mails from before it was said lead to whoever was named on the booking.
    numbers = {1: named} | {
        manager_number(address): address for address in (*asked, named, manager_of(invitation.booking)[1])
    }
    return numbers.get(number, "")


def asked_of_another(*, now: datetime, limit: int) -> list[int]:
    """The ids of the evaluations for which a line manager was asked who is that no longer, and which the one that there
    is now can still answer."""
    return list(
        db.session.scalars(
            about_invitations(select(Invitation.id))
            .where(*_is_with_another(), Invitation.due_at > now - LINK_OPENS_FOR, is_owed(now=now))
            .order_by(Invitation.id)
            .limit(limit)
        )
    )


def is_asked_of_another(invitation_id: int) -> bool:
    """Whether the last mail about this evaluation went to a line manager who is that no longer."""
    found = about_invitations(select(Invitation.id)).where(
        *_is_with_another(), Invitation.id == invitation_id
    )
    return db.session.scalar(found) is not None


def _is_with_another() -> list[ColumnElement[bool]]:
    each = aliased(Nudge)
    latest = select(func.max(each.id)).where(each.invitation_id == Invitation.id)
    last = latest.correlate(Invitation).scalar_subquery()
    return [
        Invitation.stage == Stage.MANAGER,
        Invitation.returned_at.is_(None),
        # At 0 the new one is about to be asked.
        Invitation.rung > 0,
        # Said for the database: few have another line manager, and what was never returned only grows.
        Person.manager_named_at > Booking.asked_at,
        exists().where(Nudge.id == last, Mail.key == Nudge.mail_key, Mail.to_email != MANAGER_EMAIL),
    ]
