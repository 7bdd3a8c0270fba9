"""When a mail is tried again, when it is given up, and which may be sent once more."""

from datetime import datetime, timedelta

from training_hub.errors import Refused
from training_hub.mail.models import Mail, MailState

MOST_TRIES = 12
LEASE = timedelta(minutes=2)
"""How long a worker has to hand over one mail before it is held to have died. Longer than RUN and the longest
conversation about one mail together, so that no second worker takes a mail that is still on its way."""
RUN = timedelta(seconds=20)
"""How long one run goes on taking mails: the rest wait for the next, which looks at the clock anew."""
SERVER_AWAY = timedelta(seconds=30)
"""How long every mail waits once the mail server could not be reached; this counts as nobody's try."""


class NothingToSend(Refused):
    """This mail cannot leave once more."""


def wait_after(tries: int) -> timedelta:
    """How long to wait after the try numbered `tries` failed: 30 seconds, then twice as long each time, to 4 hours."""
    return timedelta(seconds=min(30 * 2 ** (tries - 1), 4 * 60 * 60))


def has_words(mail: Mail) -> bool:
    """Whether its words are still kept; those of a sign-in mail are deleted once it has been sent or has run out."""
    return bool(mail.text)


def is_on_its_way(mail: Mail) -> bool:
    """Whether it will leave by itself."""
    return mail.state in {MailState.WAITING, MailState.SENDING}


def may_leave_again(mail: Mail, *, now: datetime) -> bool:
    """Whether an officer can send it once more."""
    ran_out = mail.expires_at is not None and mail.expires_at <= now
    return mail.state in {MailState.SENT, MailState.FAILED} and has_words(mail) and not ran_out


def check_may_leave_again(mail: Mail, *, now: datetime) -> None:
    """Raises NothingToSend, with the reason, where a mail cannot be sent once more."""
    if may_leave_again(mail, now=now):
        return
    if mail.state is MailState.DROPPED:
        raise NothingToSend("This mail was dropped, because what it says is no longer so.")
    raise NothingToSend(
        "This mail held a code or link that has been used or has run out, so it cannot be sent again. "
        "The person can ask for a new one on the sign-in page."
    )
