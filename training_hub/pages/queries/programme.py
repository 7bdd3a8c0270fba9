"""Questions about the programme: the published dates that are to come, as lists and pages show them.

Lists read columns, not objects: a page of them costs three queries whatever it holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import OPEN, Status
from training_hub.bookings.queries.availability import availability_of_each
from training_hub.bookings.rules.terms import terms_of
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus, Level, Venue
from training_hub.database import db
from training_hub.london import at_london, london, london_date
from training_hub.pages.rules import DateCard, DateRow
from training_hub.people.models import Board
from training_hub.policies.queries import IN_ROW as PARTNERSHIP

DATES_ON_A_PAGE = 24
MOST_DATES = 100
MOST_SEARCHED = 600
CALENDAR_LOOKS_BACK = timedelta(days=31)

COMING: tuple[ColumnElement[bool], ...] = (
    Event.status == EventStatus.PUBLISHED,
    Course.is_listed.is_(True),
    Event.starts_at > bindparam("now"),
)
"""An event is published, of a listed course, and has not begun at the moment `now`."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """What someone looks for in the programme. What is empty does not narrow it."""

    words: tuple[str, ...] = ()
    course: str = ""
    board: str = ""
    level: Level | None = None
    month: date | None = None
    """The first day of the month."""
    is_online: bool | None = None
    only_free: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for at all."""
        return self != Search()

    @property
    def chosen(self) -> int:
        """How many things were asked for."""
        asked = (self.words, self.course, self.board, self.level, self.month, self.only_free)
        return sum(1 for value in asked if value) + (self.is_online is not None)


@dataclass(frozen=True)
class Choices:
    """What the programme can be narrowed to: only what it holds. Courses and boards are (address, name)."""

    courses: tuple[tuple[str, str], ...]
    boards: tuple[tuple[str, str], ...]
    levels: tuple[Level, ...]
    last_day: date | None


# Statements are put together once: that takes longer than the answer does, and the programme is what most people open.
_ROWS = (
    select(
        Event.id,
        Event.starts_at,
        Event.ends_at,
        Event.capacity,
        Event.is_online,
        Venue.name,
        Course.slug,
        Course.title,
        Course.policies,
        Event.policies,
        PARTNERSHIP,
    )
    .join(Course, Event.course_id == Course.id)
    .join(Board, Course.board_id == Board.id)
    .outerjoin(Venue, Event.venue_id == Venue.id)
    .where(*COMING)
    .order_by(Event.starts_at, Event.id)
)
_ROWS_AND_TOTAL = _ROWS.add_columns(func.count().over()).limit(DATES_ON_A_PAGE).offset(bindparam("passed"))
_CHOICES = (
    select(Course.slug, Course.title, Course.level, Board.slug, Board.name, func.max(Event.starts_at))
    .select_from(Event)
    .join(Course, Event.course_id == Course.id)
    .join(Board, Course.board_id == Board.id)
    .where(*COMING)
    .group_by(Course.id, Course.slug, Course.title, Course.level, Board.slug, Board.name)
    .order_by(Course.title, Course.id)
)
_OWN = select(Booking.event_id, Booking.reference, Booking.status).where(
    Booking.person_id == bindparam("person"),
    Booking.event_id.in_(bindparam("events")),
    Booking.status.in_(OPEN),
)


def choices(*, now: datetime) -> Choices:
    """What there is to choose from in the coming programme."""
    rows = db.session.execute(_CHOICES, {"now": now}).all()
    levels = {row[2] for row in rows}
    return Choices(
        courses=tuple((row[0], row[1]) for row in rows),
        boards=tuple(sorted({(row[3], row[4]) for row in rows}, key=lambda board: (board[1], board[0]))),
        levels=tuple(level for level in Level if level in levels),
        last_day=max((london_date(row[5]) for row in rows), default=None),
    )


def listing(
    search: Search, *, now: datetime, page: int, agency_id: int | None = None
) -> tuple[list[DateCard], int]:
    """One page of the dates that `search` finds, soonest first, as people of the agency with this id see them, and how
    many it finds in all."""
    narrowed = _narrowed(search)
    passed = (page - 1) * DATES_ON_A_PAGE
    if search.only_free:
        # Policies decide as well, which no statement can weigh: the rule is asked about each date.
        rows = db.session.execute(_ROWS.where(*narrowed).limit(MOST_SEARCHED), {"now": now}).all()
        free = [card for card in _cards(rows, agency_id, now=now) if card.availability.is_free]
        return free[passed : passed + DATES_ON_A_PAGE], len(free)
    statement = _ROWS_AND_TOTAL.where(*narrowed) if narrowed else _ROWS_AND_TOTAL
    rows = db.session.execute(statement, {"now": now, "passed": passed}).all()
    if not rows and page > 1:
        # An address of a page that is no longer there still says how many pages there are.
        return [], int(
            db.session.scalar(
                select(func.count())
                .select_from(Event)
                .join(Course, Event.course_id == Course.id)
                .join(Board, Course.board_id == Board.id)
                .where(*COMING, *narrowed),
                {"now": now},
            )
            or 0
        )
    return _cards(rows, agency_id, now=now), int(rows[0][11]) if rows else 0


def next_dates(*, now: datetime, limit: int, agency_id: int | None = None) -> list[DateCard]:
    """The next dates of the whole programme, as people of the agency with this id see them."""
    rows = db.session.execute(_ROWS.limit(limit), {"now": now}).all()
    return _cards(rows, agency_id, now=now)


def dates_of(
    course_id: int, *, now: datetime, agency_id: int | None = None, but: int = 0, limit: int = MOST_DATES
) -> list[DateCard]:
    """The coming dates of one course, but for the event with the id `but`, as people of the agency with this id see
    them."""
    wanted = (Event.course_id == course_id, Event.id != but)
    rows = db.session.execute(_ROWS.where(*wanted).limit(limit), {"now": now}).all()
    return _cards(rows, agency_id, now=now)


def _cards(rows: Sequence[Any], agency_id: int | None, *, now: datetime) -> list[DateCard]:
    """The dates in `rows`, and whether people of the agency with this id can book them; in one query more."""
    terms = {row[0]: terms_of(row[1], row[10] or {}, row[8], row[9]) for row in rows}
    # A card shows each moment several times: it is converted to London's time once.
    dates = [DateRow(row[0], london(row[1]), london(row[2]), *row[3:8]) for row in rows]
    found = availability_of_each(dates, terms, agency_id, now=now)
    return [DateCard(date, found[date.id]) for date in dates]


def own_states(person_id: int, events: Iterable[int]) -> dict[int, tuple[str, Status]]:
    """Reference and status of the open booking that this person has at each of `events`."""
    rows = db.session.execute(_OWN, {"person": person_id, "events": list(events)})
    return {row[0]: (row[1], row[2]) for row in rows}


def in_calendar(search: Search, *, now: datetime) -> Sequence[Any]:
    """The sessions of the calendar feed, soonest first: what is published or was called off, from a month ago on."""
    return db.session.execute(
        select(
            Event.id,
            Event.status,
            Event.sequence,
            Event.is_online,
            Event.entered_at,
            Event.called_off_at,
            EventSession.number,
            EventSession.starts_at,
            EventSession.ends_at,
            Course.title,
            Course.summary,
            Venue.name.label("venue"),
            Venue.address,
        )
        .select_from(Event)
        .join(EventSession, EventSession.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .join(Board, Course.board_id == Board.id)
        .outerjoin(Venue, Event.venue_id == Venue.id)
        .where(
            Event.status.in_([EventStatus.PUBLISHED, EventStatus.CALLED_OFF]),
            Course.is_listed,
            Event.starts_at > now - CALENDAR_LOOKS_BACK,
            *_narrowed(search),
        )
        .order_by(Event.starts_at, Event.id, EventSession.number)
        .limit(MOST_SEARCHED)
    ).all()


def listed_courses() -> Sequence[Any]:
    """Address, title and length of every course that is listed, by title."""
    return db.session.execute(
        select(Course.slug, Course.title, Course.length)
        .where(Course.is_listed)
        .order_by(Course.title, Course.id)
        .limit(MOST_DATES)
    ).all()


def _narrowed(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Course.title.icontains(word, autoescape=True) for word in search.words
    ]
    if search.course:
        found.append(Course.slug == search.course)
    if search.board:
        found.append(Board.slug == search.board)
    if search.level is not None:
        found.append(Course.level == search.level)
    if search.month is not None:
        after = (search.month + timedelta(days=32)).replace(day=1)
        found += [Event.starts_at >= at_london(search.month), Event.starts_at < at_london(after)]
    if search.is_online is not None:
        found.append(Event.is_online.is_(search.is_online))
    return found
