"""When people can answer in the room, who they are, and what the code is that lets them in."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.invitations import AlreadyAnswered

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What a code is made of: nothing that could be misread from the back of a room."""
CODE_LENGTH = 6
OPENS_BEFORE = timedelta(hours=1)
"""How long before the last session ends the room can be opened: answers are about a course, and not about its start."""
STAYS_OPEN = timedelta(hours=4)
"""How long after the end a room that nobody closes stays open."""
IN_THE_ROOM: Sequence[Status] = (Status.CONFIRMED, Status.COMPLETED)
"""Whose answers can be taken in the room: the register may not be marked yet, or say that they completed it."""


class RoomNotOpen(Refused):
    """It is too early, or too late, to answer in the room."""


class NoPlaceHere(Refused):
    """Whoever is signed in has no place on this course date."""


def new_code() -> str:
    """A room's code, such as "7KQ2M9": drawn at random out of 887 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def as_code(typed: str) -> str:
    """What was typed, written as a code is: " 7kq-2m9" becomes "7KQ2M9"."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())[:20]


def opens_at(event: Event) -> datetime:
    """From when the room can be opened: shortly before the last session ends, and not before it starts."""
    last = event.sessions[-1]
    return max(last.starts_at, last.ends_at - OPENS_BEFORE)


def closes_at(event: Event) -> datetime:
    """When the room closes by itself."""
    return event.ends_at + STAYS_OPEN


def check_may_open(event: Event, *, now: datetime) -> None:
    """Raises RoomNotOpen before the end is near, and once the room would have closed by itself."""
    if not event.is_published or not event.course.is_evaluated:
        raise RoomNotOpen("This course date has no form to answer.")
    if now < opens_at(event):
        raise RoomNotOpen("It is too early. The room can be opened when the course is nearly over.")
    if now >= closes_at(event):
        raise RoomNotOpen(
            "It is too late to answer in the room. Everyone who completed the course gets the form by email."
        )


def check_in_room(booking: Booking | None, invitation: Invitation | None) -> Booking:
    """The booking, where its form can be answered in the room. Raises NoPlaceHere or AlreadyAnswered."""
    if booking is None or booking.status not in IN_THE_ROOM:
        raise NoPlaceHere(
            "You have no place on this course date. Ask the trainer to add you to the register, and answer then."
        )
    if invitation is not None and invitation.returned_at is not None:
        raise AlreadyAnswered("You have already answered this form. It can be answered once.")
    return booking


def room_key(event_id: int, who: str = "") -> str:
    """The key of the mail to an address that nobody booked with, or how the keys of all of an event begin."""
    return f"room:{event_id}:unknown:{who}"
