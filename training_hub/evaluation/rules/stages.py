"""The times at which each stage is asked, and the people asked."""

from datetime import timedelta

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.questionnaires.models import Stage

BEFORE_OPENS = timedelta(days=7)
"""How long before the start the "before" form is asked. People who book later are asked at once."""
FOLLOW_UPS = {
    Stage.SIX_WEEKS: timedelta(days=42),
    Stage.THREE_MONTHS: timedelta(days=91),
    Stage.MANAGER: timedelta(days=42),
}
"""How long after the end of the event each later stage falls due."""
ASKED_LATE = timedelta(days=28)
"""How long after it fell due a follow-up is still asked, so that a course with a new follow-up does not ask everyone
who ever attended."""
AT_ONCE = frozenset({Stage.BEFORE, Stage.END})
"""Stages whose invitation is sent by itself at any hour, because the course is near. Others go in the digest."""


def status_asked(stage: Stage) -> Status:
    """The status that a booking must have to be asked at this stage."""
    return Status.CONFIRMED if stage is Stage.BEFORE else Status.COMPLETED


def manager_of(booking: Booking) -> tuple[str, str]:
    """The name and address of the line manager: from the booking, or from the profile if that was changed later.

    The newer name counts, because a lead who books for someone may know better than an old profile.
    """
    person = booking.person
    if person.manager_named_at is not None and person.manager_named_at > booking.asked_at:
        return person.manager_name, person.manager_email.lower()
    return booking.manager_name, booking.manager_email.lower()


def has_manager(booking: Booking) -> bool:
    """Whether the booking has a line manager who is not the same person."""
    return manager_of(booking)[1] not in {"", booking.person.email}
