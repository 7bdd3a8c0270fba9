"""A programme to measure on: years of bookings brought in, coming dates, and registers that wait to be marked.

The same figures give the same programme, but for references and for the days, which lie around the present one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, text

from training_hub.access import Role
from training_hub.attendance.models import Attendance, Mark
from training_hub.bookings.actions.past import PastBooking, bring_in
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus, EventTrainer, Level, Venue
from training_hub.certificates.models import Certificate
from training_hub.database import db, transaction
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.reminders import NO_MORE
from training_hub.london import at_london, financial_year, is_working_day, london_date
from training_hub.people.models import Agency, Board, Person, RoleHolding, Sector
from training_hub.questionnaires.actions.versions import store_default_questionnaires
from training_hub.questionnaires.models import Stage
from training_hub.questionnaires.queries.versions import default_questionnaire
from training_hub.wording import folded

AT_EACH_EVENT = 20
BOOKINGS_A_YEAR = 20_000
ON_A_REGISTER = 25
COMING = 60
RUSHES = 5
PLACES_IN_A_RUSH = 20
BOOKERS = 120
"""People without a booking. They make one during a measurement."""
MOST_WAITING = 500

OUTCOMES = {
    Status.COMPLETED: 75,
    Status.CANCELLED: 10,
    Status.CANCELLED_LATE: 5,
    Status.DID_NOT_ATTEND: 6,
    Status.CONFIRMED: 4,
}
"""Outcomes of a hundred places. Confirmed, after the event, means not recorded."""
RETURNED = 0.42
HALF_PAST_NINE, HALF_PAST_FOUR = time(9, 30), time(16, 30)


@dataclass(frozen=True)
class Programme:
    """The ids that the measurements need."""

    first: date
    last: date
    """The last financial year that is over: the report's period."""
    bookings: int
    bookings_in_year: int
    practitioner: int
    """Someone with years of bookings, and some coming."""
    bookers: Sequence[int]
    trainer: int
    officer: int
    dates: Sequence[int]
    """Coming dates with free places."""
    rushes: Sequence[int]
    """Coming dates with every place free."""
    awaited: int
    """A coming date that is full, with 500 people waiting."""
    holders: Sequence[tuple[int, str]]
    """The person with a place there, and the reference of their booking."""
    late_bookers: Sequence[int]
    """People without a booking, who book it late."""
    registers: Sequence[int]
    """Events that are under way, with nobody marked."""
    unanswered: int
    """An evaluation that has fallen due a moment ago, by its id."""


def build(bookings: int, *, registers: int, now: datetime) -> Programme:
    """Build a programme with this many past bookings, and 60 upcoming dates."""
    draw = Random(2019)
    years = max(1, bookings // BOOKINGS_A_YEAR)
    this_year, _ = financial_year(london_date(now))
    first, last = this_year.replace(year=this_year.year - 1), this_year - timedelta(days=1)
    with transaction():
        crowd = _people(draw, max(700, min(5000, bookings // 2)), now=now)
        courses, venues = _catalogue(draw)
        trainers = crowd.trainers
        past = _events(
            draw,
            [day for year in range(years) for day in _days(draw, first, year, bookings // years)],
            courses,
            venues,
            trainers,
            entered=timedelta(days=-120),
        )
        coming = _events(
            draw,
            [at_london(day, HALF_PAST_NINE) for day in _coming_days(now)],
            courses,
            venues,
            trainers,
            capacities=[PLACES_IN_A_RUSH if number < RUSHES else 24 for number in range(COMING)],
        )
        running = _events(
            draw,
            [now - timedelta(hours=1)] * registers,
            courses,
            venues,
            [crowd.trainer],
            capacities=[ON_A_REGISTER] * registers,
        )
        awaited = _events(
            draw,
            [at_london(_coming_days(now)[-1], HALF_PAST_NINE)],
            courses,
            venues,
            trainers,
            capacities=[BOOKERS],
        )[0]
        store_default_questionnaires()
        form = default_questionnaire()
        # Every invitation names its id.
        db.session.flush()
        form_id = form.id
    for events in _chunks(past, 500):
        with transaction():
            _history(draw, events, crowd, form_id)
    with transaction():
        for number, event in enumerate(coming[RUSHES:]):
            held, waiting = (24, 5) if number % 6 == 5 else (draw.randrange(4, 16), 0)
            _booked(draw, event, crowd, held=held, waiting=waiting)
        for event in running:
            _booked(draw, event, crowd, held=ON_A_REGISTER)
        _booked(draw, awaited, crowd, held=BOOKERS, waiting=MOST_WAITING)
        if db.engine.dialect.name == "postgresql":
            # Autovacuum would do this within a minute; until then plans would be bad.
            db.session.execute(text("ANALYZE"))
    return Programme(
        first=first,
        last=last,
        bookings=len(past) * AT_EACH_EVENT,
        bookings_in_year=len(past) // years * AT_EACH_EVENT,
        practitioner=crowd.people[0],
        bookers=crowd.bookers,
        trainer=crowd.trainer,
        officer=crowd.officer,
        dates=[event.id for number, event in enumerate(coming[RUSHES:]) if number % 6 != 5],
        rushes=[event.id for event in coming[:RUSHES]],
        awaited=awaited.id,
        holders=_holders(awaited.id),
        late_bookers=crowd.late_bookers,
        registers=[event.id for event in running],
        unanswered=_unanswered(now),
    )


def _unanswered(now: datetime) -> int:
    with transaction():
        found = db.session.scalars(
            select(Invitation).where(Invitation.returned_at.is_(None)).order_by(Invitation.id.desc()).limit(1)
        ).one()
        # If the last course was months ago, its link would have expired.
        found.due_at = now
        return found.id


def _holders(event_id: int) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Booking.person_id, Booking.reference)
        .where(Booking.event_id == event_id, Booking.status == Status.CONFIRMED)
        .order_by(Booking.id)
    )
    found = [(row.person_id, row.reference) for row in rows]
    db.session.rollback()
    return found


@dataclass(frozen=True)
class _Crowd:
    people: list[int]
    agency_of: dict[int, int]
    bookers: list[int]
    late_bookers: list[int]
    trainers: list[int]
    trainer: int
    officer: int


@dataclass(frozen=True)
class _Event:
    id: int
    session_id: int
    starts_at: datetime
    ends_at: datetime


def _people(draw: Random, number: int, *, now: datetime) -> _Crowd:
    sectors = list(Sector)
    names = [f"Agency {n:03} of Cheshire" for n in range(max(20, min(300, number // 16)))]
    agencies = _stored(
        Agency,
        [
            {"name": name, "key": folded(name), "sector": sectors[n % len(sectors)]}
            for n, name in enumerate(names)
        ],
    )
    entered = now - timedelta(days=4000)
    rows: list[dict[str, Any]] = [
        {
            "email": f"person.{n}@agency.example.org",
            "name": f"{draw.choice(FIRST_NAMES)} {draw.choice(LAST_NAMES)}",
            "agency_id": draw.choice(agencies),
            "job_role": "Social worker",
            "manager_name": "Morgan Manager",
            "manager_email": f"manager.{n % 50}@agency.example.org",
            "entered_at": entered,
            "registered_at": entered,
        }
        for n in range(number + 2 * BOOKERS + 45 + 1)
    ]
    ids = _stored(Person, rows)
    agency_of = {key: row["agency_id"] for key, row in zip(ids, rows, strict=True)}
    people, rest = ids[:number], ids[number:-1]
    bookers, late_bookers, trainers = rest[:BOOKERS], rest[BOOKERS : 2 * BOOKERS], rest[2 * BOOKERS :]
    officer = ids[-1]
    roles = [(key, Role.TRAINER) for key in trainers] + [(officer, Role.HUB_OFFICER)]
    db.session.execute(
        insert(RoleHolding),
        [{"person_id": key, "role": role, "granted_at": entered} for key, role in roles],
    )
    return _Crowd(people, agency_of, bookers, late_bookers, trainers[1:], trainers[0], officer)


def _catalogue(draw: Random) -> tuple[list[int], list[int]]:
    boards = _stored(Board, [{"slug": f"board-{n}", "name": f"Board {n} of five"} for n in range(5)])
    levels = list(Level)
    courses = _stored(
        Course,
        [
            {
                "slug": f"course-{n}",
                "title": f"{subject}, part {part}",
                "board_id": boards[n % 5],
                "level": levels[n % len(levels)],
                "summary": f"What everyone who works with families needs to know about {subject.lower()}.",
                "aims": WORDS * 3,
                "outcomes": "\n".join(WORDS.strip() for _ in range(5)),
                "audience": WORDS,
                "length": "One day",
                "validity_months": 36,
            }
            for n, (subject, part) in enumerate((subject, part) for part in (1, 2, 3) for subject in SUBJECTS)
        ],
    )
    venues = _stored(
        Venue,
        [
            {"name": f"Training room {n}", "address": f"{n} High Street, Chester", "directions": WORDS}
            for n in range(1, 13)
        ],
    )
    return courses, venues


def _days(draw: Random, first: date, years_ago: int, bookings: int) -> list[datetime]:
    """When the events of one year started."""
    start = first.replace(year=first.year - years_ago)
    days = [start + timedelta(days=n) for n in range(365)]
    working = [day for day in days if is_working_day(day)]
    return [
        at_london(day, HALF_PAST_NINE) for day in sorted(draw.choices(working, k=bookings // AT_EACH_EVENT))
    ]


def _coming_days(now: datetime) -> list[date]:
    """One or two working days a date, from ten days on: bookings for the first are still open."""
    days = [london_date(now) + timedelta(days=n) for n in range(10, 200)]
    return [day for day in days if is_working_day(day)][:COMING]


def _events(
    draw: Random,
    starts: Sequence[datetime],
    courses: list[int],
    venues: list[int],
    trainers: list[int],
    *,
    capacities: Sequence[int] = (),
    entered: timedelta = timedelta(days=-90),
) -> list[_Event]:
    rows = [
        {
            "reference": f"B-{draw.getrandbits(60):015x}",
            "course_id": draw.choice(courses),
            "status": EventStatus.PUBLISHED,
            "capacity": capacities[number] if capacities else 24,
            "venue_id": None if number % 4 == 3 else draw.choice(venues),
            "is_online": number % 4 == 3,
            "online_link": "https://meet.example.org/room" if number % 4 == 3 else "",
            "notes": "Bring something to write with.",
            "starts_at": start,
            "ends_at": start + timedelta(hours=7),
            "entered_at": start + entered,
            "interested_told_at": start + entered,
            "has_places_since": start + entered,
        }
        for number, start in enumerate(starts)
    ]
    ids = _stored(Event, rows)
    times = [{"starts_at": row["starts_at"], "ends_at": row["ends_at"]} for row in rows]
    sessions = _stored(
        EventSession,
        [{"event_id": key, "number": 1, **when} for key, when in zip(ids, times, strict=True)],
    )
    # Of one trainer only where there is no other.
    pairs = [(key, who) for key in ids for who in draw.sample(trainers, min(2, len(trainers)))]
    if pairs:
        db.session.execute(insert(EventTrainer), [{"event_id": key, "person_id": who} for key, who in pairs])
    return [
        _Event(key, session, **when)  # type: ignore[arg-type]
        for key, session, when in zip(ids, sessions, times, strict=True)
    ]


def _history(draw: Random, events: Sequence[_Event], crowd: _Crowd, form_id: int) -> None:
    """Twenty bookings at each event, with outcomes, marks, evaluations and certificates."""
    rows: list[PastBooking] = []
    at: list[_Event] = []
    for event in events:
        outcomes = draw.choices(list(OUTCOMES), weights=list(OUTCOMES.values()), k=AT_EACH_EVENT)
        for person, outcome in zip(draw.sample(crowd.people, AT_EACH_EVENT), outcomes, strict=True):
            asked = event.starts_at - timedelta(days=draw.randrange(7, 90))
            changes = [(Status.CONFIRMED, asked)]
            if outcome in (Status.CANCELLED, Status.CANCELLED_LATE):
                changes.append((outcome, event.starts_at - timedelta(days=1)))
            elif outcome is not Status.CONFIRMED:
                changes.append((outcome, event.ends_at))
            rows.append(_past(event, person, crowd, outcome, asked, changes))
            at.append(event)
    ids = bring_in(rows, why="Made for measuring")
    marks, invitations, certificates = [], [], []
    for key, row, event in zip(ids, rows, at, strict=True):
        if row.status in (Status.COMPLETED, Status.DID_NOT_ATTEND):
            mark = Mark.PRESENT if row.status is Status.COMPLETED else Mark.ABSENT
            marks.append(
                {"booking_id": key, "session_id": event.session_id, "mark": mark, "marked_at": event.ends_at}
            )
        if row.status is not Status.COMPLETED:
            continue
        returned_at = event.ends_at + timedelta(days=2) if draw.random() < RETURNED else None
        invitations.append(
            {
                "booking_id": key,
                "stage": Stage.END,
                "questionnaire_id": form_id,
                "due_at": event.ends_at,
                "returned_at": returned_at,
                "next_reminder": NO_MORE,
            }
        )
        if returned_at is not None:
            certificates.append(
                {
                    "booking_id": key,
                    "name": "Someone who completed it",
                    "number": f"{draw.getrandbits(60):015x}",
                    "issued_at": returned_at,
                }
            )
    db.session.execute(insert(Attendance), marks)
    db.session.execute(insert(Invitation), invitations)
    db.session.execute(insert(Certificate), certificates)


def _booked(draw: Random, event: _Event, crowd: _Crowd, *, held: int, waiting: int = 0) -> None:
    rows = []
    for number, person in enumerate(draw.sample(crowd.people, held + waiting)):
        asked = event.starts_at - timedelta(days=120, minutes=-number)
        status = Status.CONFIRMED if number < held else Status.WAITING
        rows.append(_past(event, person, crowd, status, asked, [(status, asked)]))
    bring_in(rows, why="Made for measuring")


def _past(
    event: _Event,
    person: int,
    crowd: _Crowd,
    status: Status,
    asked: datetime,
    changes: Sequence[tuple[Status, datetime]],
) -> PastBooking:
    return PastBooking(
        event_id=event.id,
        person_id=person,
        agency_id=crowd.agency_of[person],
        status=status,
        asked_at=asked,
        changes=tuple(changes),
    )


def places_sold(event_id: int) -> dict[Status, int]:
    """How many bookings of an event have each status."""
    found: dict[Status, int] = {}
    for status in db.session.scalars(select(Booking.status).where(Booking.event_id == event_id)):
        found[status] = found.get(status, 0) + 1
    db.session.rollback()
    return found


def _stored(model: type, rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
    return list(db.session.scalars(statement, rows))


def _chunks(rows: Sequence[_Event], size: int) -> Iterator[Sequence[_Event]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


WORDS = "It helps people to see early what a child needs, to say so plainly, and to work with others. "
FIRST_NAMES = ["Amira", "Bethan", "Callum", "Dilys", "Ewan", "Farah", "Grace", "Hywel", "Iona", "Józef"]
LAST_NAMES = ["Archer", "Bellis", "Cooper", "Davies", "Ellis", "Fox", "Griffiths", "Hussain", "Łukasik"]
SUBJECTS = [
    "Working together to safeguard children",
    "Neglect",
    "Domestic abuse and children",
    "Child exploitation",
    "Online safety",
    "Safer recruitment",
    "Learning from local case reviews",
    "Parental mental health",
    "Children with disabilities",
    "Early help assessment",
]
