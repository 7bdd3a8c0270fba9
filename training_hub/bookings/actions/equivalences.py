"""Record that something else counts as completing a course."""

from datetime import datetime

from training_hub.bookings.models.equivalences import Equivalence
from training_hub.bookings.queries.equivalences import equivalence
from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people.models import Person


class AlreadyCounts(Refused):
    """There is a record for this course already."""


def record_equivalence(
    person: Person, course: Course, *, reason: str, by: Person, now: datetime
) -> Equivalence:
    """Record that something `person` has done counts as `course`, where that must be completed first.

    It is not a booking, and in no figure. Raises AlreadyCounts if there is a record already.
    """
    if equivalence(person.id, course.id) is not None:
        raise AlreadyCounts(
            f"There is a record for {course.title} already. To change the reason, remove that record first."
        )
    row = Equivalence(person_id=person.id, course=course, reason=reason, at=now, by=by)
    db.session.add(row)
    return row


def remove_equivalence(row: Equivalence, *, by: Person, now: datetime) -> None:
    """Stop counting it. The record stays and names the person who removed it. Places booked with it stay."""
    row.ended_at, row.ended_by = now, by
