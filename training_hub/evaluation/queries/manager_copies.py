"""Questions about the mails that tell line managers of the last reminders to their staff."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, exists, or_, select

from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import Nudge
from training_hub.evaluation.queries.invitations import MANAGER_EMAIL, about_invitations, is_owed
from training_hub.mail.models import Mail, MailState

_WAITS = (MailState.WAITING, MailState.FAILED)


def managers_to_tell(*, now: datetime, limit: int) -> dict[int, tuple[str, list[int]]]:
    """Which line managers are to be told that forms are missing, and about which: each address with the ids of them,
    under the first."""
    rows = db.session.execute(
        about_invitations(select(MANAGER_EMAIL.label("address"), Invitation.id))
        .where(Invitation.copied_in == "", MANAGER_EMAIL != "", _is_to_tell(now=now))
        .order_by("address", Invitation.id)
        .limit(limit)
    ).all()
    found = [(address, [row.id for row in of_one]) for address, of_one in groupby(rows, lambda row: row[0])]
    if len(rows) == limit and len(found) > 1:
        # The last one may have been cut in two: the next minute finds all of it.
        found.pop()
    return {ids[0]: (address, ids) for address, ids in found}


def still_to_tell(ids: Collection[int], *, now: datetime) -> list[int]:
    """Those of these invitations that are still owed, and of whose last reminder the line manager is to be told."""
    wanted = (Invitation.id.in_(ids), _is_to_tell(now=now))
    return list(db.session.scalars(about_invitations(select(Invitation.id)).where(*wanted)))


def _is_to_tell(*, now: datetime) -> ColumnElement[bool]:
    is_reminded = exists().where(Nudge.invitation_id == Invitation.id, Nudge.is_manager_copied)
    return and_(is_owed(now=now), is_reminded)


def named_in_copy(key: str) -> list[int]:
    """The ids of the invitations that this mail to a line manager names."""
    named = select(Invitation.id).where(Invitation.copied_in == key)
    return list(db.session.scalars(named.order_by(Invitation.id)))


def overtaken_copies(*, now: datetime, limit: int = 500) -> list[str]:
    """The keys of such mails that still wait although something they name is owed no more, or is by somebody who has
    another line manager by now."""
    return list(
        db.session.scalars(
            about_invitations(select(Mail.key).join(Invitation, Invitation.copied_in == Mail.key))
            .where(Mail.state.in_(_WAITS), or_(~is_owed(now=now), Mail.to_email != MANAGER_EMAIL))
            .distinct()
            .limit(limit)
        )
    )


def dropped_copies(*, limit: int = 500) -> list[str]:
    """The keys of such mails that were dropped before they left, and still stand with those they name."""
    return list(
        db.session.scalars(
            select(Mail.key)
            .join(Invitation, Invitation.copied_in == Mail.key)
            .where(Mail.state == MailState.DROPPED)
            .distinct()
            .limit(limit)
        )
    )
