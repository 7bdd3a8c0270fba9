"""How long a code works, and how many tries it has."""

from datetime import timedelta

from training_hub.errors import Refused

CODE_LASTS = timedelta(minutes=10)
TRIES_AT_A_CODE = 5


class WrongCode(Refused):
    """The code does not sign anyone in. The text says why, and what to do."""


class DeadLink(Refused):
    """The link does not sign anyone in. The text says why, and what to do."""
