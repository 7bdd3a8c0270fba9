"""Count tries."""

from datetime import datetime

from training_hub.database import db, transaction
from training_hub.limits import queries
from training_hub.limits.models import SignInAttempt
from training_hub.limits.rules import ROOM


def count(kind: str, *, email: str = "", network: str = "", now: datetime) -> None:
    """Count one try: by a person or, in a classroom, only by a network, so that nobody can read who it was. Raises
    TooOften."""
    queries.check_limits(kind, email=email, network=network, now=now)
    db.session.add(SignInAttempt(kind=kind, email=email, network=network, at=now))


def count_miss(*, network: str, now: datetime) -> None:
    """Count one wrong classroom code, in its own transaction, because the request itself is rolled back.

    Raises TooOften.
    """
    with transaction():
        count(ROOM, network=network, now=now)
