"""The rules of links to forms, and of evaluations being due."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.evaluation.models.invitations import Invitation
from training_hub.questionnaires.models import Stage

LINK_OPENS_FOR = timedelta(days=90)
"""How long after an evaluation fell due its link opens the form without signing in."""
JUST_OVER = timedelta(days=90)
"""How long after its end the worker checks an event every minute. Later it checks once a day."""
EVER = datetime(1, 1, 1, tzinfo=UTC)


class AlreadyAnswered(Refused):
    """The form was already returned, and can be answered only once."""

    def __init__(self) -> None:
        super().__init__("You have already answered this form. It can be answered once.")


class LinkReplaced(Refused):
    """A newer link was sent, and only the newest opens the form."""


class LinkExpired(Refused):
    """The link is too old to open the form without signing in."""


class NoLongerDue(Refused):
    """The register does not show, or no longer shows, that the person completed the course."""


def is_chased(event: Event) -> bool:
    """Whether mails are sent about an event. None are if the event was entered after it ended."""
    return event.ends_at > event.entered_at


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Someone who opens a form by a link."""

    version: int
    """The version of the link."""
    is_owner: bool = False
    """Whether the visitor is signed in as the person who is asked, and so may use an old link."""
    is_former_manager: bool = False
    """Whether the link was sent to a former line manager."""


def check_answerable(
    invitation: Invitation, visitor: Visitor, *, now: datetime, is_classroom_open: bool = False
) -> None:
    """Raises LinkReplaced, AlreadyAnswered, NoLongerDue or LinkExpired if the link does not open the form."""
    is_newest = visitor.version == invitation.link_version
    if invitation.stage is Stage.MANAGER and (visitor.is_former_manager or not is_newest):
        raise LinkReplaced(
            f"{invitation.booking.person.name} has another line manager now, and we ask them instead."
        )
    if not is_newest:
        raise LinkReplaced("A newer link to this form has been sent. Open the newest email about it.")
    if invitation.returned_at is not None:
        raise AlreadyAnswered
    check_due(invitation, now=now, is_classroom_open=is_classroom_open)
    if not visitor.is_owner and now >= invitation.due_at + LINK_OPENS_FOR:
        if invitation.stage is Stage.MANAGER:
            raise LinkExpired("The form was open for three months.")
        raise LinkExpired("You can still answer the form: sign in, and open it from your bookings.")


def check_due(invitation: Invitation, *, now: datetime, is_classroom_open: bool = False) -> None:
    """Raises NoLongerDue if the booking does not owe this evaluation.

    A person with a confirmed place can answer the end form in the classroom. The form counts as returned once the
    register shows that the person completed the course.
    """
    booking = invitation.booking
    if invitation.stage is Stage.BEFORE:
        if booking.status is not Status.CONFIRMED or now >= booking.event.starts_at:
            raise NoLongerDue(
                "This form was for the time before the course, so it can no longer be answered."
            )
    elif invitation.stage is Stage.END and booking.status is Status.CONFIRMED and is_classroom_open:
        return
    elif booking.status is not Status.COMPLETED:
        who = booking.person.name if invitation.stage is Stage.MANAGER else "you"
        raise NoLongerDue(
            f"The register does not show that {who} completed this course, so there is no form to answer."
        )
