"""When an email is tried again, when it has failed, and which may be sent again."""

from datetime import datetime, timedelta

from training_hub.errors import Refused
from training_hub.mail.models import Mail, MailState

MOST_TRIES = 12
LEASE = timedelta(minutes=2)
"""How long a worker has to hand over one email before it is presumed dead.

Longer than RUN and the longest exchange about one email together: no second worker may take one that is on its way.
"""
RUN = timedelta(seconds=20)
"""How long one run goes on taking emails. The rest wait for the next run, which reads the clock again."""
SERVER_AWAY = timedelta(seconds=30)
"""How long all emails wait when the mail server could not be reached. It does not count as a try."""


class NothingToSend(Refused):
    """This email cannot be sent again."""


def wait_after(tries: int) -> timedelta:
    """How long to wait after try number `tries` failed: 30 seconds, doubled each time, at most 4 hours."""
    return timedelta(seconds=min(30 * 2 ** (tries - 1), 4 * 60 * 60))


def has_words(mail: Mail) -> bool:
    """Whether its words are still kept. Those of a sign-in email are deleted once it has left or run out."""
    return bool(mail.text)


def is_on_its_way(mail: Mail) -> bool:
    """Whether it will leave by itself."""
    return mail.state in {MailState.WAITING, MailState.SENDING}


def may_leave_again(mail: Mail, *, now: datetime) -> bool:
    """Whether an officer can send it again."""
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
