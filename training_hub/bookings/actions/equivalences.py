"""Record that something else counts as completing a course."""

from datetime import datetime

from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.queries.equivalences import equivalence
from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people.models import Person


class AlreadyCounts(Refused):
    """The person already has a record for this course."""


def record_equivalence(
    person: Person, course: Course, *, reason: str, by: Person, now: datetime
) -> Equivalence:
    """Record that something `person` has done counts as `course`, where that must be completed first.

    The record is not a booking, and no figure counts it. Raises AlreadyCounts if there is a record already.
    """
    if equivalence(person.id, course.id) is not None:
        raise AlreadyCounts(
            f"There is a record for {course.title} already. To change the reason, remove that record first."
        )
    row = Equivalence(person_id=person.id, course=course, reason=reason, at=now, by=by)
    db.session.add(row)
    return row


def remove_equivalence(row: Equivalence, *, by: Person, now: datetime) -> None:
    """End an equivalence, and record who did so. Places booked because of it are kept."""
    row.ended_at, row.ended_by = now, by
