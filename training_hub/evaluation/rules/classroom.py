"""The rules of answering in the classroom: people, times and codes."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.invitations import AlreadyAnswered
from training_hub.wording import ALPHABET

CODE_LENGTH = 6
OPENS_BEFORE = timedelta(hours=1)
"""How long before the end of the last session the classroom can be opened."""
STAYS_OPEN = timedelta(hours=4)
"""How long after the end the classroom closes by itself."""
IN_THE_CLASSROOM: Sequence[Status] = (Status.CONFIRMED, Status.COMPLETED)
"""The statuses in which people can answer, before and after the register is marked."""


class ClassroomNotOpen(Refused):
    """It is too early, or too late, to answer in the classroom."""


class NoPlaceHere(Refused):
    """The person has no place on this course date."""


def new_code() -> str:
    """A random code, such as "7KQ2M9": one of 887 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def as_code(typed: str) -> str:
    """A typed code in its proper form: " 7kq-2m9" becomes "7KQ2M9"."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())[:20]


def opens_at(event: Event) -> datetime:
    """When the classroom can first be opened: shortly before the last session ends, but not before it starts."""
    last = event.sessions[-1]
    return max(last.starts_at, last.ends_at - OPENS_BEFORE)


def closes_at(event: Event) -> datetime:
    """When the classroom closes by itself."""
    return event.ends_at + STAYS_OPEN


def check_may_open(event: Event, *, now: datetime) -> None:
    """Raises ClassroomNotOpen if it is too early or too late to open the classroom."""
    if not event.is_published or not event.course.is_evaluated:
        raise ClassroomNotOpen("This course date has no form to answer.")
    if now < opens_at(event):
        raise ClassroomNotOpen("It is too early. You can open the form when the course is nearly over.")
    if now >= closes_at(event):
        raise ClassroomNotOpen(
            "It is too late to answer in the classroom. Everyone who completed the course gets the form by email."
        )


def check_in_classroom(booking: Booking | None, invitation: Invitation | None) -> Booking:
    """Returns the booking, if its form can be answered in the classroom. Raises NoPlaceHere or AlreadyAnswered."""
    if booking is None or booking.status not in IN_THE_CLASSROOM:
        raise NoPlaceHere(
            "You have no place on this course date. Ask the trainer to add you to the register, and answer then."
        )
    if invitation is not None and invitation.returned_at is not None:
        raise AlreadyAnswered
    return booking
