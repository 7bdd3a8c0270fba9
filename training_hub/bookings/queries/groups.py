"""Read what is needed to book a list of people, in a fixed number of queries."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import OPEN
from training_hub.bookings.queries.eligibility import completed_by, expected_elsewhere
from training_hub.bookings.rules.groups import Known
from training_hub.catalogue.models import Course, Event, Prerequisite
from training_hub.database import db
from training_hub.people.models import Person


def known_of(emails: Iterable[str], event: Event) -> dict[str, Known]:
    """What is known about the people with these addresses, by address. New people are left out."""
    people = {
        person.email: person
        for person in db.session.scalars(
            select(Person)
            .where(Person.email.in_(sorted(set(emails) - {""})))
            .options(lazyload(Person.holdings))
        )
    }
    ids = [person.id for person in people.values()]
    needed = db.session.scalars(
        select(Course)
        .join(Prerequisite, Prerequisite.needs_id == Course.id)
        .where(Prerequisite.course_id == event.course_id)
        .order_by(Course.title, Course.id)
    ).all()
    existing, elsewhere = _open_bookings(ids, event), expected_elsewhere(ids, event)
    done = completed_by(ids, [course.id for course in needed]) if needed else set()
    known = {
        email: Known(
            person=person,
            existing=existing.get(person.id),
            missing=[course for course in needed if (person.id, course.id) not in done],
            clashes=person.id in elsewhere,
        )
        for email, person in people.items()
    }
    new = Known(missing=needed)
    return {email: known.get(email, new) for email in emails}


def _open_bookings(person_ids: Sequence[int], event: Event) -> dict[int, Booking]:
    found = db.session.scalars(
        select(Booking)
        .where(Booking.event_id == event.id, Booking.person_id.in_(person_ids), Booking.status.in_(OPEN))
        .options(lazyload(Booking.event), lazyload(Booking.person), lazyload(Booking.agency))
    )
    return {booking.person_id: booking for booking in found}
