"""When each stage is asked, and of whom (domain 6)."""

from datetime import timedelta

from training_hub.bookings.models import Booking, Status
from training_hub.evaluation.models import Stage

BEFORE_OPENS = timedelta(days=7)
"""How long before the start a course that asks before it is asked about; who books later is asked at once."""
FOLLOW_UPS = {
    Stage.SIX_WEEKS: timedelta(days=42),
    Stage.THREE_MONTHS: timedelta(days=91),
    Stage.MANAGER: timedelta(days=42),
}
"""How long after the end of the event each of the later stages falls due."""
ASKED_LATE = timedelta(days=28)
"""How long after it fell due a follow-up is still asked: a course that begins to ask does not write to everyone who
ever came."""
AT_ONCE = frozenset({Stage.BEFORE, Stage.END})
"""The stages whose invitation is a mail of its own that leaves at any hour: there is a course to come, or just over.
Every other is asked in the mail of the day, among the reminders."""


def status_asked(stage: Stage) -> Status:
    """The status in which a booking owes this stage."""
    return Status.CONFIRMED if stage is Stage.BEFORE else Status.COMPLETED


def has_manager(booking: Booking) -> bool:
    """Whether somebody other than the person themselves is named as their line manager."""
    return booking.manager_email.lower() not in {"", booking.person.email}
