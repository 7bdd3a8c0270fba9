"""What follows from marks, when a register can be marked, and what a correction needs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from training_hub.attendance.models import Mark
from training_hub.bookings.models.status import FLAGS, OUTCOME_OF, RECORDED, CountsAs, Status
from training_hub.catalogue.models import EventSession
from training_hub.errors import Refused

CAME = frozenset({Mark.PRESENT, Mark.LATE})

DECIDABLE = (*RECORDED, Status.CONFIRMED)
"""What an officer can decide; confirmed says that nothing is recorded."""


class NotStarted(Refused):
    """A register is marked from the moment its session starts."""


class ReasonNeeded(Refused):
    """What was saved before does not change without a reason."""


class CameWithoutBooking(Refused):
    """A walk-in is someone who came; `booking_id` says which of many."""

    def __init__(self, name: str, booking_id: int) -> None:
        super().__init__(
            f"{name} came without a booking, so cannot be absent from the whole course. "
            "If they were added by mistake, take them off the register instead."
        )
        self.booking_id = booking_id


class MarkedMeanwhile(Refused):
    """Somebody else saved other marks since the page was opened: by booking, the mark that stands now."""

    def __init__(self, marks: Mapping[int, Mark | None]) -> None:
        super().__init__("Somebody else has saved this register since you opened it. Open it again.")
        self.marks = dict(marks)


class ChangedMeanwhile(Refused):
    """What was decided upon is no longer so."""


def outcome_of(marks: Sequence[Mark | None]) -> Status | None:
    """What became of a place with these marks, one for each session, None where there is none (domain 3).

    None while it depends on marks that are still to come: nobody becomes a non-attender, or a part attender,
    because a register was forgotten.
    """
    given = set(marks) - {None}
    if Mark.LEFT_EARLY in given or (Mark.ABSENT in given and given & CAME):
        return Status.PARTIAL
    if None in marks or not given:
        return None
    return Status.DID_NOT_ATTEND if given == {Mark.ABSENT} else Status.COMPLETED


def outcome_after(
    stands: Status, before: Sequence[Mark | None], after: Sequence[Mark | None]
) -> Status | None:
    """What becomes of a place in status `stands` when its marks change; None where they say nothing about it.

    An outcome that came from the marks goes with them: corrected back to what is still open, nothing is recorded.
    One that came from elsewhere, such as a file, stays.
    """
    outcome = outcome_of(after)
    if outcome is None and FLAGS[stands].is_outcome and outcome_of(before) is stands:
        return Status.CONFIRMED
    return outcome


def has_started(session: EventSession, *, now: datetime) -> bool:
    """Whether the register of `session` can be marked."""
    return now >= session.starts_at


def check_started(session: EventSession, *, now: datetime) -> None:
    """Raises NotStarted before the session."""
    if not has_started(session, now=now):
        raise NotStarted("This session has not started yet. Its register can be marked once it has.")


def check_may_be(outcome: Status | None, booking_id: int, *, name: str, is_walk_in: bool) -> None:
    """Raises CameWithoutBooking where a walk-in would become absent: a walk-in came."""
    if is_walk_in and outcome is not None and OUTCOME_OF[outcome].counts_as is CountsAs.ABSENT:
        raise CameWithoutBooking(name, booking_id)


def check_reason(why: str) -> None:
    """Raises ReasonNeeded where none is given."""
    if not why.strip():
        raise ReasonNeeded("Say why a mark that was saved before is changing")


def is_correction(was: Mark | None, status: Status, outcome: Status | None) -> bool:
    """Whether a new mark changes what was recorded before: a mark, or an outcome that came from elsewhere."""
    return was is not None or (FLAGS[status].is_outcome and outcome is not None and outcome is not status)
