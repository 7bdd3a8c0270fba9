"""When the next reminder is due, and when reminders stop."""

from datetime import datetime, timedelta

from training_hub.evaluation.models.invitations import Invitation
from training_hub.london import london_date

REMINDER_SCHEDULE = tuple(timedelta(days=days) for days in (0, 2, 5, 9, 14))
"""How long after an evaluation fell due each mail is due: the invitation, then at most four reminders."""
LAST_REMINDER = len(REMINDER_SCHEDULE) - 1
NO_MORE = LAST_REMINDER + 1
"""The `next_reminder` of an evaluation whose mails have all been sent, or that never gets any."""
STOPPED = NO_MORE + 1
"""The `next_reminder` of an evaluation whose mails were stopped before the last."""
APART = timedelta(hours=48)
"""The least time between a reminder and the last mail about any evaluation to the same address."""


def reminder_due(invitation: Invitation, *, now: datetime) -> int | None:
    """The number of the mail to send at `now`: the latest that is due. Missed reminders are skipped.

    The invitation always comes first.
    """
    if invitation.next_reminder == 0:
        return 0 if invitation.due_at <= now else None
    latest = sum(invitation.due_at + after <= now for after in REMINDER_SCHEDULE) - 1
    return latest if latest >= invitation.next_reminder else None


def digest_key(recipient: str, *, now: datetime) -> str:
    """The key of the one digest a day to a recipient: "person:7", or "manager:" and a hash of the address."""
    return f"evaluation:{recipient}:{london_date(now)}"


def copy_key(recipient: str, *, now: datetime) -> str:
    """The key of the one mail a day that tells a line manager which forms of their staff are missing."""
    return f"evaluation-copy:{recipient}:{london_date(now)}"
