"""Make rows for tests. Each is flushed, so that it has an id, but not committed."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from training_hub.access import Role
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.moves import MOVES
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus, EventTrainer, Level, Venue
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.people.models import Agency, Board, Person, RoleHolding, Sector
from training_hub.questionnaires.models import Confidentiality, Questionnaire, Stage

AUTOMATIC = {"waiting_list": "automatic"}
"""The policies of a date that gives free places to people waiting at once."""
LONG_AGO = datetime(2019, 1, 7, 9, 0, tzinfo=UTC)
_numbers = count(1)


def _stored(row: Any) -> Any:
    db.session.add(row)
    # Tests want the id at once.
    db.session.flush()
    return row


def board(name: str = "") -> Board:
    """A board that owns courses."""
    number = next(_numbers)
    return _stored(Board(slug=f"board-{number}", name=name or f"Board {number}"))


def agency(name: str = "", sector: Sector = Sector.SCHOOL) -> Agency:
    """An organisation that people work for."""
    return _stored(Agency(name=name or f"Agency {next(_numbers)}", sector=sector))


def person(name: str = "", *roles: Role, of: Agency | None = None, email: str = "", **columns: Any) -> Person:
    """Someone who has registered, with these roles."""
    number = next(_numbers)
    name = name or f"Person {number}"
    row = Person(
        name=name,
        email=email or f"{name.lower().replace(' ', '.')}.{number}@example.org",
        agency=of or agency(),
        **{"job_role": "Teacher", "entered_at": LONG_AGO, "registered_at": LONG_AGO, **columns},
    )
    row.holdings = [RoleHolding(role=role, granted_at=LONG_AGO) for role in roles]
    return _stored(row)


def officer(name: str = "Olive Officer") -> Person:
    """A hub officer."""
    return person(name, Role.HUB_OFFICER)


def course(title: str = "", **columns: Any) -> Course:
    """A course in the catalogue."""
    number = next(_numbers)
    given = {"level": Level.CORE, "summary": "What it is about.", "length": "One day", **columns}
    return _stored(
        Course(
            slug=f"course-{number}",
            title=title or f"Course {number}",
            board=given.pop("board", None) or board(),
            **given,
        )
    )


def venue(name: str = "") -> Venue:
    """A place where events happen."""
    return _stored(Venue(name=name or f"Venue {next(_numbers)}", address="1 High Street, Chester"))


def event(
    of: Course | None = None,
    *,
    starts_at: datetime,
    hours: float = 7,
    days: int = 1,
    capacity: int = 24,
    trainers: tuple[Person, ...] = (),
    **columns: Any,
) -> Event:
    """A published course date: `days` sessions of `hours` hours, one a day."""
    number = next(_numbers)
    sessions = [
        EventSession(
            number=day + 1,
            starts_at=starts_at + timedelta(days=day),
            ends_at=starts_at + timedelta(days=day, hours=hours),
        )
        for day in range(days)
    ]
    given = {"status": EventStatus.PUBLISHED, "entered_at": LONG_AGO, "reference": f"E-{number}", **columns}
    if given["status"] is not EventStatus.DRAFT:
        # Interested people have been told about it.
        given.setdefault("interested_told_at", LONG_AGO)
        given.setdefault("has_places_since", LONG_AGO)
    return _stored(
        Event(
            course=of or course(),
            starts_at=sessions[0].starts_at,
            ends_at=sessions[-1].ends_at,
            capacity=capacity,
            sessions=sessions,
            trainers=[EventTrainer(person=trainer) for trainer in trainers],
            **given,
        )
    )


def booking(
    at: Event,
    who: Person | None = None,
    status: Status = Status.CONFIRMED,
    *,
    walk_in: bool = False,
    **columns: Any,
) -> Booking:
    """A booking with this status and the history that leads to it, as if made the day before the event was."""
    who = who or person()
    path = _path(status)
    if status in {Status.REQUESTED, Status.OFFERED}:
        columns.setdefault("decide_by", at.starts_at - timedelta(days=7))
    moment = columns.pop("asked_at", at.starts_at - timedelta(days=30))
    row = Booking(
        reference=f"TH-{next(_numbers):08}",
        event=at,
        person=who,
        agency=columns.pop("agency", None) or who.agency,
        status=status,
        is_walk_in=walk_in,
        asked_at=moment,
        confirmed_at=moment if Status.CONFIRMED in path else None,
        **columns,
    )
    was: Status | None = None
    for became in path:
        row.history.append(BookingChange(was=was, became=became, at=moment))
        was = became
    return _stored(row)


def _path(status: Status) -> list[Status]:
    """The statuses that lead to this one: through a confirmed place if possible, else the shortest way."""
    if status in MOVES[Status.CONFIRMED]:
        return [Status.CONFIRMED, status]
    before = next(was for was, becomes in MOVES.items() if status in becomes)
    return [status] if before is None else [*_path(before), status]


def questionnaire() -> Questionnaire:
    """A questionnaire for the end of a course."""
    return _stored(
        Questionnaire(
            name=f"Form {next(_numbers)}", stage=Stage.END, confidentiality=Confidentiality.CONFIDENTIAL
        )
    )


def returned(of: Booking, form: Questionnaire, at: datetime | None = None) -> Invitation:
    """The evaluation of this booking: due when its event ended, and returned at this moment or outstanding."""
    return _stored(
        Invitation(booking=of, stage=Stage.END, questionnaire=form, due_at=of.event.ends_at, returned_at=at)
    )
