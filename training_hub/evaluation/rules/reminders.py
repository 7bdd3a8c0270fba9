"""When the next reminder is due, and when reminders stop."""

from datetime import datetime, timedelta

from training_hub.evaluation.models.invitations import Invitation
from training_hub.london import london_date

LADDER = tuple(timedelta(days=days) for days in (0, 2, 5, 9, 14))
"""How long after it fell due each mail is: the invitation, then at most four reminders (domain 5)."""
TOP = len(LADDER)
"""The rung above which no reminder follows."""
STOPPED = TOP + 1
"""The rung of an evaluation about which no more is to be sent, although not every reminder was."""
APART = timedelta(hours=48)
"""A reminder leaves at least this long after the last mail to the same address about any evaluation."""
KEY_BEGINS = "evaluation:"


def next_step(invitation: Invitation, *, now: datetime) -> int | None:
    """The number of the mail to send at `now`: the latest that is due. Those missed are not made up for.

    Whoever was not invited yet is invited first.
    """
    if invitation.rung == 0:
        return 0 if invitation.due_at <= now else None
    latest = sum(invitation.due_at + after <= now for after in LADDER) - 1
    return latest if latest >= invitation.rung else None


def rung_without(rung: int, step: int, *, was_alone: bool) -> int:
    """Where on the ladder an invitation stands when its mail number `step` was dropped before it left.

    What was moved on since, or stopped, stays where it is. An invitation that was a mail of its own (`was_alone`) is
    not sent anew.
    """
    if rung != step + 1:
        return rung
    return max(step, 1) if was_alone else step


def day_key(recipient: str, *, now: datetime) -> str:
    """The key of the one mail a day that lists what somebody owes: they are "person:7", or a manager's address."""
    return f"{KEY_BEGINS}{recipient}:{london_date(now)}"


def copy_key(recipient: str, *, now: datetime) -> str:
    """The key of the one mail a day that tells a line manager of the last reminders to their staff."""
    return f"evaluation-copy:{recipient}:{london_date(now)}"
