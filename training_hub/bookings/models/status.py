"""Where a booking can stand, and what that means."""

import enum
from dataclasses import dataclass


class Status(enum.Enum):
    """Where a booking stands (domain 3)."""

    REQUESTED = "requested"
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    PARTIAL = "partial"
    DID_NOT_ATTEND = "did not attend"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled late"
    EVENT_CANCELLED = "event cancelled"
    SUBSTITUTED = "substituted"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Flags:
    """What a status means to capacity and to the figures, which read these and never a status's name."""

    is_open: bool = False
    """One person has at most one such booking for an event."""
    holds_place: bool = False
    """It takes one of the places there are. A request does too, where its own row says so."""
    has_place: bool = False
    """Its person is expected, or was: the register and the reminders are for them."""
    in_room: bool = False
    """They were there, wholly or in part."""
    is_outcome: bool = False
    """What became of the place has been recorded on the register."""


FLAGS: dict[Status, Flags] = {
    Status.REQUESTED: Flags(is_open=True),
    Status.WAITING: Flags(is_open=True),
    Status.OFFERED: Flags(is_open=True, holds_place=True),
    Status.CONFIRMED: Flags(is_open=True, holds_place=True, has_place=True),
    Status.COMPLETED: Flags(is_open=True, holds_place=True, has_place=True, in_room=True, is_outcome=True),
    Status.PARTIAL: Flags(is_open=True, holds_place=True, has_place=True, in_room=True, is_outcome=True),
    Status.DID_NOT_ATTEND: Flags(is_open=True, holds_place=True, has_place=True, is_outcome=True),
    Status.CANCELLED: Flags(),
    Status.CANCELLED_LATE: Flags(),
    Status.EVENT_CANCELLED: Flags(),
    Status.SUBSTITUTED: Flags(),
    Status.TRANSFERRED: Flags(),
    Status.WITHDRAWN: Flags(),
    Status.DECLINED: Flags(),
    Status.LAPSED: Flags(),
}

OPEN = [status for status, flags in FLAGS.items() if flags.is_open]
HOLDS_PLACE = [status for status, flags in FLAGS.items() if flags.holds_place]
CAN_STILL_CHANGE = [status for status, flags in FLAGS.items() if flags.is_open and not flags.is_outcome]
CLAIMS = [status for status, flags in FLAGS.items() if flags.is_open and not flags.has_place]
HAS_PLACE = [status for status, flags in FLAGS.items() if flags.has_place]
IN_ROOM = [status for status, flags in FLAGS.items() if flags.in_room]
