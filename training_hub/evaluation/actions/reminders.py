"""Reminding: one mail a day to a person, that lists all they owe; and when that stops."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import delete, select

from training_hub.database import db, each_in_turn, transaction
from training_hub.evaluation import emails
from training_hub.evaluation.actions.manager_copies import (
    drop_overtaken_copies,
    hold_all,
    is_to_tell,
    take_out_of_copy,
    tell_managers,
)
from training_hub.evaluation.models.answers import PartAnswers
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import Nudge, OptOut
from training_hub.evaluation.queries import managers as managers_queries
from training_hub.evaluation.queries import reminders as reminders_queries
from training_hub.evaluation.rules.invitations import invitation_key
from training_hub.evaluation.rules.reminders import STOPPED, day_key, next_step, rung_without
from training_hub.london import next_working_moment
from training_hub.mail import outbox
from training_hub.mail.models import Mail, MailState
from training_hub.people.models import Person
from training_hub.people.queries import person_by_email
from training_hub.questionnaires.models import Stage

MOST_AT_ONCE = 1000
"""How many are looked for at a time: the next minute finds the rest."""


def remind_due(*, now: datetime) -> int:
    """Write to everyone who has still to answer, by the ladder (domain 5); how many mails.

    A person gets one mail a day, which lists all that is due to be reminded across courses and stages. Of one
    evaluation at most four reminders, 2, 5, 9 and 14 days after it fell due, on working days from 08:00 to 18:00, none
    within 48 hours of the last mail about any evaluation, none once it is returned. An invitation that is a mail of its
    own, of a course to come or just over, may come whenever it falls due; those of the later stages come in the mail of
    the day. After an outage the latest reminder due is sent, and those missed are not.
    """
    db.session.rollback()
    drop_overtaken(now=now)
    pass_to_new_managers(now=now)
    drop_overtaken_copies(now=now)
    if next_working_moment(now) != now:
        # Queued when it may leave and not before, so that nobody who answers overnight is reminded in the morning.
        return 0
    found = reminders_queries.to_remind(now=now, limit=MOST_AT_ONCE)
    # By a number and not the address: whatever fails is named in the log.
    reminded = each_in_turn(found, partial(_remind, found=found, now=now))
    tell_managers(now=now)
    return reminded


def _remind(first: int, *, found: Mapping[int, tuple[str, list[int]]], now: datetime) -> int:
    address, due = found[first]
    # What still waits for a mail server gives way: otherwise both would leave when it is back.
    waiting = reminders_queries.waiting_to(address)
    listed = hold_all({*due, *reminders_queries.listed_in(waiting)})
    allowed = set(reminders_queries.may_be_mailed(address, list(listed), now=now))
    if not any(next_step(listed[one], now=now) is not None for one in allowed):
        return 0
    if not _take_out(waiting, listed):
        # One of them is leaving at this very moment.
        return 0
    steps = [
        (listed[one], step)
        for one in sorted(allowed)
        if (step := next_step(listed[one], now=now)) is not None
    ]
    for invitation, step in steps:
        if step == 0 and invitation.stage is Stage.END:
            # Begun in the room, and asked only now: where the register came late, the last reminder would follow at
            # once, and the mail would name a day to answer by that has gone.
            invitation.due_at = now
    person = person_by_email(address)
    key = day_key(f"person:{person.id}" if person else emails.manager_recipient(address), now=now)
    copied = {invitation.id for invitation, step in steps if is_to_tell(invitation, step)}
    if not emails.remind(steps, key=key, now=now, person=person, copied=copied):
        return 0
    for invitation, step in steps:
        if invitation.id in copied:
            invitation.copied_in = ""
        db.session.add(
            Nudge(
                invitation_id=invitation.id,
                step=step,
                at=now,
                mail_key=key,
                is_manager_copied=invitation.id in copied,
            )
        )
        invitation.rung = step + 1
    return 1


def drop_overtaken(*, now: datetime) -> None:
    """Drop the mails that list something owed no more, and forget that they were to be sent: what else they list is
    reminded anew."""
    while keys := reminders_queries.overtaken_mails(now=now):
        with transaction():
            outbox.drop(*keys)
    db.session.rollback()
    each_in_turn(reminders_queries.dropped_mails(), _forget_dropped)


def _forget_dropped(key: str) -> int:
    ids = reminders_queries.listed_in([key])
    listed = hold_all(ids)
    # Whoever holds one of them, another look finds it.
    return int(len(listed) == len(ids) and _take_out([key], listed))


def _take_out(keys: Collection[str], listed: dict[int, Invitation]) -> bool:
    """Drop these mails, free their keys, and take them out of the ledger; False where one is no longer to be had."""
    held = db.session.scalars(
        select(Mail.key)
        .where(Mail.key.in_(keys), Mail.state.in_([MailState.WAITING, MailState.FAILED, MailState.DROPPED]))
        .with_for_update(skip_locked=True)
    ).all()
    nudges = db.session.scalars(select(Nudge).where(Nudge.mail_key.in_(keys)).order_by(Nudge.id.desc())).all()
    if len(held) < len(keys) or any(nudge.invitation_id not in listed for nudge in nudges):
        return False
    for nudge in nudges:
        invitation = listed[nudge.invitation_id]
        own_key = invitation_key(invitation.booking.reference, invitation.stage)
        invitation.rung = rung_without(invitation.rung, nudge.step, was_alone=nudge.mail_key == own_key)
        if nudge.is_manager_copied:
            take_out_of_copy(invitation)
    db.session.execute(delete(Nudge).where(Nudge.mail_key.in_(keys)))
    _take_back(*keys)
    return True


def _take_back(*keys: str) -> None:
    outbox.take_back(*keys)
    outbox.allow_again(*keys)


def pass_to_new_managers(*, now: datetime) -> None:
    """Begin to ask the new line manager of whoever has another than the one that was asked: the link of the old one is
    replaced, and the new one is asked from the beginning, where the form is still due."""
    db.session.rollback()
    each_in_turn(managers_queries.asked_of_another(now=now, limit=MOST_AT_ONCE), partial(_pass_on, now=now))


def _pass_on(invitation_id: int, *, now: datetime) -> int:
    invitation = hold_all([invitation_id]).get(invitation_id)
    # It may have been answered, or passed on by another worker, a moment ago.
    if invitation is None or not managers_queries.is_asked_of_another(invitation_id):
        return 0
    outbox.drop(*reminders_queries.waiting_about(invitation_id))
    # What the one before had begun to answer is not the new one's to read, nor to send as theirs.
    db.session.execute(delete(PartAnswers).where(PartAnswers.invitation_id == invitation_id))
    invitation.link_version += 1
    invitation.rung, invitation.due_at = 0, now
    return 1


def drop_mails_about(invitation: Invitation) -> None:
    """Drop the mails about an evaluation that have not left. What else they list is reminded anew, by the worker."""
    outbox.drop(*reminders_queries.waiting_about(invitation.id))
    take_out_of_copy(invitation)


def opt_out(person: Person, *, now: datetime) -> None:
    """Write to a person no more about evaluations. What they owe stays due, and is on their bookings' page."""
    if reminders_queries.has_opted_out(person.id):
        return
    db.session.add(OptOut(person_id=person.id, at=now))
    outbox.drop(*reminders_queries.waiting_to(person.email))


def opt_in(person: Person) -> None:
    """Write to a person about evaluations again: of what they owe by then, the reminder that is due."""
    db.session.execute(delete(OptOut).where(OptOut.person_id == person.id))


def stop_asking_manager(address: str) -> None:
    """Write to a line manager no more about any form that they have been sent by now."""
    for asked in managers_queries.asked_of_manager(address):
        asked.rung = STOPPED
    outbox.drop(*reminders_queries.waiting_to(address))
