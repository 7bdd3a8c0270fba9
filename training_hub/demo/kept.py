"""Store the demo's reserved places, and which courses people want to hear about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from training_hub.access import Role
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.demo.cast import SIGNING_IN, Cast
from training_hub.demo.claims import WANTED
from training_hub.demo.courses import COURSES
from training_hub.demo.plan import PlannedEvent


def store_what_is_kept(
    events: Sequence[PlannedEvent],
    event_ids: Sequence[int],
    people: dict[str, tuple[int, int]],
    *,
    now: datetime,
) -> None:
    """Stores places that training leads reserved without names."""
    lead = SIGNING_IN[Role.AGENCY_LEAD]
    rows = [
        {
            "event_id": event_id,
            "agency_id": people[lead.email][1],
            "reserved_at": now - timedelta(days=2),
            "reserved_by_id": people[lead.email][0],
        }
        for event_id, event in zip(event_ids, events, strict=True)
        for _ in range(event.reserved)
    ]
    db.session.execute(insert(ReservedPlace), rows)


def store_who_wants_which(cast: Cast, people: dict[str, tuple[int, int]], *, now: datetime) -> None:
    """Stores who asked to be told when a course next runs."""
    wanting = iter(cast.delegates)
    by_title = {title: key for key, title in db.session.execute(select(Course.id, Course.title))}
    rows = []
    for course, number in WANTED.items():
        for days in range(number, 0, -1):
            person_id, agency_id = people[next(wanting).email]
            rows.append(
                {
                    "course_id": by_title[COURSES[course].title],
                    "person_id": person_id,
                    "agency_id": agency_id,
                    "asked_at": now - timedelta(days=3 * days),
                }
            )
    db.session.execute(insert(Interest), rows)
