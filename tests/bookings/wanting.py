"""Shared by tests of interest: people who want a course, and the bookings and emails that follow."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.interest import Interest
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Agency, Person

SOON = NOW + timedelta(days=30)
HOUR = timedelta(hours=1)
UNHEARD: dict[str, Any] = {"interested_told_at": None, "has_places_since": None}


def wants(course: Course, *names: str, of: Agency | None = None) -> list[Person]:
    """People of these names who asked to be told about `course`, in this order, an hour apart."""
    people = [make.person(name, of=of) for name in names]
    for number, person in enumerate(people):
        asked_at = NOW - timedelta(days=9) + number * HOUR
        db.session.add(Interest(course=course, person=person, agency_id=person.agency_id, asked_at=asked_at))
    db.session.flush()
    return people


def a_date(course: Course, capacity: int = 1, *, starts_at: datetime = SOON, **columns: Any) -> Event:
    """A date of `course` that nobody has heard about, published unless `columns` say otherwise."""
    return make.event(course, starts_at=starts_at, capacity=capacity, **{**UNHEARD, **columns})


def at(event: Event) -> list[tuple[str, Status]]:
    """Who has which booking at `event`, in the order in which they were made."""
    rows = db.session.scalars(select(Booking).where(Booking.event_id == event.id).order_by(Booking.id))
    return [(row.person.name, row.status) for row in rows]


def letters() -> list[tuple[str, str]]:
    """Each email and who got it, in order."""
    rows = db.session.execute(select(Mail.to_name, Mail.template).order_by(Mail.id))
    return [(row.to_name, row.template) for row in rows]


def still_wanting(course: Course) -> list[str]:
    """The people who still wait to be told about `course`."""
    rows = db.session.scalars(
        select(Interest)
        .where(Interest.course_id == course.id, Interest.ended_at.is_(None))
        .order_by(Interest.asked_at, Interest.id)
    )
    return [row.person.name for row in rows]
