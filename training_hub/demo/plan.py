"""The plan of the demo, as plain values: dates, bookings, their outcomes and what people answered."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from training_hub.attendance.models import Mark
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import EventStatus
from training_hub.demo.answers import CHANGE, DIFFERENTLY
from training_hub.demo.cast import CastMember
from training_hub.evaluation.rules.answers import Given

S = Status


@dataclass(kw_only=True)
class PlannedBooking:
    """One booking, with its history up to now."""

    person: CastMember
    changes: list[tuple[Status, datetime]]
    reference: str = ""
    """The reference, which is drawn when the booking is stored."""
    is_walk_in: bool = False
    marks: tuple[Mark, ...] = ()
    """The marks, one for each session, if the register has been marked."""
    due_at: datetime | None = None
    """When the person was asked for the evaluation. None if they were not."""
    returned_at: datetime | None = None
    answers: Mapping[str, Given] | None = None
    access_needs: str = ""
    dietary_needs: str = ""
    follows: "PlannedBooking | None" = None
    """The booking that this one replaced."""
    is_held: bool = False
    decide_by: datetime | None = None
    """When the offer or the request expires."""

    @property
    def status(self) -> Status:
        """The booking's status now."""
        return self.changes[-1][0]


@dataclass(kw_only=True)
class PlannedEvent:
    """One event, with its bookings."""

    course: str
    sessions: list[tuple[datetime, datetime]]
    entered_at: datetime
    capacity: int = 24
    venue: int | None = None
    """The venue's index in the list of venues. None if the event is online."""
    trainers: Sequence[CastMember] = ()
    notes: str = ""
    status: EventStatus = EventStatus.PUBLISHED
    called_off_at: datetime | None = None
    called_off_reason: str = ""
    is_reminded: bool = False
    """Whether people who owe an evaluation still get reminders."""
    bookings: list[PlannedBooking] = field(default_factory=list)
    policies: Mapping[str, object] = field(default_factory=dict)
    """Only the policies that differ from the course's."""
    reserved: int = 0
    """How many places the training lead reserves without names."""

    @property
    def starts_at(self) -> datetime:
        """When the event's first session starts."""
        return self.sessions[0][0]

    @property
    def ends_at(self) -> datetime:
        """When the event's last session ends."""
        return self.sessions[-1][1]


def answers_by(chance: random.Random) -> dict[str, Given]:
    """One person's answers. Most people say that they know more, and can do more, than before."""
    answers: dict[str, Given] = {}
    start = chance.choices((1, 2, 3, 4), (1, 4, 6, 2))[0]
    for key in ("knowledge", "skills", "confidence"):
        before = min(max(start + chance.choice((-1, 0, 0, 0, 1)), 1), 5)
        gained = chance.choices((-1, 0, 1, 2, 3), (1, 14, 50, 28, 7))[0]
        answers[key] = Given(value=min(max(before + gained, 1), 5), before=before)
    pleased = chance.choices((3, 4, 5), (2, 5, 6))[0]
    for key in ("objectives", "relevance", "trainer", "materials"):
        answers[key] = Given(value=min(max(pleased + chance.choice((-1, 0, 0, 0, 1)), 1), 5))
    answers["pace"] = Given(value=chance.choices((2, 3, 4, 5), (2, 12, 4, 1))[0])
    if chance.random() < 0.62:
        answers["different"] = Given(words=chance.choice(DIFFERENTLY))
    if chance.random() < 0.46:
        answers["change"] = Given(words=chance.choice(CHANGE))
    return answers


def give_back(booking: PlannedBooking, at: datetime, chance: random.Random) -> None:
    """Record that the evaluation of `booking` was returned at `at`, with invented answers."""
    booking.returned_at, booking.answers = at, answers_by(chance)


def mark(
    booking: PlannedBooking, event: PlannedEvent, became: Status, at: datetime, chance: random.Random
) -> None:
    """Give a confirmed place its outcome, with the register marks that lead to it."""
    booking.changes.append((became, at))
    if became is S.COMPLETED:
        booking.marks = tuple(chance.choices((Mark.PRESENT, Mark.LATE), (14, 1))[0] for _ in event.sessions)
        booking.due_at = max(at, event.ends_at)
    elif became is S.PARTIAL and len(event.sessions) > 1:
        booking.marks = (Mark.PRESENT,) + (Mark.ABSENT,) * (len(event.sessions) - 1)
    elif became is S.PARTIAL:
        booking.marks = (Mark.LEFT_EARLY,)
    else:
        booking.marks = (Mark.ABSENT,) * len(event.sessions)


def a_moment_between(first: datetime, last: datetime, chance: random.Random) -> datetime:
    """A random moment from `first` to `last`, to the minute."""
    minutes = max(int((last - first) / timedelta(minutes=1)), 0)
    return (first + timedelta(minutes=chance.randint(0, minutes))).replace(second=0, microsecond=0)
