"""When an email is tried again, when it has failed, and which may be sent again."""

from datetime import datetime, timedelta

from training_hub.errors import Refused
from training_hub.mail.models import Mail, MailState

MOST_TRIES = 12
LEASE = timedelta(minutes=2)
"""How long a worker has to hand over one email before it is presumed dead.

Longer than RUN and the longest exchange about one email together, so that no second worker takes an email too early.
"""
RUN = timedelta(seconds=20)
"""How long one run keeps taking emails. The rest wait for the next run."""
SERVER_AWAY = timedelta(seconds=30)
"""How long all emails wait if the mail server could not be reached. That does not count as a try."""


class NothingToSend(Refused):
    """This email cannot be sent again."""


def wait_after(tries: int) -> timedelta:
    """How long to wait after try number `tries` failed: 30 seconds, doubled each time, at most 4 hours."""
    return timedelta(seconds=min(30 * 2 ** (tries - 1), 4 * 60 * 60))


def has_words(mail: Mail) -> bool:
    """Whether the email's words are still kept. A sign-in email's words are deleted once it is sent or expires."""
    return bool(mail.text)


def is_on_its_way(mail: Mail) -> bool:
    """Whether the email is waiting or being sent."""
    return mail.state in {MailState.WAITING, MailState.SENDING}


def may_leave_again(mail: Mail, *, now: datetime) -> bool:
    """Whether an officer can send the email again."""
    ran_out = mail.expires_at is not None and mail.expires_at <= now
    return mail.state in {MailState.SENT, MailState.FAILED} and has_words(mail) and not ran_out


def check_may_leave_again(mail: Mail, *, now: datetime) -> None:
    """Raises NothingToSend, with the reason, if an email cannot be sent again."""
    if may_leave_again(mail, now=now):
        return
    if mail.state is MailState.DROPPED:
        raise NothingToSend("This email was dropped because what it says is no longer true.")
    raise NothingToSend(
        "This email had a code or link that has been used or has run out, so it cannot be sent again. "
        "The person can ask for a new one on the sign-in page."
    )
