"""When each stage is asked, and of whom (domain 6)."""

from datetime import timedelta

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.questionnaires.models import Stage

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


def manager_of(booking: Booking) -> tuple[str, str]:
    """The name and the address of the line manager: as named on the booking, or since then by the person or an officer.

    The newest word counts: whoever books for somebody may know better than what the person wrote long ago.
    """
    person = booking.person
    if person.manager_named_at is not None and person.manager_named_at > booking.asked_at:
        return person.manager_name, person.manager_email.lower()
    return booking.manager_name, booking.manager_email.lower()


def has_manager(booking: Booking) -> bool:
    """Whether somebody other than the person themselves is their line manager."""
    return manager_of(booking)[1] not in {"", booking.person.email}
