"""Telling line managers which forms are still missing after the last reminder: one mail a day, each form once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import select

from training_hub.bookings.queries.terms import terms_for
from training_hub.database import db, each_in_turn, transaction
from training_hub.evaluation import emails
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries import manager_copies as manager_copies_queries
from training_hub.evaluation.rules.reminders import LAST_REMINDER, copy_key
from training_hub.evaluation.rules.stages import has_manager, manager_of
from training_hub.mail import outbox
from training_hub.questionnaires.models import Stage

MOST_AT_ONCE = 1000
"""How many forms one run looks for. The run a minute later finds the rest."""


def hold_all(ids: Collection[int]) -> dict[int, Invitation]:
    """Lock and re-read these invitations. Leaves out those that another transaction has locked."""
    rows = db.session.scalars(
        select(Invitation)
        .where(Invitation.id.in_(ids))
        .order_by(Invitation.id)
        .with_for_update(of=Invitation, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def is_to_copy(invitation: Invitation, reminder_number: int) -> bool:
    """Whether to tell the line manager too: only with the last reminder, only once, and only where policy says so."""
    return (
        reminder_number == LAST_REMINDER
        and invitation.stage is Stage.END
        and not invitation.copied_in
        and has_manager(invitation.booking)
        and terms_for(invitation.booking.event).policies.copies_manager_last
    )


def tell_managers(*, now: datetime) -> int:
    """Write to each line manager whose staff have had their last reminder, once a day. Returns the number of mails.

    Forms whose last reminder is sent after the day's mail are listed in the mail of the next working day.
    """
    _drop_overtaken(now=now)
    found = manager_copies_queries.managers_to_tell(now=now, limit=MOST_AT_ONCE)
    return each_in_turn(found, partial(_tell, found=found, now=now))


def _tell(first: int, *, found: Mapping[int, tuple[str, list[int]]], now: datetime) -> int:
    address, ids = found[first]
    listed = [
        invitation
        for invitation in hold_all(ids).values()
        if invitation.copied_in == ""
        and invitation.returned_at is None
        and manager_of(invitation.booking)[1] == address
    ]
    key = manager_copies_queries.unused_key(copy_key(emails.manager_recipient(address), now=now), address)
    if not listed or not emails.tell_manager(listed, key=key, now=now):
        return 0
    for invitation in listed:
        invitation.copied_in = key
    return 1


def _drop_overtaken(*, now: datetime) -> None:
    """Drop waiting mails to line managers that name a form no longer owed. A new mail names the other forms."""
    if keys := manager_copies_queries.overtaken_copies(now=now):
        with transaction():
            outbox.drop(*keys)
    if ids := manager_copies_queries.not_told_after_all():
        with transaction():
            for invitation in hold_all(ids).values():
                invitation.copied_in = ""
