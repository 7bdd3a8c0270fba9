"""Telling line managers of the last reminder: one mail a day to each, of all their staff, and of each form once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import select, update

from training_hub.bookings.queries.terms import terms_for
from training_hub.database import db, each_in_turn, transaction
from training_hub.evaluation import emails
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import Nudge
from training_hub.evaluation.queries import manager_copies as manager_copies_queries
from training_hub.evaluation.rules.reminders import TOP, copy_key
from training_hub.evaluation.rules.stages import has_manager, manager_of
from training_hub.mail import outbox
from training_hub.questionnaires.models import Stage

MOST_AT_ONCE = 1000
"""How many are looked for at a time: the next minute finds the rest."""


def hold_all(ids: Collection[int]) -> dict[int, Invitation]:
    """Hold those of these invitations that nobody else holds, as they stand now: whatever is held by another worker is
    being reminded by it, or is being answered."""
    rows = db.session.scalars(
        select(Invitation)
        .where(Invitation.id.in_(ids))
        .order_by(Invitation.id)
        .with_for_update(of=Invitation, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def is_to_tell(invitation: Invitation, step: int) -> bool:
    """Whether the line manager is told too of this mail about an evaluation: of the last, by policy, and once."""
    return (
        step == TOP - 1
        and invitation.stage is Stage.END
        and invitation.copied_in is None
        and has_manager(invitation.booking)
        and terms_for(invitation.booking.event).policies.copies_manager_last
    )


def tell_managers(*, now: datetime) -> int:
    """Write to each line manager who is to be told of somebody, once a day; how many mails.

    Whoever is reminded after the mail of the day was written is in that of the next working day.
    """
    db.session.rollback()
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
    key = copy_key(emails.manager_recipient(address), now=now)
    if not listed or not emails.tell_manager(listed, key=key, now=now):
        return 0
    for invitation in listed:
        invitation.copied_in = key
    return 1


def take_out_of_copy(invitation: Invitation) -> None:
    """Have the line manager not be told of this evaluation, unless they were: a mail that waits is dropped, and written
    anew of whoever else it names."""
    if invitation.copied_in:
        outbox.drop(invitation.copied_in)
    elif invitation.copied_in is not None:
        _tell_nobody(invitation)


def drop_overtaken_copies(*, now: datetime) -> None:
    """Drop the mails to line managers that name somebody who owes nothing any more, and have the others told anew."""
    db.session.rollback()
    if keys := manager_copies_queries.overtaken_copies(now=now):
        with transaction():
            outbox.drop(*keys)
        db.session.rollback()
    each_in_turn(manager_copies_queries.dropped_copies(), partial(_write_anew, now=now))


def _write_anew(key: str, *, now: datetime) -> int:
    ids = manager_copies_queries.named_in_copy(key)
    named = hold_all(ids)
    if len(named) < len(ids):
        # Whoever holds one of them, another look finds it.
        return 0
    still = set(manager_copies_queries.still_to_tell(ids, now=now))
    for invitation in named.values():
        if invitation.id in still:
            invitation.copied_in = ""
        else:
            _tell_nobody(invitation)
    outbox.allow_again(key)
    return 1


def _tell_nobody(invitation: Invitation) -> None:
    invitation.copied_in = None
    of_it = Nudge.invitation_id == invitation.id
    db.session.execute(update(Nudge).where(of_it, Nudge.is_manager_copied).values(is_manager_copied=False))
