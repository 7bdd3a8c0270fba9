"""The outbox: an email is stored in the transaction of the change it reports, and so is queued exactly once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from training_hub.access import has_link_token
from training_hub.database import db
from training_hub.mail.models import Mail, MailState, Urgency
from training_hub.mail.rendering import render
from training_hub.mail.rules import check_may_leave_again, is_on_its_way


@dataclass(frozen=True)
class Envelope:
    """Everything about an email except its words. The columns of `Mail` say what each means."""

    key: str
    to: tuple[str, str]
    """The recipient's name and address."""
    urgency: Urgency = Urgency.CHANGE
    leaves_at: datetime | None = None
    """The email is not sent before this moment. None for at once."""
    expires_at: datetime | None = None
    calendar: str = ""


_STATE = Mail.__table__.c.state.type
DROPPED = case(
    (Mail.sent_at.is_not(None), literal(MailState.SENT, _STATE)), else_=literal(MailState.DROPPED, _STATE)
)
"""SQL for the state of an email that is dropped. An email that was to be sent again was sent once, and stays SENT."""
_WITH_KEY = select(Mail.id).where(Mail.key == bindparam("key"))


def queue(template: str, facts: Mapping[str, Any], envelope: Envelope, *, now: datetime) -> bool:
    """Put the email `template`, filled in with `facts`, into the outbox. False if its key is already there."""
    return put(template, facts, envelope, now=now) is not None


def put(template: str, facts: Mapping[str, Any], envelope: Envelope, *, now: datetime) -> Mail | None:
    """Do the same as `queue`, and return the email. None if its key is already there."""
    if db.session.scalar(_WITH_KEY, {"key": envelope.key}) is not None:
        return None
    name, email = envelope.to
    words = render(template, {"name": name, **facts})
    row = Mail(
        key=envelope.key,
        template=template,
        urgency=int(envelope.urgency),
        to_email=email,
        to_name=name,
        subject=words.subject,
        text=words.text,
        html=words.html,
        calendar=envelope.calendar,
        carries_key=envelope.urgency is Urgency.SIGN_IN or has_link_token(words.text),
        message_id=_message_id(),
        state=MailState.WAITING,
        queued_at=now,
        next_try_at=envelope.leaves_at or now,
        expires_at=envelope.expires_at,
    )
    db.session.add(row)
    return row


def _message_id() -> str:
    domain = current_app.config["SETTINGS"].mail_from.rpartition("@")[2]
    return f"<{uuid4()}@{domain}>"


def send_again(mail: Mail, *, now: datetime) -> None:
    """Send an email again that failed, or that its recipient did not get.

    Does nothing if the email is waiting or being sent. Raises NothingToSend if its words are no longer kept.
    """
    if is_on_its_way(mail):
        return
    check_may_leave_again(mail, now=now)
    mail.state, mail.next_try_at, mail.tries, mail.error = MailState.WAITING, now, 0, ""


def drop(*keys: str) -> None:
    """Drop the unsent emails with `keys`, because they are no longer true.

    An email that is being sent at this moment may arrive. If that try fails, it is not tried again.
    """
    drop_those(Mail.key.in_(keys))


def drop_those(which: ColumnElement[bool]) -> None:
    """Drop the unsent emails that `which` finds, as `drop` does."""
    mails = update(Mail).where(which)
    waits = Mail.state.in_([MailState.WAITING, MailState.FAILED])
    db.session.execute(mails.where(waits).values(state=DROPPED, **_without_codes()))
    db.session.execute(mails.where(Mail.state == MailState.SENDING).values(expires_at=Mail.queued_at))


def take_back(*keys: str) -> None:
    """Drop the unsent emails with `keys`, and free the keys, so that the emails can be queued again later.

    Sent emails keep their keys, so nobody is told twice.
    """
    waits = Mail.state.in_([MailState.WAITING, MailState.FAILED])
    db.session.execute(
        update(Mail)
        .where(Mail.key.in_(keys), waits)
        .values(key=case((Mail.sent_at.is_(None), _other_key()), else_=Mail.key), state=DROPPED)
    )


def allow_again(*keys: str) -> None:
    """Free the keys of emails that were dropped unsent, so that they can be queued again."""
    db.session.execute(
        update(Mail).where(Mail.key.in_(keys), Mail.state == MailState.DROPPED).values(key=_other_key())
    )


def _other_key() -> Any:
    return func.substr(Mail.key, 1, 90).concat(":taken-back:").concat(cast(Mail.id, String))


def _without_codes() -> dict[str, Any]:
    is_code = Mail.urgency == int(Urgency.SIGN_IN)
    return {"text": case((is_code, ""), else_=Mail.text), "html": case((is_code, ""), else_=Mail.html)}


def forget_old(*, now: datetime, after: timedelta = timedelta(days=365)) -> int:
    """Delete emails that were sent or dropped longer than `after` ago, and so free their keys. Returns how many."""
    done = or_(Mail.state == MailState.SENT, Mail.state == MailState.DROPPED)
    statement = delete(Mail).where(done, Mail.queued_at < now - after)
    return int(db.session.connection().execute(statement).rowcount)
