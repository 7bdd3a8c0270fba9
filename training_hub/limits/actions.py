"""Count tries."""

from datetime import datetime

from training_hub.database import db, transaction
from training_hub.limits import queries
from training_hub.limits.models import SignInAttempt
from training_hub.limits.rules import ROOM


def count_miss(*, network: str, now: datetime) -> None:
    """Count one wrong code of a room, in a transaction of its own: the refusal that follows is not stored.

    Raises TooOften.
    """
    with transaction():
        count_in_room(ROOM, network=network, now=now)


def count_in_room(kind: str, *, network: str, now: datetime) -> None:
    """Count what was done in a room, a wrong code or a form sent, without a person or address. Raises TooOften."""
    queries.check_limits(kind, email="", network=network, now=now)
    db.session.add(SignInAttempt(kind=kind, email="", network=network, at=now))
