"""Questions about the mails: who is to be reminded, of what, and what still waits to leave."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import Nudge, OptOut
from training_hub.evaluation.queries.invitations import MANAGER_EMAIL, about_invitations, is_owed
from training_hub.evaluation.queries.managers import _is_with_another
from training_hub.evaluation.rules.reminders import APART, KEY_BEGINS, LADDER, TOP
from training_hub.mail.models import Mail, MailState, Urgency
from training_hub.people.models import Person
from training_hub.questionnaires.models import Stage

ADDRESS: Any = case((Invitation.stage == Stage.MANAGER, MANAGER_EMAIL), else_=Person.email)
"""To whom the mails about an evaluation go, in a statement that joins its booking and the person."""
_WAITS = (MailState.WAITING, MailState.FAILED)


def wants_no_mails() -> ColumnElement[bool]:
    """That whoever is asked has said that they want no mails about evaluations."""
    asked = aliased(Person)
    return exists().where(OptOut.person_id == asked.id, asked.email == ADDRESS)


def was_mailed_lately(*, now: datetime) -> ColumnElement[bool]:
    """That a mail about any evaluation left for the same address in the last 48 hours, or is leaving."""
    # One that waits in vain for a mail server counts from when it was queued: the next one takes its place.
    moment = func.coalesce(Mail.sent_at, Mail.queued_at)
    return exists().where(
        Mail.to_email == ADDRESS,
        Mail.key.startswith(KEY_BEGINS),
        Mail.state != MailState.DROPPED,
        or_(Mail.state == MailState.SENDING, moment > now - APART),
    )


def to_remind(*, now: datetime, limit: int) -> dict[int, tuple[str, list[int]]]:
    """To whom a mail is to be sent now, and about which invitations: each address with all that is due to it, under the
    id of the first of them."""
    reached = or_(
        # What somebody began in the room is there before it is due.
        and_(Invitation.rung == 0, Invitation.due_at <= now),
        *(and_(Invitation.rung == step, Invitation.due_at <= now - LADDER[step]) for step in range(1, TOP)),
    )
    rows = db.session.execute(
        about_invitations(select(ADDRESS.label("address"), Invitation.id))
        .where(
            # Said for the index: what is past reminding and was never returned only grows.
            Invitation.rung.in_(range(TOP)),
            reached,
            is_owed(now=now),
            # Not with the reminders that go on from what another line manager was sent: from the beginning, or never.
            ~and_(*_is_with_another()),
            ADDRESS != "",
            Event.ends_at > Event.entered_at,
            ~was_mailed_lately(now=now),
            ~wants_no_mails(),
        )
        .order_by("address", Invitation.id)
        .limit(limit)
    ).all()
    found = [(address, [row.id for row in of_one]) for address, of_one in groupby(rows, lambda row: row[0])]
    if len(rows) == limit and len(found) > 1:
        # The last one may have been cut in two: the next minute finds all of it.
        found.pop()
    return {ids[0]: (address, ids) for address, ids in found}


def may_be_mailed(address: str, ids: Collection[int], *, now: datetime) -> list[int]:
    """Those of these invitations that are still owed, and may be written about to this address at this moment."""
    return list(
        db.session.scalars(
            about_invitations(select(Invitation.id)).where(
                Invitation.id.in_(ids),
                is_owed(now=now),
                ~and_(*_is_with_another()),
                address == ADDRESS,
                Event.ends_at > Event.entered_at,
                ~was_mailed_lately(now=now),
                ~wants_no_mails(),
            )
        )
    )


def waiting_to(address: str, *, urgency: Urgency | None = None) -> list[str]:
    """The keys of the mails about evaluations that still wait to leave for this address; of all, or of one urgency."""
    statement = select(Mail.key).where(
        Mail.to_email == address, Mail.key.startswith(KEY_BEGINS), Mail.state.in_(_WAITS)
    )
    if urgency is not None:
        statement = statement.where(Mail.urgency == int(urgency))
    return list(db.session.scalars(statement))


def waiting_about(invitation_id: int) -> list[str]:
    """The keys of the mails that list this invitation and have not left."""
    return list(
        db.session.scalars(
            select(Mail.key)
            .join(Nudge, Nudge.mail_key == Mail.key)
            .where(Nudge.invitation_id == invitation_id, Mail.state.in_([*_WAITS, MailState.SENDING]))
        )
    )


def listed_in(keys: Collection[str]) -> list[int]:
    """The ids of the invitations that these mails list."""
    return list(
        db.session.scalars(
            select(Nudge.invitation_id)
            .where(Nudge.mail_key.in_(keys))
            .distinct()
            .order_by(Nudge.invitation_id)
        )
    )


def overtaken_mails(*, now: datetime, limit: int = 500) -> list[str]:
    """The keys of mails that still wait although something they list is owed no more: answered, corrected on the
    register, or too late."""
    return list(
        db.session.scalars(
            about_invitations(
                select(Mail.key)
                .join(Nudge, Nudge.mail_key == Mail.key)
                .join(Invitation, Nudge.invitation_id == Invitation.id)
            )
            .where(Mail.state.in_(_WAITS), Mail.key.startswith(KEY_BEGINS), ~is_owed(now=now))
            .distinct()
            .limit(limit)
        )
    )


def dropped_mails(*, limit: int = 500) -> list[str]:
    """The keys of mails that were dropped before they left, and still stand in the ledger."""
    return list(
        db.session.scalars(
            select(Mail.key)
            .join(Nudge, Nudge.mail_key == Mail.key)
            .where(Mail.state == MailState.DROPPED)
            .distinct()
            .limit(limit)
        )
    )


def has_opted_out(person_id: int) -> bool:
    """Whether somebody wants no mails about evaluations."""
    return db.session.get(OptOut, person_id) is not None
