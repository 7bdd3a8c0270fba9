"""People who asked to be told when a course next runs, and the dates about which they have not been told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.interest import DateTold, Interest
from training_hub.bookings.models.status import CLAIMS, OPEN, Status
from training_hub.bookings.queries.terms import terms_of_each
from training_hub.bookings.rules.availability import is_open
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import PageOf, db, page_of
from training_hub.people.models import Agency, Person
from training_hub.policies.queries import partnership
from training_hub.policies.rules import Policies, policies_of

MOST_OWN = 100
MOST_AGENCIES = 300
NAMES_ON_A_PAGE = 50
MOST_AT_ONCE = 500
P = Permission


@dataclass(frozen=True)
class Demand:
    """How many people want a course to run, and when the first of them asked."""

    people: int
    since: datetime


def own_interest(person_id: int, course_id: int) -> Interest | None:
    """This person's open interest in this course."""
    return db.session.scalar(
        select(Interest).where(
            Interest.person_id == person_id, Interest.course_id == course_id, Interest.ended_at.is_(None)
        )
    )


def own_interests(person_id: int) -> Sequence[Row[str, str, datetime]]:
    """Slug, title and moment of each course this person asked about, oldest first."""
    return db.session.execute(
        select(Course.slug, Course.title, Interest.asked_at)
        .join(Course, Interest.course_id == Course.id)
        .where(Interest.person_id == person_id, Interest.ended_at.is_(None))
        .order_by(Interest.asked_at, Interest.id)
        .limit(MOST_OWN)
    ).all()


def has_coming_place(person_id: int, course_id: int, *, now: datetime) -> bool:
    """Whether this person has a place at a date of the course that is not over."""
    found = select(Booking.id).where(Booking.person_id == person_id, _coming_place(course_id, now)).limit(1)
    return db.session.scalar(found.join(Event, Booking.event_id == Event.id)) is not None


def _coming_place(course_id: int, now: datetime) -> ColumnElement[bool]:
    return and_(Event.course_id == course_id, Event.ends_at > now, Booking.status == Status.CONFIRMED)


def policies_for(course: Course) -> Policies:
    """The policies of `course`, ignoring those of its dates."""
    return policies_of(partnership(), course.policies)


def demand(actor: Actor, course_id: int | None = None) -> dict[int, Demand]:
    """How many people want each course (or only `course`) to run, by course id, as far as `actor` may see."""
    statement = (
        select(Interest.course_id, func.count(), func.min(Interest.asked_at))
        .join(Person, Interest.person_id == Person.id)
        .where(Interest.ended_at.is_(None), Person.is_active)
        .group_by(Interest.course_id)
    )
    if course_id is not None:
        statement = statement.where(Interest.course_id == course_id)
    rows = db.session.execute(within(statement, actor, P.MANAGE_WAITING_LISTS))
    return {row[0]: Demand(int(row[1]), row[2]) for row in rows}


def demand_by_agency(actor: Actor, course_id: int) -> Sequence[Any]:
    """The agencies of the people who want a course: name, number and first request, most first."""
    statement = (
        select(Agency.name, func.count().label("people"), func.min(Interest.asked_at).label("since"))
        .join(Agency, Interest.agency_id == Agency.id)
        .join(Person, Interest.person_id == Person.id)
        .where(Interest.course_id == course_id, Interest.ended_at.is_(None), Person.is_active)
        .group_by(Agency.id, Agency.name)
        .order_by(func.count().desc(), Agency.name, Agency.id)
        .limit(MOST_AGENCIES)
    )
    return db.session.execute(within(statement, actor, P.MANAGE_WAITING_LISTS)).all()


def who_wants(actor: Actor, course_id: int, *, page: int) -> PageOf[Any]:
    """One page of the people who want a course, oldest first, as far as `actor` may see them."""
    statement = (
        select(Person.name, Person.job_role, Agency.name.label("agency"), Interest.asked_at)
        .join(Person, Interest.person_id == Person.id)
        .join(Agency, Interest.agency_id == Agency.id)
        .where(Interest.course_id == course_id, Interest.ended_at.is_(None), Person.is_active)
        .order_by(Interest.asked_at, Interest.id)
    )
    theirs = within(statement, actor, P.MANAGE_WAITING_LISTS)
    return page_of(theirs, page, size=NAMES_ON_A_PAGE, key=Interest.id)


def interested_in(event: Event, *, now: datetime) -> list[tuple[Interest, bool, bool]]:
    """Everyone who wants the course of `event` to run, in the order in which they asked.

    Each row says whether the person has an open booking here, or a claim elsewhere from their interest, and
    whether they have a place at a date of the course that is not over. Reads everyone, because people left out
    would lose their turn.
    """
    elsewhere = and_(
        Event.course_id == event.course_id,
        Event.starts_at > now,
        Booking.status.in_(CLAIMS),
        _came_of_interest(),
    )
    booked = (
        select(Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .where(
            Booking.person_id == Interest.person_id,
            Booking.status.in_(OPEN),
            or_(Booking.event_id == event.id, elsewhere),
        )
        .correlate(Interest)
        .exists()
    )
    place = (
        select(Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .where(Booking.person_id == Interest.person_id, _coming_place(event.course_id, now))
        .correlate(Interest)
        .exists()
    )
    rows = db.session.execute(
        select(Interest, booked, place)
        .join(Person, Interest.person_id == Person.id)
        .where(Interest.course_id == event.course_id, Interest.ended_at.is_(None), Person.is_active)
        .order_by(Interest.asked_at, Interest.id)
        .options(
            lazyload(Interest.course),
            joinedload(Interest.person).options(joinedload(Person.agency), lazyload(Person.holdings)),
        )
    )
    return [(row[0], bool(row[1]), bool(row[2])) for row in rows]


def dates_to_tell_of(*, now: datetime) -> list[int]:
    """Ids of coming dates that can be booked, and about which people who asked have not been told."""
    rows = db.session.scalars(
        select(Event)
        .join(Course, Event.course_id == Course.id)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.starts_at > now,
            Event.interested_told_at.is_(None),
            Course.is_listed,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_AT_ONCE)
    ).all()
    terms = terms_of_each(rows)
    return [event.id for event in rows if is_open(event, terms[event.id], now=now)]


def joined_untold(*, now: datetime) -> Sequence[int]:
    """Ids of offers and turns at coming dates about which the person has not been told yet, in order."""
    return db.session.scalars(
        select(Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .where(
            Event.starts_at > now,
            Booking.status.in_([Status.WAITING, Status.OFFERED]),
            ~Booking.is_told,
        )
        .order_by(Booking.asked_at, Booking.id)
        .limit(MOST_AT_ONCE)
    ).all()


def told_of(event: Event) -> set[int]:
    """Ids of people who were told about `event` without having asked for this date."""
    return set(db.session.scalars(select(DateTold.person_id).where(DateTold.event_id == event.id)))


def asked_for_any_date(bookings: Iterable[Booking]) -> set[int]:
    """Ids of those `bookings` that came from interest in the course, not from asking for a date."""
    ids = [booking.id for booking in bookings]
    return set(db.session.scalars(select(Booking.id).where(Booking.id.in_(ids), _came_of_interest())))


def _came_of_interest() -> ColumnElement[bool]:
    """The condition that a booking came from interest in the course, not from asking for a date."""
    return exists().where(
        BookingChange.booking_id == Booking.id,
        BookingChange.was.is_(None),
        BookingChange.cause == Cause.INTEREST,
    )


def has_place_at(course_id: Any, *, now: datetime) -> ColumnElement[bool]:
    """The condition that the booked person has a place at a date of this course that is not over."""
    place, date = aliased(Booking), aliased(Event)
    return (
        select(place.id)
        .join(date, place.event_id == date.id)
        .where(
            place.person_id == Booking.person_id,
            place.status == Status.CONFIRMED,
            date.course_id == course_id,
            date.ends_at > now,
        )
        .correlate(Booking, Event)
        .exists()
    )


def claims_not_needed(*, now: datetime) -> Sequence[int]:
    """Ids of offers and turns from asking for a course, whose people now have a place on it.

    Leaves out those about which someone, such as an officer, has decided since.
    """
    has_place = has_place_at(Event.course_id, now=now)
    is_decided = exists().where(BookingChange.booking_id == Booking.id, BookingChange.by_id.is_not(None))
    return db.session.scalars(
        select(Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .where(Event.starts_at > now, Booking.status.in_(CLAIMS), _came_of_interest(), has_place, ~is_decided)
        .order_by(Event.starts_at, Booking.id)
        .limit(MOST_AT_ONCE)
    ).all()
