"""What follows from marks, when a register can be marked, and when a correction needs a reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from training_hub.attendance.models import Mark
from training_hub.bookings.models.status import FLAGS, OUTCOME_OF, RECORDED, CountsAs, Status
from training_hub.catalogue.models import EventSession
from training_hub.errors import Refused

CAME = frozenset({Mark.PRESENT, Mark.LATE})

DECIDABLE = (*RECORDED, Status.CONFIRMED)
"""The outcomes that an officer can decide. CONFIRMED means not recorded."""


class NotStarted(Refused):
    """A register can be marked once its session has started."""


class ReasonNeeded(Refused):
    """A saved mark does not change without a reason."""


class CameWithoutBooking(Refused):
    """Someone marked a walk-in as absent, although walk-ins came. `booking_id` is the walk-in's booking."""

    def __init__(self, name: str, booking_id: int) -> None:
        super().__init__(
            f"{name} came without a booking, so cannot be absent from the whole course. "
            "If they were added by mistake, take them off the register instead."
        )
        self.booking_id = booking_id


class MarkedMeanwhile(Refused):
    """Someone else has saved other marks since the page was opened. Holds the mark saved now, by booking."""

    def __init__(self, marks: Mapping[int, Mark | None]) -> None:
        super().__init__("Someone else has saved this register since you opened it. Open it again.")
        self.marks = dict(marks)


def outcome_of(marks: Sequence[Mark | None]) -> Status | None:
    """The outcome of a place with these marks, one for each session, None if unmarked.

    None while a missing mark could change the outcome. Nobody becomes "did not attend" because a trainer forgot
    the register.
    """
    given = set(marks) - {None}
    if Mark.LEFT_EARLY in given or (Mark.ABSENT in given and given & CAME):
        return Status.PARTIAL
    if None in marks or not given:
        return None
    return Status.DID_NOT_ATTEND if given == {Mark.ABSENT} else Status.COMPLETED


def outcome_after(
    now_is: Status, before: Sequence[Mark | None], after: Sequence[Mark | None]
) -> Status | None:
    """The new status of a place in status `now_is` when its marks change. None if it does not change.

    An outcome that came from marks follows them, and becomes not recorded if marks are removed. An outcome from
    elsewhere, such as an imported file, does not change.
    """
    outcome = outcome_of(after)
    if outcome is None and FLAGS[now_is].is_outcome and outcome_of(before) is now_is:
        return Status.CONFIRMED
    return outcome


def has_started(session: EventSession, *, now: datetime) -> bool:
    """Whether the register of `session` can be marked."""
    return now >= session.starts_at


def check_started(session: EventSession, *, now: datetime) -> None:
    """Raises NotStarted before the session starts."""
    if not has_started(session, now=now):
        raise NotStarted("This session has not started yet. Its register can be marked once it has.")


def check_may_be(outcome: Status | None, booking_id: int, *, name: str, is_walk_in: bool) -> None:
    """Raises CameWithoutBooking if a walk-in would become absent."""
    if is_walk_in and outcome is not None and OUTCOME_OF[outcome].counts_as is CountsAs.ABSENT:
        raise CameWithoutBooking(name, booking_id)


def check_reason(why: str) -> None:
    """Raises ReasonNeeded if `why` is empty."""
    if not why.strip():
        raise ReasonNeeded("Say why a mark that was saved before is changing")


def is_correction(was: Mark | None, status: Status, outcome: Status | None) -> bool:
    """Whether a new mark changes something recorded: an earlier mark, or an outcome from elsewhere."""
    return was is not None or (FLAGS[status].is_outcome and outcome is not None and outcome is not status)
