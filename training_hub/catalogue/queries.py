"""Read courses, venues, boards and trainers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, func, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from training_hub.access import Role
from training_hub.catalogue.models import Course, Event, EventTrainer, Level, Prerequisite, Venue
from training_hub.database import db, fetch_all
from training_hub.people.models import Agency, Board, Person, RoleHolding


def trained_by(event_id: Any, person_id: int) -> ColumnElement[bool]:
    """The condition that this person trains at the event with the id in this column."""
    return exists().where(EventTrainer.event_id == event_id, EventTrainer.person_id == person_id)


def default_board() -> Board | None:
    """The board for a course that names none. None if there are no boards."""
    return db.session.scalar(select(Board).order_by(Board.is_default.desc(), Board.id).limit(1))


def boards() -> list[Board]:
    """Every board, by name."""
    return fetch_all(select(Board).order_by(Board.name, Board.id))


def board_named(name: str) -> Board | None:
    """The board of this name, ignoring case."""
    return db.session.scalar(select(Board).where(func.lower(Board.name) == name.lower()))


def venues() -> list[Venue]:
    """The venues, by name, at most 500."""
    return fetch_all(select(Venue).order_by(Venue.name, Venue.id).limit(500))


def venue_named(name: str) -> Venue | None:
    """The venue of this name, ignoring case."""
    return db.session.scalar(select(Venue).where(func.lower(Venue.name) == name.lower()))


def course_titled(title: str) -> Course | None:
    """The course of this title, ignoring case."""
    return db.session.scalar(select(Course).where(func.lower(Course.title) == title.lower()))


def course_at(slug: str) -> Course | None:
    """The course at this address."""
    return db.session.scalar(select(Course).where(Course.slug == slug))


def course_choices() -> Sequence[Row[int, str]]:
    """Id and title of every course, by title."""
    return db.session.execute(select(Course.id, Course.title).order_by(Course.title, Course.id)).all()


def courses_by_id(ids: Sequence[int]) -> list[Course]:
    """These courses, by title."""
    if not ids:
        return []
    return fetch_all(select(Course).where(Course.id.in_(ids)).order_by(Course.title, Course.id))


def needed_first() -> dict[int, list[int]]:
    """The ids of the courses to complete before each course, by its id."""
    found: dict[int, list[int]] = {}
    rows = db.session.execute(select(Prerequisite.course_id, Prerequisite.needs_id).limit(5000))
    for course_id, needs_id in rows:
        found.setdefault(course_id, []).append(needs_id)
    return found


def course_addresses() -> dict[str, str]:
    """The title of every course by its address, by title."""
    rows = db.session.execute(select(Course.slug, Course.title).order_by(Course.title, Course.id).limit(500))
    return {row[0]: row[1] for row in rows}


def courses_in_full() -> Sequence[Row[int, str, str, Level, bool, str, int]]:
    """Every course by title, at most 500, with its board and its number of events."""
    events = select(Event.course_id, func.count().label("events")).group_by(Event.course_id).subquery()
    return db.session.execute(
        select(
            Course.id,
            Course.slug,
            Course.title,
            Course.level,
            Course.is_listed,
            Board.name.label("board"),
            func.coalesce(events.c.events, 0).label("events"),
        )
        .join(Board, Course.board_id == Board.id)
        .outerjoin(events, events.c.course_id == Course.id)
        .order_by(Course.title, Course.id)
        .limit(500)
    ).all()


def is_slug_taken(slug: str) -> bool:
    """Whether a course has this address."""
    return db.session.scalar(select(Course.id).where(Course.slug == slug)) is not None


def is_reference_taken(reference: str) -> bool:
    """Whether an event has this reference."""
    return db.session.scalar(select(Event.id).where(Event.reference == reference)) is not None


def event_in_full(event_id: int) -> Event | None:
    """One event with its sessions and trainers, in three queries."""
    return db.session.scalar(
        select(Event)
        .where(Event.id == event_id)
        .options(
            selectinload(Event.sessions),
            selectinload(Event.trainers)
            .joinedload(EventTrainer.person)
            .options(raiseload(Person.holdings), joinedload(Person.agency)),
        )
    )


# Built once: building this statement takes longer than running it, and every page of a course date runs it.
_WITH_SESSIONS = select(Event).where(Event.id == bindparam("id")).options(joinedload(Event.sessions))


def event_with_sessions(event_id: int) -> Event | None:
    """One event with its course, venue and sessions, read in one query."""
    return db.session.scalars(_WITH_SESSIONS, {"id": event_id}).unique().one_or_none()


def trainer_choices() -> Sequence[Row[int, str, str]]:
    """Id, name and agency of everyone who can be a trainer of an event, by name."""
    return db.session.execute(
        select(Person.id, Person.name, Agency.name)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .outerjoin(Agency, Person.agency_id == Agency.id)
        .where(RoleHolding.role == Role.TRAINER, Person.is_active)
        .order_by(Person.name, Person.id)
    ).all()


def people_by_id(ids: Sequence[int]) -> list[Person]:
    """These people, in the order of their ids."""
    if not ids:
        return []
    return fetch_all(select(Person).where(Person.id.in_(ids)).order_by(Person.id))
