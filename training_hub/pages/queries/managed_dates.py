"""Read course dates for officers, including drafts and past ones."""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from training_hub.bookings.queries.availability import places_of
from training_hub.bookings.rules.places import Places
from training_hub.catalogue.models import Course, Event, EventStatus, EventTrainer, Venue, place_name
from training_hub.database import db

EVENTS_ON_A_PAGE = 50


class Show(enum.Enum):
    """Which course dates to list."""

    COMING = "coming"
    PAST = "past"
    DRAFTS = "drafts"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ManagedRow:
    """One course date in the list for officers."""

    id: int
    reference: str
    status: EventStatus
    starts_at: datetime
    ends_at: datetime
    capacity: int
    is_online: bool
    venue: str | None
    title: str
    trainers: int

    @property
    def place(self) -> str:
        """Where the date is, in words."""
        return place_name(self.is_online, self.venue)


def managed(
    show: Show, *, course: str, now: datetime, page: int
) -> tuple[list[tuple[ManagedRow, Places]], int]:
    """One page of course dates with their places, and the total. Past dates are latest first."""
    trainers = (
        select(func.count()).where(EventTrainer.event_id == Event.id).correlate(Event).scalar_subquery()
    )
    wanted = _shown(show, now)
    if course:
        wanted.append(Course.slug == course)
    backwards = show in (Show.PAST, Show.ALL)
    order = (Event.starts_at.desc(), Event.id.desc()) if backwards else (Event.starts_at, Event.id)
    statement: Any = select(
        Event.id,
        Event.reference,
        Event.status,
        Event.starts_at,
        Event.ends_at,
        Event.capacity,
        Event.is_online,
        Venue.name,
        Course.title,
        trainers,
    )
    rows = [
        ManagedRow(*row)
        for row in db.session.execute(
            statement.join(Course, Event.course_id == Course.id)
            .outerjoin(Venue, Event.venue_id == Venue.id)
            .where(*wanted)
            .order_by(*order)
            .limit(EVENTS_ON_A_PAGE)
            .offset((page - 1) * EVENTS_ON_A_PAGE)
        )
    ]
    total = db.session.scalar(
        select(func.count()).select_from(Event).join(Course, Event.course_id == Course.id).where(*wanted)
    )
    places = places_of(rows) if rows else {}
    return [(row, places[row.id]) for row in rows], int(total or 0)


def _shown(show: Show, now: datetime) -> list[ColumnElement[bool]]:
    if show is Show.COMING:
        return [Event.status != EventStatus.DRAFT, Event.ends_at >= now]
    if show is Show.PAST:
        return [Event.status != EventStatus.DRAFT, Event.ends_at < now]
    return [Event.status == EventStatus.DRAFT] if show is Show.DRAFTS else []
