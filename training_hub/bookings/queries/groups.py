"""What is to be known of the people in a list before they are booked, in as many queries whatever its length."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from training_hub.bookings.models import OPEN, Booking, Equivalence, ReservedPlace, Status
from training_hub.bookings.queries.eligibility import expected_elsewhere
from training_hub.bookings.queries.places import places, shares_at
from training_hub.bookings.rules import Terms
from training_hub.bookings.rules.groups import Known, Room
from training_hub.catalogue.models import Course, Event, Prerequisite
from training_hub.database import db
from training_hub.people.models import Agency, Person


def room_at(event: Event, agency: Agency, terms: Terms, *, now: datetime) -> Room:
    """How full `event` is for people of `agency`, to go through a list with."""
    counted, cap = places(event), terms.cap(now=now)
    return Room(
        free=counted.free,
        waiting=counted.waiting,
        reserved=len(reserved_places(event, agency)) if counted.reserved else 0,
        cap=cap,
        shares={} if cap is None else shares_at(event),
    )


def reserved_places(event: Event, agency: Agency) -> Sequence[ReservedPlace]:
    """The places that `agency` keeps at `event` without a name, the oldest first."""
    return db.session.scalars(
        select(ReservedPlace)
        .where(
            ReservedPlace.event_id == event.id,
            ReservedPlace.agency_id == agency.id,
            ReservedPlace.ended_at.is_(None),
        )
        .order_by(ReservedPlace.id)
    ).all()


def named_place(booking: Booking) -> ReservedPlace | None:
    """The reserved place for which the person of `booking` was named, if it came of one."""
    return db.session.scalar(
        select(ReservedPlace).where(
            ReservedPlace.event_id == booking.event_id, ReservedPlace.booking_id == booking.id
        )
    )


def known_of(emails: Iterable[str], event: Event) -> dict[str, Known]:
    """What is known of whoever has one of these addresses, by address: nothing of those who are new."""
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


def not_of_agency(emails: Iterable[str], agency: Agency) -> tuple[int, int]:
    """How many of these addresses are not of the agency's people, and how many of those are somebody's all the same."""
    asked = set(emails)
    rows = db.session.execute(
        select(Person.agency_id, Person.is_active).where(Person.email.in_(sorted(asked)))
    ).all()
    own = sum(row.is_active and row.agency_id == agency.id for row in rows)
    return len(asked) - own, len(rows) - own


def _open_bookings(person_ids: Sequence[int], event: Event) -> dict[int, Booking]:
    found = db.session.scalars(
        select(Booking)
        .where(Booking.event_id == event.id, Booking.person_id.in_(person_ids), Booking.status.in_(OPEN))
        .options(lazyload(Booking.event), lazyload(Booking.person), lazyload(Booking.agency))
    )
    return {booking.person_id: booking for booking in found}


def completed_by(person_ids: Sequence[int], course_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Who has completed which of these courses, or has something that counts as it."""
    completed = (
        select(Booking.person_id, Event.course_id)
        .join(Event, Booking.event_id == Event.id)
        .where(
            Booking.person_id.in_(person_ids),
            Booking.status == Status.COMPLETED,
            Event.course_id.in_(course_ids),
        )
    )
    equivalent = select(Equivalence.person_id, Equivalence.course_id).where(
        Equivalence.person_id.in_(person_ids),
        Equivalence.course_id.in_(course_ids),
        Equivalence.ended_at.is_(None),
    )
    return {(row[0], row[1]) for row in db.session.execute(completed.union_all(equivalent))}
