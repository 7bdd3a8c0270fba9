"""The outbox: queueing a mail beside the change that it tells of, and the only place that sends.

A mail is taken, sent and marked in three steps, with no transaction open while the mail server is spoken to: a slow
server holds up no write. If the process dies in between, the lease runs out and the mail is tried again, with the same
Message-ID, so that at most the one mail in flight can arrive twice, as one.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import current_app, render_template
from sqlalchemy import delete, or_, select, update

from training_hub.database import db, transaction
from training_hub.mail.models import Mail, MailState, Urgency
from training_hub.mail.rules import LEASE, MOST_TRIES, wait_after

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutgoingMail:
    """One mail, ready to leave."""

    id: int
    to_email: str
    to_name: str
    subject: str
    text: str
    html: str
    calendar: str
    message_id: str


class RefusedAddress(Exception):  # noqa: N818 - the server's answer, in the standard's word
    """The server says that this mail will never be taken: trying again would not help."""


def queue(
    template: str,
    *,
    key: str,
    to: tuple[str, str],
    now: datetime,
    facts: Mapping[str, Any],
    urgency: Urgency = Urgency.CHANGE,
    leaves_at: datetime | None = None,
    expires_at: datetime | None = None,
    carries_key: bool = False,
    calendar: str = "",
) -> bool:
    """Put a mail into the outbox, in the transaction of the change it tells of; False if `key` is there already.

    `template` names a folder under templates/mail; `to` is the name and the address; `leaves_at` holds it back.
    """
    if db.session.scalar(select(Mail.id).where(Mail.key == key)) is not None:
        return False
    name, email = to
    words = {"name": name, "why": "", **facts}
    subject = render_template(f"mail/{template}/subject.txt", **words)
    row = Mail(
        key=key,
        template=template,
        urgency=int(urgency),
        to_email=email,
        to_name=name,
        # A subject is one line: a course title with a line break in it must not begin a header of its own.
        subject=" ".join(subject.split())[:250],
        text=render_template(f"mail/{template}/body.txt", **words).strip() + "\n",
        html=render_template(f"mail/{template}/body.html", **words).strip() + "\n",
        calendar=calendar,
        carries_key=carries_key,
        message_id=_message_id(),
        state=MailState.WAITING,
        queued_at=now,
        next_try_at=leaves_at or now,
        expires_at=expires_at,
    )
    db.session.add(row)
    return True


def _message_id() -> str:
    domain = current_app.config["SETTINGS"].mail_from.rpartition("@")[2]
    return f"<{uuid4()}@{domain}>"


def deliver(send: Callable[[OutgoingMail], None], *, now: datetime, limit: int = 50) -> int:
    """Send up to `limit` mails that are due at `now`, most urgent first; how many left. Never raises for one mail."""
    db.session.rollback()
    if db.session.scalar(select(Mail.id).where(or_(_due(now), _ran_out(now))).limit(1)) is None:
        # Asked every second: an idle outbox must not take the write lock each time.
        db.session.rollback()
        return 0
    with transaction():
        _drop_what_ran_out(now)
    sent = 0
    for _ in range(limit):
        mail = _take(now)
        if mail is None:
            break
        try:
            send(mail)
        except RefusedAddress as error:
            _put_back(mail.id, now=now, error=str(error), for_good=True)
        except Exception as error:
            # Whatever a mail server does to one mail must not hold up the next.
            log.warning("mail %s could not be sent: %s", mail.id, error)
            _put_back(mail.id, now=now, error=str(error) or type(error).__name__)
        else:
            _mark_sent(mail.id, now=now)
            sent += 1
    return sent


def _due(now: datetime) -> Any:
    # A mail being sent whose lease ran out belongs to a worker that died.
    return (Mail.state.in_([MailState.WAITING, MailState.SENDING])) & (Mail.next_try_at <= now)


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
        mail.error = " ".join(error.split())[:500]
        given_up = for_good or mail.tries >= MOST_TRIES
        mail.state = MailState.FAILED if given_up else MailState.WAITING
        mail.next_try_at = now + wait_after(mail.tries)


def _ran_out(now: datetime) -> Any:
    return (Mail.expires_at <= now) & Mail.state.in_([MailState.WAITING, MailState.FAILED])


def _drop_what_ran_out(now: datetime) -> None:
    db.session.execute(update(Mail).where(_ran_out(now)).values(state=MailState.DROPPED, text="", html=""))


def send_again(mail: Mail, *, now: datetime) -> None:
    """Have a mail that was given up, or was sent and is said never to have come, leave once more."""
    mail.state, mail.next_try_at, mail.tries, mail.error = MailState.WAITING, now, 0, ""


def drop(*keys: str) -> None:
    """Drop those of the mails with `keys` that still wait: they are no longer true."""
    db.session.execute(
        update(Mail)
        .where(Mail.key.in_(keys), Mail.state.in_([MailState.WAITING, MailState.FAILED]))
        .values(state=MailState.DROPPED)
    )


def forget_old(*, now: datetime, after: timedelta = timedelta(days=365)) -> int:
    """Delete mails that left or were dropped longer than `after` ago; how many. Their keys may then be used again."""
    done = or_(Mail.state == MailState.SENT, Mail.state == MailState.DROPPED)
    statement = delete(Mail).where(done, Mail.queued_at < now - after)
    return int(db.session.connection().execute(statement).rowcount)
