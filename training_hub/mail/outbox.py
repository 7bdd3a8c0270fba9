"""The outbox: queueing a mail beside the change that it tells of, and the only place that sends.

A mail is taken, sent and marked in three steps, with no transaction open while the mail server is spoken to: a slow
server holds up no write. If the process dies in between, the lease runs out and the mail is tried again, with the same
Message-ID, so that at most the one mail in flight can arrive twice, as one.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Protocol, runtime_checkable
from uuid import uuid4

from flask import current_app
from sqlalchemy import String, bindparam, case, cast, delete, func, or_, select, update

from training_hub.database import db, transaction
from training_hub.london import next_working_moment
from training_hub.mail.models import Mail, MailState, Urgency
from training_hub.mail.rules import (
    LEASE,
    MOST_TRIES,
    RUN,
    SERVER_AWAY,
    check_may_leave_again,
    is_on_its_way,
    wait_after,
)

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
    leaves_at: datetime


class RefusedAddress(Exception):  # noqa: N818 - the server's answer, in the standard's word
    """The server says that this mail will never be taken: trying again would not help."""


class ServerAway(Exception):  # noqa: N818 - not this mail's fault, nor any other's
    """The mail server cannot be reached, or takes nothing from us at all: no other mail would fare better now."""


@runtime_checkable
class HangsUp(Protocol):
    """A way of sending that keeps a connection, and wants to be told when a run is over."""

    def hang_up(self) -> None: ...


_WITH_KEY = select(Mail.id).where(Mail.key == bindparam("key"))


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
    if db.session.scalar(_WITH_KEY, {"key": key}) is not None:
        return False
    name, email = to
    words = {"name": name, "why": "", **facts}
    subject = _render(f"mail/{template}/subject.txt", words)
    row = Mail(
        key=key,
        template=template,
        urgency=int(urgency),
        to_email=email,
        to_name=name,
        # A subject is one line: a course title with a line break in it must not begin a header of its own.
        subject=" ".join(subject.split())[:250],
        text=_render(f"mail/{template}/body.txt", words).strip() + "\n",
        html=_render(f"mail/{template}/body.html", words).strip() + "\n",
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


def _render(template: str, words: Mapping[str, Any]) -> str:
    # Not Flask's render_template: that works out the frame of a page, and who is reading it, three times for each mail.
    return current_app.jinja_env.get_template(template).render(words)


def _message_id() -> str:
    domain = current_app.config["SETTINGS"].mail_from.rpartition("@")[2]
    return f"<{uuid4()}@{domain}>"


def is_anything_due(*, now: datetime) -> bool:
    """Whether `deliver` would find something to do. Asked every second: it takes no lock."""
    db.session.rollback()
    found = db.session.scalar(select(Mail.id).where(or_(_due(now), _ran_out(now))).limit(1))
    db.session.rollback()
    return found is not None


def deliver(send: Callable[[OutgoingMail], None], *, now: datetime, limit: int = 50) -> int:
    """Send up to `limit` mails that are due at `now`, most urgent first; how many left. Never raises for one mail.

    A refused mail is given up, one that fails is tried again later, and neither holds up the next. When the server
    itself is away (ServerAway) the run ends, and every mail waits a little without counting a try.
    """
    if not is_anything_due(now=now):
        return 0
    # Time that passes is not the time of day: a lease counts from `now`, so a run must end long before one does.
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
        log.warning("mail %s was refused: %s", mail.id, error)
        _put_back(mail.id, now=now, error=str(error), for_good=True)
        return 0
    except Exception as error:
        # Whatever a mail server does to one mail must not hold up the next.
        log.warning("mail %s could not be sent: %s", mail.id, error)
        _put_back(mail.id, now=now, error=str(error) or type(error).__name__)
        return 0
    _mark_sent(mail.id, now=now)
    return 1


def _due(now: datetime) -> Any:
    # A mail being sent whose lease ran out belongs to a worker that died.
    due = Mail.state.in_([MailState.WAITING, MailState.SENDING]) & (Mail.next_try_at <= now)
    if next_working_moment(now) != now:
        # Reminders keep office hours also when a mail server that was away is back at night (domain 5).
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
        # The next statement must find this one among those that wait.
        db.session.flush()
        # All of them, or each would spend a time-out of its own on the same dead server.
        db.session.execute(
            update(Mail)
            .where(Mail.state == MailState.WAITING, Mail.next_try_at <= now)
            .values(next_try_at=now + SERVER_AWAY, error=_one_line(error))
        )


def _one_line(error: str) -> str:
    return " ".join(error.split())[:500]


def _give_up_what_stops_workers(now: datetime) -> None:
    # Taken again and again, and never handed back: whoever takes it dies of it.
    db.session.execute(
        update(Mail)
        .where(Mail.state == MailState.SENDING, Mail.next_try_at <= now, Mail.tries >= MOST_TRIES)
        .values(state=MailState.FAILED, error="The worker stopped each time while it was sending this mail.")
    )


def _ran_out(now: datetime) -> Any:
    # One whose worker died may be taken again only while it helps.
    left_behind = (Mail.state == MailState.SENDING) & (Mail.next_try_at <= now)
    rests = Mail.state.in_([MailState.WAITING, MailState.FAILED])
    return (Mail.expires_at <= now) & or_(rests, left_behind)


def drop_what_ran_out(*, now: datetime) -> int:
    """Drop the mails that no longer help anyone, such as a code that has run out, and delete their words; how many.

    For the worker too, each minute: without a mail server nothing is ever delivered, and codes run out all the same.
    """
    statement = update(Mail).where(_ran_out(now)).values(state=MailState.DROPPED, text="", html="")
    return int(db.session.connection().execute(statement).rowcount)


def send_again(mail: Mail, *, now: datetime) -> None:
    """Have a mail that was given up, or was sent and is said never to have come, leave once more.

    One that is on its way already is left alone. Raises NothingToSend where its words are no longer kept.
    """
    if is_on_its_way(mail):
        return
    check_may_leave_again(mail, now=now)
    mail.state, mail.next_try_at, mail.tries, mail.error = MailState.WAITING, now, 0, ""


def drop(*keys: str) -> None:
    """Drop those of the mails with `keys` that still wait: they are no longer true.

    One that is on its way at this moment may arrive; if it does not, it is not tried again.
    """
    mails = update(Mail).where(Mail.key.in_(keys))
    waits = Mail.state.in_([MailState.WAITING, MailState.FAILED])
    db.session.execute(mails.where(waits).values(state=MailState.DROPPED, **_without_codes()))
    db.session.execute(mails.where(Mail.state == MailState.SENDING).values(expires_at=Mail.queued_at))


def take_back(*keys: str) -> None:
    """Drop those of the mails with `keys` that still wait, and free their keys: they will be true later. What has left
    stays, and is not told a second time."""
    waits = Mail.state.in_([MailState.WAITING, MailState.FAILED])
    db.session.execute(
        update(Mail).where(Mail.key.in_(keys), waits).values(key=_other_key(), state=MailState.DROPPED)
    )


def allow_again(*keys: str) -> None:
    """Free the keys of those of these mails that were dropped before they left: they will be true again."""
    db.session.execute(
        update(Mail).where(Mail.key.in_(keys), Mail.state == MailState.DROPPED).values(key=_other_key())
    )


def _other_key() -> Any:
    return func.substr(Mail.key, 1, 90).concat(":taken-back:").concat(cast(Mail.id, String))


def _without_codes() -> dict[str, Any]:
    is_code = Mail.urgency == int(Urgency.SIGN_IN)
    return {"text": case((is_code, ""), else_=Mail.text), "html": case((is_code, ""), else_=Mail.html)}


def forget_old(*, now: datetime, after: timedelta = timedelta(days=365)) -> int:
    """Delete mails that left or were dropped longer than `after` ago; how many. Their keys may then be used again."""
    done = or_(Mail.state == MailState.SENT, Mail.state == MailState.DROPPED)
    statement = delete(Mail).where(done, Mail.queued_at < now - after)
    return int(db.session.connection().execute(statement).rowcount)
