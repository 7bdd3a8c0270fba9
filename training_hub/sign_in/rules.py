"""How long a code works, and how many tries it has."""

from datetime import datetime, timedelta

from training_hub.errors import Refused
from training_hub.sign_in.models import SignInCode

CODE_LASTS = timedelta(minutes=10)
TRIES_AT_A_CODE = 5


class WrongCode(Refused):
    """The code does not open the door; the text says why, and what to do."""


class DeadLink(Refused):
    """The link does not open the door; the text says why, and what to do."""


def is_good(code: SignInCode, *, now: datetime) -> bool:
    """Whether a code, or the link sent with it, can still be used: once, and before it runs out."""
    return code.used_at is None and now < code.expires_at
