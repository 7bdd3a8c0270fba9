"""Sending reminders, one digest a day to each person, and stopping them.

A reminder counts once its mail was sent. Until then the mail can be dropped, and the next digest lists the same forms.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import delete, select, update

from training_hub.database import db, each_in_turn, transaction
from training_hub.evaluation import emails
from training_hub.evaluation.actions.manager_copies import MOST_AT_ONCE, hold_all, is_to_copy, tell_managers
from training_hub.evaluation.models.answers import PartAnswers
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import OptOut, ReminderSent
from training_hub.evaluation.queries import managers as managers_queries
from training_hub.evaluation.queries import reminders as reminders_queries
from training_hub.evaluation.rules.reminders import STOPPED, digest_key, reminder_due
from training_hub.london import next_working_moment
from training_hub.mail import outbox
from training_hub.mail.models import Mail, MailState
from training_hub.people.models import Person
from training_hub.people.queries import person_by_email
from training_hub.questionnaires.models import Stage


def remind_due(*, now: datetime) -> int:
    """Remind everyone who still owes an evaluation, by the schedule. Returns the number of mails.

    A person gets one digest a day. Each evaluation has at most four reminders, 2, 5, 9 and 14 days after it
    fell due, from 08:00 to 18:00 on working days. None leaves within 48 hours of the last mail about any evaluation,
    and none after the evaluation is returned. After an outage only the latest reminder is sent.
    """
    cancel_overtaken(now=now)
    count_sent()
    pass_to_new_managers(now=now)
    if next_working_moment(now) != now:
        # Reminders are queued only in working hours, so that people who answer overnight get none in the morning.
        return 0
    found = reminders_queries.to_remind(now=now, limit=MOST_AT_ONCE)
    # Each mail is known by an invitation's id, because the log names failures and must not hold addresses.
    reminded = each_in_turn(found, partial(_remind, found=found, now=now))
    tell_managers(now=now)
    return reminded


def _remind(first: int, *, found: Mapping[int, tuple[str, list[int]]], now: datetime) -> int:
    address, due = found[first]
    held = hold_all(due)
    if not reminders_queries.may_be_mailed(address, list(held), now=now):
        return 0
    # Drop older mails that wait for the mail server, or both would leave when the server is back.
    cancel_unsent(reminders_queries.waiting_to(address))
    # Check again, because the worker may have begun to send one of those older mails.
    allowed = reminders_queries.may_be_mailed(address, list(held), now=now)
    listed = [
        (held[one], number) for one in allowed if (number := reminder_due(held[one], now=now)) is not None
    ]
    if not listed:
        return 0
    for invitation, number in listed:
        if number == 0 and invitation.stage is Stage.END:
            # Begun in the classroom, and invited only now. After a late register the last reminder would follow at
            # once, and the mail would name a last day that has gone.
            invitation.due_at = now
    person = person_by_email(address)
    recipient = f"person:{person.id}" if person else emails.manager_recipient(address)
    key = digest_key(recipient, now=now)
    # The first mail of the day may have been dropped unsent.
    outbox.allow_again(key)
    copied = {invitation.id for invitation, number in listed if is_to_copy(invitation, number)}
    mail = emails.remind(listed, key=key, now=now, person=person, copied=copied)
    if mail is None:
        return 0
    for invitation, number in listed:
        if invitation.id in copied:
            invitation.copied_in = ""
        db.session.add(ReminderSent(invitation_id=invitation.id, reminder_number=number, at=now, mail=mail))
    return 1


def count_sent() -> None:
    """Move each evaluation on to its next reminder once the mail about it was sent or failed."""
    if ids := reminders_queries.uncounted():
        with transaction():
            sent = reminders_queries.next_after_sent()
            moves_on = update(Invitation).where(
                Invitation.id.in_(hold_all(ids)), sent > Invitation.next_reminder
            )
            db.session.execute(
                moves_on.values(next_reminder=sent).execution_options(synchronize_session=False)
            )


def cancel_overtaken(*, now: datetime) -> None:
    """Drop the waiting mails that list an evaluation no longer owed. The other evaluations they list stay due."""
    while ids := reminders_queries.overtaken_mails(now=now):
        with transaction():
            cancel_unsent(ids)
    # The outbox drops later a mail that was being sent when it was cancelled, if it was not delivered.
    if ids := reminders_queries.dropped_mails():
        with transaction():
            cancel_unsent(ids)


def cancel_unsent(ids: Collection[int]) -> None:
    """Drop the unsent ones of these mails, and delete the record that they were queued."""
    outbox.drop_those(Mail.id.in_(ids))
    dropped = select(Mail.id).where(Mail.id.in_(ids), Mail.state == MailState.DROPPED)
    db.session.execute(
        delete(ReminderSent)
        .where(ReminderSent.mail_id.in_(dropped))
        .execution_options(synchronize_session=False)
    )


def cancel_mails_about(invitation: Invitation) -> None:
    """Drop the unsent mails about an evaluation, including the one to the line manager."""
    cancel_unsent(reminders_queries.waiting_about(invitation.id))
    if invitation.copied_in:
        outbox.drop(invitation.copied_in)


def pass_to_new_managers(*, now: datetime) -> None:
    """Start the series of mails again with the new line manager of people whose manager has changed.

    The former manager's link stops working.
    """
    each_in_turn(managers_queries.asked_of_former(now=now, limit=MOST_AT_ONCE), partial(_pass_on, now=now))


def _pass_on(invitation_id: int, *, now: datetime) -> int:
    invitation = hold_all([invitation_id]).get(invitation_id)
    # The evaluation may have been answered, or passed on by another worker, a moment ago.
    if invitation is None or not managers_queries.is_asked_of_former(invitation_id):
        return 0
    cancel_unsent(reminders_queries.waiting_about(invitation_id))
    # The new manager must not see or send what the former manager began to answer.
    db.session.execute(delete(PartAnswers).where(PartAnswers.invitation_id == invitation_id))
    invitation.link_version += 1
    invitation.next_reminder, invitation.due_at = 0, now
    return 1


def opt_out(person: Person, *, now: datetime) -> None:
    """Send a person no more mails about evaluations. Their evaluations stay due, and on their bookings page."""
    if reminders_queries.has_opted_out(person.id):
        return
    db.session.add(OptOut(person_id=person.id, at=now))
    cancel_unsent(reminders_queries.waiting_to(person.email))


def opt_in(person: Person) -> None:
    """Send a person mails about evaluations again, beginning with the reminder that is due now."""
    db.session.execute(delete(OptOut).where(OptOut.person_id == person.id))


def stop_asking_manager(address: str) -> None:
    """Send a line manager no more mails about the forms that they have been asked for so far."""
    for asked in managers_queries.asked_of_manager(address):
        asked.next_reminder = STOPPED
    cancel_unsent(reminders_queries.waiting_to(address))
