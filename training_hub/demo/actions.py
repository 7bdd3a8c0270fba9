"""Build the demo: everything in one transaction, including its mark, and without a single email."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, update

from training_hub.attendance.models import Attendance, MarkChange
from training_hub.bookings.actions.past import PastBooking
from training_hub.bookings.actions.past import bring_in as bring_in_bookings
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.catalogue.actions import CourseFacts, add_board, add_course, add_venue
from training_hub.catalogue.models import Event, EventSession, EventStatus, EventTrainer
from training_hub.catalogue.rules import reference_of
from training_hub.certificates.actions import bring_in as bring_in_certificates
from training_hub.database import Base, db
from training_hub.demo.cast import Cast, gather, sectors
from training_hub.demo.claims import APPROVED_COURSES, COME_FIRST
from training_hub.demo.courses import BOARDS, COURSES
from training_hub.demo.current import Programme
from training_hub.demo.kept import store_what_is_kept, store_who_wants_which
from training_hub.demo.learnt import store_by_which_way, store_what_was_learnt
from training_hub.demo.models import DemoBuild
from training_hub.demo.past_year import plan_year
from training_hub.demo.places import DIRECTIONS, VENUES
from training_hub.demo.plan import PlannedBooking, PlannedEvent
from training_hub.evaluation.actions.past import PastReturn
from training_hub.evaluation.actions.past import bring_in as bring_in_evaluations
from training_hub.evaluation.models.invitations import Invitation
from training_hub.london import london_date
from training_hub.people.models import Agency, Person, RoleHolding, agency_key
from training_hub.questionnaires.actions.versions import store_default_questionnaires
from training_hub.wording import ALPHABET

SEED = 20192020
BEFORE_IT_ALL = datetime(2019, 1, 7, 9, 0, tzinfo=UTC)


def build(*, now: datetime) -> Cast:
    """Fill an empty, migrated database with the year 2019-20 and with a programme that lies around `now`."""
    store_default_questionnaires()
    chance = random.Random(SEED)  # noqa: S311 - it must come out the same again
    cast = gather(chance)
    events = plan_year(cast, chance, entered_at=now) + Programme(cast, chance, now=now).plan()
    people = _store_people(cast)
    event_ids = _store_events(events, people)
    _store_bookings(events, event_ids, people, chance)
    store_what_is_kept(events, event_ids, people, now=now)
    store_who_wants_which(cast, people, now=now)
    store_what_was_learnt(people, now=now)
    db.session.add(DemoBuild(built_at=now))
    return cast


def clear() -> None:
    """Empty every table, so that the demo can be built again in the same transaction."""
    for table in reversed(Base.metadata.sorted_tables):
        db.session.execute(delete(table))
    db.session.expire_all()


def _store_people(cast: Cast) -> dict[str, tuple[int, int]]:
    """Stores agencies and people; the id of each person and of their agency, by address."""
    db.session.execute(
        insert(Agency),
        [
            {"name": name, "key": agency_key(name), "sector": sector, "is_active": True}
            for name, sector in sectors().items()
        ],
    )
    agencies = {name: key for key, name in db.session.execute(select(Agency.id, Agency.name))}
    db.session.execute(
        insert(Person),
        [
            {
                "email": person.email,
                "name": person.name,
                "agency_id": agencies[person.agency],
                "job_role": person.job_role,
                "manager_name": person.manager_name,
                "manager_email": person.manager_email,
                "registered_at": BEFORE_IT_ALL,
                "entered_at": BEFORE_IT_ALL,
            }
            for person in cast.everyone
        ],
    )
    stored = db.session.execute(select(Person.email, Person.id, Person.agency_id))
    people = {email: (person_id, agency_id) for email, person_id, agency_id in stored if agency_id}
    db.session.execute(
        insert(RoleHolding),
        [
            {"person_id": people[person.email][0], "role": role, "granted_at": BEFORE_IT_ALL}
            for person in cast.everyone
            for role in person.roles
        ],
    )
    return people


def _store_events(events: Sequence[PlannedEvent], people: dict[str, tuple[int, int]]) -> list[int]:
    """Stores boards, venues, courses and events; the events' ids, in order."""
    boards = {key: add_board(name, is_default=key == "children") for key, name in BOARDS.items()}
    venues = [add_venue(name, address=address, directions=DIRECTIONS) for name, address in VENUES]
    courses = {
        key: add_course(
            CourseFacts(
                title=text.title,
                board=boards[text.board],
                level=text.level,
                summary=text.summary,
                aims=text.aims,
                outcomes="\n".join(text.outcomes),
                audience=text.audience,
                length=text.length,
                validity_months=text.validity_months,
            )
        )
        for key, text in COURSES.items()
    }
    for key, needs in COME_FIRST.items():
        courses[key].prerequisites = [courses[needs]]
    for key, policies in APPROVED_COURSES.items():
        courses[key].policies = dict(policies)
    # Their ids are what the rows below name.
    db.session.flush()
    references = _references(events)
    ids = _insert(
        Event,
        [
            {
                "reference": reference,
                "course_id": courses[event.course].id,
                "status": event.status,
                "capacity": event.capacity,
                "venue_id": None if event.venue is None else venues[event.venue].id,
                "is_online": event.venue is None,
                "online_link": f"https://meet.example.org/{reference.lower()}" if event.venue is None else "",
                "notes": event.notes,
                "starts_at": event.starts_at,
                "ends_at": event.ends_at,
                "entered_at": event.entered_at,
                "called_off_at": event.called_off_at,
                "called_off_reason": event.called_off_reason,
                "sequence": 1 if event.called_off_at else 0,
                "policies": dict(event.policies),
                "has_places_since": None if event.status is EventStatus.DRAFT else event.entered_at,
                "interested_told_at": None if event.status is EventStatus.DRAFT else event.entered_at,
            }
            for event, reference in zip(events, references, strict=True)
        ],
    )
    db.session.execute(
        insert(EventTrainer),
        [
            {"event_id": event_id, "person_id": people[trainer.email][0]}
            for event_id, event in zip(ids, events, strict=True)
            for trainer in event.trainers
        ],
    )
    return ids


def _references(events: Sequence[PlannedEvent]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for event in events:
        made = reference_of(COURSES[event.course].title, london_date(event.starts_at))
        seen[made] = seen.get(made, 0) + 1
        found.append(made if seen[made] == 1 else f"{made}-{seen[made]}")
    return found


def _store_bookings(
    events: Sequence[PlannedEvent],
    event_ids: Sequence[int],
    people: dict[str, tuple[int, int]],
    chance: random.Random,
) -> None:
    planned = [
        (event_id, event, booking)
        for event_id, event in zip(event_ids, events, strict=True)
        for booking in event.bookings
    ]
    sessions = _store_sessions(events, event_ids)
    drawn = dict(zip((id(booking) for _key, _event, booking in planned), _drawn(chance), strict=False))
    ids = bring_in_bookings(
        [
            PastBooking(
                reference=drawn[id(booking)],
                event_id=event_id,
                person_id=people[booking.person.email][0],
                agency_id=people[booking.person.email][1],
                status=booking.status,
                asked_at=booking.changes[0][1],
                is_walk_in=booking.is_walk_in,
                changes=booking.changes,
                follows=drawn[id(booking.follows)] if booking.follows else "",
                is_held=booking.is_held,
                decide_by=booking.decide_by,
            )
            for event_id, _event, booking in planned
        ],
        why="",
    )
    stored = [(booking_id, *one) for booking_id, one in zip(ids, planned, strict=True)]
    _store_marks(stored, sessions, people)
    _store_evaluations(stored)
    needs = [
        {"booking_id": booking_id, "access": booking.access_needs, "dietary": booking.dietary_needs}
        for booking_id, _event_id, _event, booking in stored
        if booking.access_needs or booking.dietary_needs
    ]
    db.session.execute(insert(BookingNeeds), needs)


Stored = tuple[int, int, PlannedEvent, PlannedBooking]
"""A booking's id, its event's id, and both as they were planned."""


def _store_sessions(events: Sequence[PlannedEvent], event_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Stores the sessions; their ids by event and number."""
    rows: list[dict[str, Any]] = [
        {"event_id": event_id, "number": number, "starts_at": starts_at, "ends_at": ends_at}
        for event_id, event in zip(event_ids, events, strict=True)
        for number, (starts_at, ends_at) in enumerate(event.sessions, start=1)
    ]
    ids = _insert(EventSession, rows)
    return {(row["event_id"], row["number"]): key for row, key in zip(rows, ids, strict=True)}


def _store_marks(
    stored: Sequence[Stored], sessions: dict[tuple[int, int], int], people: dict[str, tuple[int, int]]
) -> None:
    rows = [
        (
            booking_id,
            sessions[event_id, number],
            mark,
            booking.changes[-1][1],
            people[event.trainers[0].email][0],
        )
        for booking_id, event_id, event, booking in stored
        for number, mark in enumerate(booking.marks, start=1)
    ]
    db.session.execute(
        insert(Attendance),
        [
            {
                "booking_id": booking_id,
                "session_id": session_id,
                "mark": mark,
                "marked_at": at,
                "marked_by_id": by,
            }
            for booking_id, session_id, mark, at, by in rows
        ],
    )
    db.session.execute(
        insert(MarkChange),
        [
            {
                "booking_id": booking_id,
                "session_id": session_id,
                "became": mark,
                "at": at,
                "by_id": by,
                "why": "",
            }
            for booking_id, session_id, mark, at, by in rows
        ],
    )


def _store_evaluations(stored: Sequence[Stored]) -> None:
    """Stores invitations, answers, and the certificates of people who answered."""
    asked = [one for one in stored if one[3].due_at is not None]
    bring_in_evaluations(
        [
            PastReturn(
                booking_id=booking_id,
                due_at=booking.due_at or event.ends_at,
                returned_at=booking.returned_at,
                answers=booking.answers,
            )
            for booking_id, _event_id, event, booking in asked
        ]
    )
    still_reminded = [one[0] for one in asked if one[2].is_reminded and one[3].returned_at is None]
    # The others have had all their reminders, or had ended before they were entered here.
    db.session.execute(
        update(Invitation).where(Invitation.booking_id.in_(still_reminded)).values(next_reminder=1)
    )
    store_by_which_way(
        [
            (one[0], one[3].due_at or one[2].ends_at, one[3].returned_at)
            for one in asked
            if one[2].entered_at < one[2].ends_at
        ]
    )
    returned: dict[datetime, list[int]] = {}
    for booking_id, _event_id, _event, booking in asked:
        if booking.returned_at is not None:
            # By the hour, not one by one: a certificate is made within minutes.
            hour = booking.returned_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            returned.setdefault(hour, []).append(booking_id)
    for at, ids in returned.items():
        bring_in_certificates(ids, at=at)


def _insert(model: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """The ids of the rows, in their order."""
    table = cast(Table, model.__table__)
    return list(db.session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))


def _drawn(chance: random.Random) -> Iterator[str]:
    """References that come out the same for the same chance, each once."""
    seen: set[str] = set()
    while True:
        drawn = "TH-" + "".join(chance.choices(ALPHABET, k=8))
        if drawn not in seen:
            seen.add(drawn)
            yield drawn
