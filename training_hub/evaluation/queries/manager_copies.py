"""Queries for telling line managers that forms of their staff are missing."""

from datetime import datetime

from sqlalchemy import func, or_, select

from training_hub.database import db, fetch_all
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries.invitations import MANAGER_EMAIL, about_invitations, is_owed
from training_hub.evaluation.queries.reminders import by_address
from training_hub.evaluation.rules.reminders import NO_MORE
from training_hub.mail.models import Mail, MailState


def managers_to_tell(*, now: datetime, limit: int) -> dict[int, tuple[str, list[int]]]:
    """The line managers to tell, keyed by first invitation id: the address and the ids of the missing forms."""
    statement = about_invitations(select(MANAGER_EMAIL.label("address"), Invitation.id)).where(
        Invitation.copied_in == "",
        # The last reminder was sent.
        Invitation.next_reminder == NO_MORE,
        MANAGER_EMAIL != "",
        is_owed(now=now),
    )
    return by_address(statement, limit)


def overtaken_copies(*, now: datetime, limit: int = 500) -> list[str]:
    """The keys of waiting mails to line managers that name a form no longer owed, or a person with a new manager."""
    return fetch_all(
        about_invitations(select(Mail.key).join(Invitation, Invitation.copied_in == Mail.key))
        .where(
            Mail.state.in_((MailState.WAITING, MailState.FAILED)),
            or_(~is_owed(now=now), Mail.to_email != MANAGER_EMAIL),
        )
        .distinct()
        .limit(limit)
    )


def not_told_after_all(*, limit: int = 500) -> list[int]:
    """The ids of invitations named in a mail to a line manager that was dropped unsent."""
    return fetch_all(
        select(Invitation.id)
        .join(Mail, Mail.key == Invitation.copied_in)
        .where(Mail.state == MailState.DROPPED)
        .limit(limit)
    )


def unused_key(key: str, address: str) -> str:
    """This key, or the key with ":2" and so on if mails with it were dropped unsent."""
    dropped = db.session.scalar(
        select(func.count()).where(
            Mail.to_email == address, Mail.key.startswith(key), Mail.state == MailState.DROPPED
        )
    )
    return f"{key}:{dropped + 1}" if dropped else key
