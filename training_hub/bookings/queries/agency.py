"""One agency's upcoming bookings and reserved places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from training_hub.access import Actor, Permission, Statement, within
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.reserved import ReservedPlace
from training_hub.bookings.models.status import OPEN, Status
from training_hub.bookings.queries.reserved import unnamed
from training_hub.bookings.queries.terms import terms_of_each
from training_hub.bookings.queries.waiting_list import waiting_positions
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import PageOf, db, page_of
from training_hub.people.models import Agency, Person

DATES_ON_A_PAGE = 10
MOST_PEOPLE = 600
"""More than an agency ever has at ten dates."""
MOST_AWAITED = 50


def agency_to_act_for(agency_id: int | None, actor: Actor, permission: Permission) -> Agency | None:
    """The agency, if `actor` holds `permission` over it. Without an id, the actor's own agency."""
    wanted = agency_id if agency_id is not None else actor.agency_id
    if wanted is None or not 0 < wanted < 2**31:
        return None
    return db.session.scalar(
        within(select(Agency).where(Agency.id == wanted), actor, permission, agency=Agency.id)
    )


@dataclass(frozen=True)
class AgencyDate:
    """An upcoming course date, with an agency's bookings and reserved places at it."""

    event: Event
    people: Sequence[tuple[Any, int | None]]
    """Bookings by name: reference, status, deadline and person; and the position on the waiting list."""
    reserved: int
    terms: Terms


@dataclass(frozen=True)
class Awaited:
    """What has to be done by a deadline: name people, decide on a request, answer an offer."""

    reserved: Sequence[Any]
    """Event and number of unnamed places, soonest first."""
    undecided: Sequence[Any]
    """Requests and offers: reference, status, deadline, person and course."""


def coming_of(agency: Agency, actor: Actor, *, now: datetime, page: int = 1) -> PageOf[AgencyDate]:
    """One page of upcoming dates where `agency` has people, as at booking, or reserved places.

    Only bookings that `actor` may see. Soonest date first, ten dates to a page.
    """
    theirs = _bookings(select(Booking.id).where(Booking.event_id == Event.id), agency, actor)
    keeps = exists().where(ReservedPlace.event_id == Event.id, *unnamed(agency))
    coming = and_(Event.status == EventStatus.PUBLISHED, Event.ends_at > now, or_(theirs.exists(), keeps))
    statement = (
        select(Event)
        .where(coming)
        .order_by(Event.starts_at, Event.id)
        .options(joinedload(Event.course).lazyload(Course.board), lazyload(Event.sessions))
    )
    listed = page_of(statement, page, size=DATES_ON_A_PAGE, key=Event.id)
    events = [row[0] for row in listed.rows]
    ids = [event.id for event in events]
    people = _people_at(ids, agency, actor)
    reserved = {
        row[0]: int(row[1])
        for row in db.session.execute(
            select(ReservedPlace.event_id, func.count())
            .where(ReservedPlace.event_id.in_(ids), *unnamed(agency))
            .group_by(ReservedPlace.event_id)
        )
    }
    terms = terms_of_each(events)
    return listed.holding(
        [
            AgencyDate(event, people.get(event.id, []), reserved.get(event.id, 0), terms[event.id])
            for event in events
        ]
    )


def _bookings(statement: Statement, agency: Agency, actor: Actor) -> Statement:
    """Narrow `statement` to open bookings of `agency` that `actor` may see for it.

    Leaves out bookings that the actor may see only as their own, or as a trainer.
    """
    kept = statement.where(Booking.agency_id == agency.id, Booking.status.in_(OPEN))
    return within(kept, actor, Permission.SEE_BOOKINGS, agency=Booking.agency_id)


def _people_at(
    event_ids: Sequence[int], agency: Agency, actor: Actor
) -> Mapping[int, list[tuple[Any, int | None]]]:
    statement = (
        select(
            Booking.id, Booking.event_id, Booking.reference, Booking.status, Booking.decide_by, Person.name
        )
        .join(Person, Booking.person_id == Person.id)
        .where(Booking.event_id.in_(event_ids))
        .order_by(func.lower(Person.name), Booking.id)
        .limit(MOST_PEOPLE)
    )
    rows = db.session.execute(_bookings(statement, agency, actor)).all()
    turns = waiting_positions(rows) if rows else {}
    found: dict[int, list[tuple[Any, int | None]]] = {}
    for row in rows:
        found.setdefault(row.event_id, []).append((row, turns.get(row.id)))
    return found


def awaited_of(agency: Agency, actor: Actor, *, now: datetime) -> Awaited:
    """What `agency`, its people and their managers have to do about upcoming dates."""
    reserved = db.session.execute(
        select(Event.id, Event.starts_at, Course.title, func.count().label("number"))
        .select_from(ReservedPlace)
        .join(Event, ReservedPlace.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(*unnamed(agency), Event.status == EventStatus.PUBLISHED, Event.starts_at > now)
        .group_by(Event.id, Event.starts_at, Course.title)
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_AWAITED)
    ).all()
    undecided = (
        select(
            Booking.reference, Booking.status, Booking.decide_by, Person.name, Course.title, Event.starts_at
        )
        .join(Person, Booking.person_id == Person.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(
            Booking.status.in_([Status.REQUESTED, Status.OFFERED]),
            Event.status == EventStatus.PUBLISHED,
            Event.starts_at > now,
        )
        .order_by(Booking.decide_by, Booking.id)
        .limit(MOST_AWAITED)
    )
    return Awaited(reserved, db.session.execute(_bookings(undecided, agency, actor)).all())


def booked_here(references: Sequence[str], event: Event, agency: Agency, actor: Actor) -> Sequence[Any]:
    """The agency's bookings at `event` with these references, by name, whatever their status now."""
    statement = (
        select(Booking.id, Booking.reference, Booking.status, Person.name)
        .join(Person, Booking.person_id == Person.id)
        .where(
            Booking.reference.in_(references), Booking.event_id == event.id, Booking.agency_id == agency.id
        )
        .order_by(func.lower(Person.name), Booking.id)
        .limit(MOST_PEOPLE)
    )
    return db.session.execute(
        within(statement, actor, Permission.SEE_BOOKINGS, agency=Booking.agency_id)
    ).all()
