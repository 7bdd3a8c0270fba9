"""Read the programme of upcoming published dates. A page takes three queries, whatever its length."""

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
"""The condition for published events of listed courses that have not started at `now`."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """A search of the programme. Empty fields do not narrow it."""

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
        """Whether anything was chosen."""
        return self != Search()

    @property
    def chosen(self) -> int:
        """How many filters the reader chose."""
        asked = (self.words, self.course, self.board, self.level, self.month, self.only_free)
        return sum(1 for value in asked if value) + (self.is_online is not None)


@dataclass(frozen=True)
class Choices:
    """The choices of the filters: only values that the programme has. Courses and boards are (address, name)."""

    courses: tuple[tuple[str, str], ...]
    boards: tuple[tuple[str, str], ...]
    levels: tuple[Level, ...]
    last_day: date | None


# Built once, because building these statements takes longer than running them, and most people open the programme.
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
    """The choices that the coming programme has."""
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
    """One page of the dates found, soonest first, as people of this agency see them, and the total."""
    narrowed = _narrowed(search)
    passed = (page - 1) * DATES_ON_A_PAGE
    if search.only_free:
        # Each date is checked in Python, because SQL cannot apply the policies.
        rows = db.session.execute(_ROWS.where(*narrowed).limit(MOST_SEARCHED), {"now": now}).all()
        free = [card for card in _cards(rows, agency_id, now=now) if card.availability.is_free]
        return free[passed : passed + DATES_ON_A_PAGE], len(free)
    statement = _ROWS_AND_TOTAL.where(*narrowed) if narrowed else _ROWS_AND_TOTAL
    rows = db.session.execute(statement, {"now": now, "passed": passed}).all()
    if not rows and page > 1:
        # A page past the end still shows how many pages there are.
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
    """The next dates of the programme, as people of this agency see them."""
    rows = db.session.execute(_ROWS.limit(limit), {"now": now}).all()
    return _cards(rows, agency_id, now=now)


def dates_of(
    course_id: int, *, now: datetime, agency_id: int | None = None, but: int = 0, limit: int = MOST_DATES
) -> list[DateCard]:
    """The coming dates of one course except the event `but`, as people of this agency see them."""
    wanted = (Event.course_id == course_id, Event.id != but)
    rows = db.session.execute(_ROWS.where(*wanted).limit(limit), {"now": now}).all()
    return _cards(rows, agency_id, now=now)


def _cards(rows: Sequence[Any], agency_id: int | None, *, now: datetime) -> list[DateCard]:
    """The dates in `rows`, and whether people of this agency can book them, in one more query."""
    terms = {row[0]: terms_of(row[1], row[10] or {}, row[8], row[9]) for row in rows}
    # Converted to London time once, because a card shows each moment several times.
    dates = [DateRow(row[0], london(row[1]), london(row[2]), *row[3:8]) for row in rows]
    found = availability_of_each(dates, terms, agency_id, now=now)
    return [DateCard(date, found[date.id]) for date in dates]


def own_states(person_id: int, events: Iterable[int]) -> dict[int, tuple[str, Status]]:
    """Reference and status of the open booking that this person has at each of `events`."""
    rows = db.session.execute(_OWN, {"person": person_id, "events": list(events)})
    return {row[0]: (row[1], row[2]) for row in rows}


def in_calendar(search: Search, *, now: datetime) -> Sequence[Any]:
    """Sessions of published and called off dates for the calendar feed, soonest first, from a month ago."""
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
    """Address, title and length of every listed course, by title."""
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
