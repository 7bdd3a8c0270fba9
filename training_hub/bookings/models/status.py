"""The statuses of a booking, what each means, and the table of outcomes."""

import enum
from dataclasses import dataclass


class Status(enum.Enum):
    """The status of a booking."""

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
    """What a status means for capacity and figures. Their code reads these flags, never the name of a status."""

    is_open: bool = False
    """Whether the booking is open. A person has at most one open booking for an event."""
    holds_place: bool = False
    """Whether the booking takes one of the places. A request also does, if its row says so."""
    has_place: bool = False
    """Whether the person is or was expected, and so gets reminders and is on the register."""
    in_room: bool = False
    """Whether the person was there, wholly or in part."""
    is_outcome: bool = False
    """Whether the status is an outcome recorded on the register."""


class CountsAs(enum.Enum):
    """How the figures count an outcome."""

    THERE = "in the room, wholly or in part"
    ABSENT = "expected, and not there"
    GIVEN_UP = "given up by its person"
    CALLED_OFF = "called off by the hub"
    UNKNOWN = "expected, and not yet recorded"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One outcome of a booked place: its words, its colour, and how it counts."""

    status: Status
    slug: str
    """The outcome's name in addresses, JSON and the style sheet: `.o-partial` in hub.css has the same colour."""
    label: str
    colour: str
    counts_as: CountsAs
    definition: str
    history: str = ""
    """The sentence in a booking's history if a register recorded the outcome."""
    imported_as: tuple[str, ...]
    """The words for the outcome in an imported file."""


OUTCOMES = (
    Outcome(
        status=Status.COMPLETED,
        slug="completed",
        label="Completed",
        colour="#1d6f42",
        counts_as=CountsAs.THERE,
        definition="Present at every session.",
        history="The register says that the course was completed.",
        imported_as=("completed",),
    ),
    Outcome(
        status=Status.PARTIAL,
        slug="partial",
        label="Partial",
        colour="#8a5a00",
        counts_as=CountsAs.THERE,
        definition="Present at part of the course.",
        history="The register says that part of the course was attended.",
        imported_as=("partial",),
    ),
    Outcome(
        status=Status.DID_NOT_ATTEND,
        slug="did_not_attend",
        label="Did not attend",
        colour="#a4262c",
        counts_as=CountsAs.ABSENT,
        definition="Absent from every session.",
        history="The register says that the course was not attended.",
        imported_as=("did not attend",),
    ),
    Outcome(
        status=Status.CANCELLED,
        slug="cancelled",
        label="Cancelled",
        colour="#5b6470",
        counts_as=CountsAs.GIVEN_UP,
        definition="Cancelled with enough notice.",
        imported_as=("cancelled",),
    ),
    Outcome(
        status=Status.CANCELLED_LATE,
        slug="cancelled_late",
        label="Cancelled late",
        colour="#9a3f00",
        counts_as=CountsAs.GIVEN_UP,
        definition="Cancelled with too little notice.",
        imported_as=("cancelled late",),
    ),
    Outcome(
        status=Status.EVENT_CANCELLED,
        slug="event_cancelled",
        label="Event cancelled",
        colour="#3f4f8a",
        counts_as=CountsAs.CALLED_OFF,
        definition="The course date was called off.",
        imported_as=("event cancelled",),
    ),
    Outcome(
        status=Status.CONFIRMED,
        slug="not_recorded",
        label="Not recorded",
        colour="#5a2d82",
        counts_as=CountsAs.UNKNOWN,
        definition="The course date is over, and its register shows no outcome. This does not mean “did not attend”.",
        history="The outcome on the register was taken back.",
        imported_as=("",),
    ),
)
"""Every booked place ends in exactly one of these, in the order of every form, table, chart and file.

To add one, add a Status, a row here, a migration of the index that lists statuses, a colour in hub.css, and tests.
"""
OUTCOME_OF = {outcome.status: outcome for outcome in OUTCOMES}
_COUNTED: dict[CountsAs, Flags] = {
    CountsAs.THERE: Flags(is_open=True, holds_place=True, has_place=True, in_room=True, is_outcome=True),
    CountsAs.ABSENT: Flags(is_open=True, holds_place=True, has_place=True, is_outcome=True),
    CountsAs.UNKNOWN: Flags(is_open=True, holds_place=True, has_place=True),
}
FLAGS: dict[Status, Flags] = {
    **{status: Flags() for status in Status},
    Status.REQUESTED: Flags(is_open=True),
    Status.WAITING: Flags(is_open=True),
    Status.OFFERED: Flags(is_open=True, holds_place=True),
    **{outcome.status: _COUNTED.get(outcome.counts_as, Flags()) for outcome in OUTCOMES},
}

OPEN = [status for status, flags in FLAGS.items() if flags.is_open]
HOLDS_PLACE = [status for status, flags in FLAGS.items() if flags.holds_place]
CAN_STILL_CHANGE = [status for status, flags in FLAGS.items() if flags.is_open and not flags.is_outcome]
CLAIMS = [status for status, flags in FLAGS.items() if flags.is_open and not flags.has_place]
HAS_PLACE = [status for status, flags in FLAGS.items() if flags.has_place]
RECORDED = [status for status, flags in FLAGS.items() if flags.is_outcome]
"""The outcomes that a register can record."""
GIVEN_UP = [
    outcome.status for outcome in OUTCOMES if outcome.counts_as in (CountsAs.GIVEN_UP, CountsAs.CALLED_OFF)
]
"""Outcomes for which nobody was expected."""
