"""Send the emails that are due. Nothing else sends emails.

An email is taken, sent and marked in three steps. No transaction is open while we speak to the mail server, so a slow
server delays no write. If the process dies in between, the lease runs out, and the email is sent again with the same
Message-ID. So only an email being sent at that moment can arrive twice, and email programs show it once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import or_, select, update

from training_hub.database import db, transaction
from training_hub.london import next_working_moment
from training_hub.mail.models import Mail, MailState, Urgency
from training_hub.mail.outbox import DROPPED
from training_hub.mail.rules import LEASE, MOST_TRIES, RUN, SERVER_AWAY, wait_after

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutgoingMail:
    """One email, ready to be sent."""

    id: int
    to_email: str
    to_name: str
    subject: str
    text: str
    html: str
    calendar: str
    message_id: str
    leaves_at: datetime


class RefusedAddress(Exception):  # noqa: N818 - the server's answer, in the standard's word
    """The server will never accept this email, so trying again would not help."""


class ServerAway(Exception):  # noqa: N818 - no email is at fault
    """The mail server cannot be reached, or accepts nothing from us, so no email can be sent now."""


@runtime_checkable
class HangsUp(Protocol):
    """A way of sending that keeps its connection open until the end of a run."""

    def hang_up(self) -> None: ...


def is_anything_due(*, now: datetime) -> bool:
    """Whether `deliver` would find something to do. Called every second, so it takes no lock."""
    db.session.rollback()
    found = db.session.scalar(select(Mail.id).where(or_(_due(now), _ran_out(now))).limit(1))
    db.session.rollback()
    return found is not None


def deliver(send: Callable[[OutgoingMail], None], *, now: datetime, limit: int = 50) -> int:
    """Send up to `limit` emails that are due at `now`, most urgent first, and return how many were sent.

    A rejected email is marked as failed. An email that fails for another reason is tried again later. Neither delays
    the next. If the server is away (ServerAway), the run ends, and all emails wait a little without counting a try.
    """
    if not is_anything_due(now=now):
        return 0
    # Leases begin at `now`, so the run must end long before they do.
    started = monotonic()
    with transaction():
        drop_what_ran_out(now=now)
        _give_up_what_stops_workers(now)
    try:
        sent = 0
        for _ in range(limit):
            mail = _take(now) if monotonic() - started < RUN.total_seconds() else None
            if mail is None:
                break
            try:
                sent += _hand_over(send, mail, now=now)
            except ServerAway as error:
                log.warning("%s", error)
                _wait_for_the_server(mail.id, now=now, error=str(error))
                break
        return sent
    finally:
        if isinstance(send, HangsUp):
            send.hang_up()


def _hand_over(send: Callable[[OutgoingMail], None], mail: OutgoingMail, *, now: datetime) -> int:
    try:
        send(mail)
    except ServerAway:
        raise
    except RefusedAddress as error:
        log.warning("mail %s was rejected: %s", mail.id, error)
        _put_back(mail.id, now=now, error=str(error), for_good=True)
        return 0
    except Exception as error:
        # An error with one email must not stop the next.
        log.warning("mail %s could not be sent: %s", mail.id, error)
        _put_back(mail.id, now=now, error=str(error) or type(error).__name__)
        return 0
    _mark_sent(mail.id, now=now)
    return 1


def _due(now: datetime) -> Any:
    # If an email is still being sent when its lease has run out, its worker died.
    due = Mail.state.in_([MailState.WAITING, MailState.SENDING]) & (Mail.next_try_at <= now)
    if next_working_moment(now) != now:
        # Reminders wait for office hours, even if the mail server comes back at night.
        due &= Mail.urgency != int(Urgency.REMINDER)
    return due


def _take(now: datetime) -> OutgoingMail | None:
    with transaction():
        mail = db.session.scalar(
            select(Mail)
            .where(_due(now))
            .order_by(Mail.urgency, Mail.next_try_at, Mail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail is None:
            return None
        mail.state = MailState.SENDING
        mail.next_try_at = now + LEASE
        mail.tries += 1
        return OutgoingMail(
            id=mail.id,
            to_email=mail.to_email,
            to_name=mail.to_name,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            calendar=mail.calendar,
            message_id=mail.message_id,
            leaves_at=now,
        )


def _mark_sent(mail_id: int, *, now: datetime) -> None:
    with transaction():
        mail = db.session.get_one(Mail, mail_id)
        mail.state, mail.sent_at, mail.error = MailState.SENT, now, ""
        if mail.urgency == Urgency.SIGN_IN:
            mail.text = mail.html = ""


def _put_back(mail_id: int, *, now: datetime, error: str, for_good: bool = False) -> None:
    with transaction():
        mail = db.session.get_one(Mail, mail_id)
        mail.error = _one_line(error)
        given_up = for_good or mail.tries >= MOST_TRIES
        mail.state = MailState.FAILED if given_up else MailState.WAITING
        mail.next_try_at = now + wait_after(mail.tries)


def _wait_for_the_server(mail_id: int, *, now: datetime, error: str) -> None:
    with transaction():
        mail = db.session.get_one(Mail, mail_id)
        mail.state, mail.tries, mail.next_try_at = MailState.WAITING, mail.tries - 1, now
        # The next statement must find this email in the state WAITING.
        db.session.flush()
        # All emails wait, or each would spend a time-out on the same dead server.
        db.session.execute(
            update(Mail)
            .where(Mail.state == MailState.WAITING, Mail.next_try_at <= now)
            .values(next_try_at=now + SERVER_AWAY, error=_one_line(error))
        )


def _one_line(error: str) -> str:
    return " ".join(error.split())[:500]


def _give_up_what_stops_workers(now: datetime) -> None:
    # An email taken this often, but never marked as sent or failed, kills each worker that takes it.
    db.session.execute(
        update(Mail)
        .where(Mail.state == MailState.SENDING, Mail.next_try_at <= now, Mail.tries >= MOST_TRIES)
        .values(state=MailState.FAILED, error="The worker stopped each time while it was sending this email.")
    )


def _ran_out(now: datetime) -> Any:
    # An email whose worker died may be taken again only until the email expires.
    left_behind = (Mail.state == MailState.SENDING) & (Mail.next_try_at <= now)
    rests = Mail.state.in_([MailState.WAITING, MailState.FAILED])
    return (Mail.expires_at <= now) & or_(rests, left_behind)


def drop_what_ran_out(*, now: datetime) -> int:
    """Drop emails that have expired, such as sign-in codes, and delete their words. Returns how many.

    The worker also runs this each minute, because codes expire even without a mail server.
    """
    statement = update(Mail).where(_ran_out(now)).values(state=DROPPED, text="", html="")
    return int(db.session.connection().execute(statement).rowcount)
