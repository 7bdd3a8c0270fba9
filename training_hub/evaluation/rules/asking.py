"""Who is asked and reminded, when, and whether a link still opens a form."""

from datetime import UTC, datetime, timedelta
from typing import Any

from training_hub.bookings.models import Status
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.evaluation.models import Invitation, Stage

LADDER = tuple(timedelta(days=days) for days in (0, 2, 5, 9, 14))
"""How long after it fell due each mail is: the invitation, then at most four reminders (domain 5)."""
TOP = len(LADDER)
"""The rung above which no reminder follows."""
APART = timedelta(hours=48)
"""Two mails to one person about one evaluation leave at least this long after one another."""
LINK_OPENS_FOR = timedelta(days=90)
"""How long after the evaluation fell due its link opens the form without signing in."""
JUST_OVER = timedelta(days=90)
"""How long after its end an event is looked at each minute for what has fallen due; later, once a day."""
EVER = datetime(1, 1, 1, tzinfo=UTC)
KEY_BEGINS = "evaluation:"


class AlreadyAnswered(Refused):
    """The form has come back already: it is answered once."""


class LinkReplaced(Refused):
    """A newer link was sent, and only that one opens the form."""


class LinkExpired(Refused):
    """The link is too old to open the form without signing in."""


class NoLongerDue(Refused):
    """The register does not say, or no longer says, that the person completed the course."""


def halves(stage: Stage, *, asks_before: bool) -> frozenset[str]:
    """Which halves of a before-and-now pair are asked: at the end both, unless the course asked before (domain 6)."""
    if stage is Stage.BEFORE:
        return frozenset({"before"})
    return frozenset({"now"}) if asks_before else frozenset({"before", "now"})


def is_chased(event: Event) -> bool:
    """Whether mails go out about what `event` leaves to do: never for one that had ended before it was entered."""
    return event.ends_at > event.entered_at


def next_step(invitation: Invitation, *, now: datetime) -> int | None:
    """The number of the reminder to send at `now`: the latest that is due. Those missed are not made up for."""
    latest = sum(invitation.due_at + after <= now for after in LADDER) - 1
    return latest if latest >= max(invitation.rung, 1) else None


def mail_key(reference: Any, step: int) -> Any:
    """The key of one of the mails about the evaluation of the booking with this reference, or of that column."""
    return KEY_BEGINS + reference + f":end:{step}"


def mail_keys(reference: Any) -> list[Any]:
    """The keys of all the mails that there can be about one evaluation."""
    return [mail_key(reference, step) for step in range(TOP)]


def reference_in(key: str) -> str:
    """The booking's reference that a mail's key holds."""
    return key.split(":")[1]


def check_answerable(
    invitation: Invitation, *, now: datetime, version: int, is_owner: bool, is_room_open: bool = False
) -> None:
    """Raises a Refused of its own kind where the link, in this version, does not open the form at `now`.

    Who is signed in as the person who is asked needs no young link.
    """
    if version != invitation.link_version:
        raise LinkReplaced("A newer link to this form has been sent. Open the newest email about it.")
    if invitation.returned_at is not None:
        raise AlreadyAnswered("You have already answered this form. It can be answered once.")
    check_due(invitation, now=now, is_room_open=is_room_open)
    if not is_owner and now >= invitation.due_at + LINK_OPENS_FOR:
        raise LinkExpired("It can still be answered: sign in, and open the form from there.")


def check_due(invitation: Invitation, *, now: datetime, is_room_open: bool = False) -> None:
    """Raises NoLongerDue where the booking does not owe this evaluation, or owes it no more.

    The end form can be answered in the room while the place still stands: what the register will say is not known
    yet, and only if it says that the course was completed is the evaluation due, and counted as returned.
    """
    booking = invitation.booking
    if invitation.stage is Stage.BEFORE:
        if booking.status is not Status.CONFIRMED or now >= booking.event.starts_at:
            raise NoLongerDue(
                "This form was for the time before the course, so it can no longer be answered."
            )
    elif invitation.stage is Stage.END and booking.status is Status.CONFIRMED and is_room_open:
        return
    elif booking.status is not Status.COMPLETED:
        raise NoLongerDue(
            "The register does not show that you completed this course, so there is no form to answer."
        )
