"""Build the demo and its mark in one transaction, without sending any email."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, update

from training_hub.attendance.models import Attendance, MarkChange
from training_hub.bookings.actions.past import PastBooking
from training_hub.bookings.actions.past import bring_in as bring_in_bookings
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.catalogue.actions import CourseFacts, add_board, add_course, add_venue
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus, EventTrainer
from training_hub.catalogue.rules import reference_of
from training_hub.certificates.actions import bring_in as bring_in_certificates
from training_hub.database import Base, db
from training_hub.demo.cast import Cast, address_of, gather, sectors
from training_hub.demo.claims import APPROVED_COURSES, COME_FIRST
from training_hub.demo.courses import BOARDS, COURSES
from training_hub.demo.current import Programme
from training_hub.demo.interest import store_interest, store_reserved_places
from training_hub.demo.learnt import store_channels, store_review
from training_hub.demo.models import DemoBuild
from training_hub.demo.past_year import plan_year
from training_hub.demo.places import DIRECTIONS, VENUES
from training_hub.demo.plan import PlannedBooking, PlannedEvent
from training_hub.evaluation.actions.past import PastReturn
from training_hub.evaluation.actions.past import bring_in as bring_in_evaluations
from training_hub.evaluation.models.invitations import Invitation
from training_hub.london import london_date
from training_hub.people.models import Agency, Person, RoleHolding
from training_hub.questionnaires.actions.versions import store_default_questionnaires
from training_hub.wording import ALPHABET

SEED = 20192020
BEFORE_IT_ALL = datetime(2019, 1, 7, 9, 0, tzinfo=UTC)

Stored = tuple[int, Event, PlannedEvent, PlannedBooking]
"""A booking's id and its event, with the plan of each."""


def build(*, now: datetime) -> Cast:
    """Fill an empty, migrated database with the year 2019-20 and with a programme around `now`."""
    store_default_questionnaires()
    chance = random.Random(SEED)  # noqa: S311 - the same seed must give the same demo
    cast = gather(chance)
    planned = plan_year(cast, chance, entered_at=now) + Programme(cast, chance, now=now).plan()
    people = _store_people(cast)
    courses = _store_courses()
    events = _store_events(planned, courses, people)
    # Stored now, because the rows below refer to their ids.
    db.session.flush()
    stored = _store_bookings(events, people, chance)
    _store_marks(stored, people)
    _store_evaluations(stored)
    store_reserved_places(events, people, now=now)
    store_interest(cast, courses, people, now=now)
    store_review(next(iter(courses.values())), people, now=now)
    db.session.add(DemoBuild(built_at=now))
    return cast


def clear() -> None:
    """Empty every table, so that the demo can be built again in the same transaction."""
    for table in reversed(Base.metadata.sorted_tables):
        db.session.execute(delete(table))
    db.session.expunge_all()


def _store_people(cast: Cast) -> dict[str, Person]:
    """Store agencies and people. Returns the people by address."""
    agencies = {name: Agency(name=name, sector=sector) for name, sector in sectors().items()}
    people = {
        person.email: Person(
            email=person.email,
            name=person.name,
            agency=agencies[person.agency],
            job_role=person.job_role,
            manager_name=person.manager_name,
            manager_email=address_of(person.manager_name) if person.manager_name else "",
            registered_at=BEFORE_IT_ALL,
            entered_at=BEFORE_IT_ALL,
            holdings=[RoleHolding(role=role, granted_at=BEFORE_IT_ALL) for role in person.roles],
        )
        for person in cast.everyone
    }
    db.session.add_all([*agencies.values(), *people.values()])
    return people


def _store_courses() -> dict[str, Course]:
    """Store boards and courses. Returns the courses by key."""
    boards = {key: add_board(name, is_default=key == "children") for key, name in BOARDS.items()}
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
    return courses


def _store_events(
    planned: Sequence[PlannedEvent], courses: Mapping[str, Course], people: Mapping[str, Person]
) -> list[tuple[PlannedEvent, Event]]:
    """Store venues and events. Returns each plan with its event."""
    venues = [add_venue(name, address=address, directions=DIRECTIONS) for name, address in VENUES]
    seen: Counter[str] = Counter()
    events = []
    for plan in planned:
        reference = reference_of(COURSES[plan.course].title, london_date(plan.starts_at))
        seen[reference] += 1
        if seen[reference] > 1:
            reference += f"-{seen[reference]}"
        online = plan.venue is None
        bookable_since = None if plan.status is EventStatus.DRAFT else plan.entered_at
        event = Event(
            reference=reference,
            course=courses[plan.course],
            status=plan.status,
            capacity=plan.capacity,
            venue=None if plan.venue is None else venues[plan.venue],
            is_online=online,
            online_link=f"https://meet.example.org/{reference.lower()}" if online else "",
            notes=plan.notes,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            entered_at=plan.entered_at,
            called_off_at=plan.called_off_at,
            called_off_reason=plan.called_off_reason,
            sequence=1 if plan.called_off_at else 0,
            policies=dict(plan.policies),
            has_places_since=bookable_since,
            interested_told_at=bookable_since,
            sessions=[
                EventSession(number=number, starts_at=starts_at, ends_at=ends_at)
                for number, (starts_at, ends_at) in enumerate(plan.sessions, start=1)
            ],
            trainers=[EventTrainer(person=people[trainer.email]) for trainer in plan.trainers],
        )
        events.append((plan, event))
    db.session.add_all(event for _plan, event in events)
    return events


def _store_bookings(
    events: Sequence[tuple[PlannedEvent, Event]], people: Mapping[str, Person], chance: random.Random
) -> list[Stored]:
    planned = [(event, plan, booking) for plan, event in events for booking in plan.bookings]
    for (_event, _plan, booking), reference in zip(planned, _references(chance), strict=False):
        booking.reference = reference
    ids = bring_in_bookings(
        [
            PastBooking(
                reference=booking.reference,
                event_id=event.id,
                person_id=people[booking.person.email].id,
                agency_id=people[booking.person.email].agency_id or 0,
                status=booking.status,
                asked_at=booking.changes[0][1],
                is_walk_in=booking.is_walk_in,
                changes=booking.changes,
                follows=booking.follows.reference if booking.follows else "",
                is_held=booking.is_held,
                decide_by=booking.decide_by,
            )
            for event, _plan, booking in planned
        ],
        why="",
    )
    stored = [(booking_id, *one) for booking_id, one in zip(ids, planned, strict=True)]
    needs = [
        {"booking_id": booking_id, "access": booking.access_needs, "dietary": booking.dietary_needs}
        for booking_id, _event, _plan, booking in stored
        if booking.access_needs or booking.dietary_needs
    ]
    db.session.execute(insert(BookingNeeds), needs)
    return stored


def _store_marks(stored: Sequence[Stored], people: Mapping[str, Person]) -> None:
    marks, changes = [], []
    for booking_id, event, plan, booking in stored:
        at, by = booking.changes[-1][1], people[plan.trainers[0].email].id
        for session, mark in zip(event.sessions, booking.marks, strict=False):
            of = {"booking_id": booking_id, "session_id": session.id}
            marks.append({**of, "mark": mark, "marked_at": at, "marked_by_id": by})
            changes.append({**of, "became": mark, "at": at, "by_id": by})
    db.session.execute(insert(Attendance), marks)
    db.session.execute(insert(MarkChange), changes)


def _store_evaluations(stored: Sequence[Stored]) -> None:
    """Store invitations, answers, and the certificates of people who answered."""
    asked = [(*one, one[3].due_at) for one in stored if one[3].due_at is not None]
    bring_in_evaluations(
        [
            PastReturn(
                booking_id=booking_id,
                due_at=due_at,
                returned_at=booking.returned_at,
                answers=booking.answers,
            )
            for booking_id, _event, _plan, booking, due_at in asked
        ]
    )
    # Only these still get reminders. The others have had all of theirs, or were entered after their event.
    still_reminded = [one[0] for one in asked if one[2].is_reminded and one[3].returned_at is None]
    db.session.execute(
        update(Invitation).where(Invitation.booking_id.in_(still_reminded)).values(next_reminder=1)
    )
    store_channels(
        (booking_id, due_at, booking.returned_at)
        for booking_id, _event, plan, booking, due_at in asked
        if booking.returned_at is not None and plan.entered_at < plan.ends_at
    )
    returned: dict[datetime, list[int]] = {}
    for booking_id, _event, _plan, booking, _due_at in asked:
        if booking.returned_at is not None:
            # Issued in groups by the hour, which is close enough: certificates are made within minutes of the answer.
            hour = booking.returned_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            returned.setdefault(hour, []).append(booking_id)
    for at, ids in returned.items():
        bring_in_certificates(ids, at=at)


def _references(chance: random.Random) -> Iterator[str]:
    """Unique references of bookings. The same seed gives the same references."""
    seen: set[str] = set()
    while True:
        drawn = "TH-" + "".join(chance.choices(ALPHABET, k=8))
        if drawn not in seen:
            seen.add(drawn)
            yield drawn
