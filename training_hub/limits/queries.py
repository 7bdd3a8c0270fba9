"""Whether a limit has been reached."""

from datetime import datetime, timedelta

from sqlalchemy import select

from training_hub.database import db
from training_hub.errors import TooOften
from training_hub.limits.models import SignInAttempt
from training_hub.limits.rules import LIMITS


def check_limits(kind: str, *, email: str, network: str, now: datetime) -> None:
    """Raises TooOften, with the time to wait, if this address or network has asked or tried too often."""
    column = {"email": SignInAttempt.email, "network": SignInAttempt.network}
    value = {"email": email, "network": network}
    for limit in LIMITS:
        if limit.kind != kind:
            continue
        # The attempt that must become too old to count before another is allowed.
        in_the_way = db.session.scalar(
            select(SignInAttempt.at)
            .where(
                SignInAttempt.kind == kind,
                column[limit.counts] == value[limit.counts],
                SignInAttempt.at > now - limit.within,
            )
            .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
            .offset(limit.most - 1)
            .limit(1)
        )
        if in_the_way is not None:
            raise TooOften(limit.sentence, max(in_the_way + limit.within - now, timedelta(seconds=1)))
