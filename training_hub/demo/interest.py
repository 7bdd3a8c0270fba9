"""Store the demo's reserved places, and which courses people want to hear about."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from training_hub.access import Role
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.demo.cast import SIGNING_IN, Cast
from training_hub.demo.claims import WANTED
from training_hub.demo.plan import PlannedEvent
from training_hub.people.models import Person


def store_reserved_places(
    events: Sequence[tuple[PlannedEvent, Event]], people: Mapping[str, Person], *, now: datetime
) -> None:
    """Store places that the training lead reserved without names."""
    lead = people[SIGNING_IN[Role.AGENCY_LEAD].email]
    at = now - timedelta(days=2)
    db.session.add_all(
        ReservedPlace(event_id=event.id, agency_id=lead.agency_id, reserved_at=at, reserved_by_id=lead.id)
        for plan, event in events
        for _ in range(plan.reserved)
    )


def store_interest(
    cast: Cast, courses: Mapping[str, Course], people: Mapping[str, Person], *, now: datetime
) -> None:
    """Store who asked to be told when a course next runs."""
    interested = iter(cast.delegates)
    for course, number in WANTED.items():
        for days in range(number, 0, -1):
            person = people[next(interested).email]
            at = now - timedelta(days=3 * days)
            db.session.add(
                Interest(
                    course_id=courses[course].id,
                    person_id=person.id,
                    agency_id=person.agency_id,
                    asked_at=at,
                )
            )
