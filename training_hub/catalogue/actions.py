"""Changes to the catalogue: boards, venues, courses and course dates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from training_hub.catalogue import queries
from training_hub.catalogue.models import Course, Event, EventSession, EventStatus, EventTrainer, Level, Venue
from training_hub.catalogue.rules import (
    DEFAULT_CAPACITY,
    Taken,
    Times,
    check_capacity,
    check_editable,
    check_new_times,
    check_place,
    check_prerequisites,
    check_publishable,
    check_sessions,
    over,
    reference_of,
    slug_of,
    times_of,
)
from training_hub.database import db
from training_hub.errors import Refused, check_version, version_of
from training_hub.london import london_date
from training_hub.people.models import Board, Person
from training_hub.policies.actions import note_changes


@dataclass(frozen=True, kw_only=True)
class CourseFacts:
    """What the catalogue says about a course. The fields are columns of `Course`."""

    title: str
    board: Board
    level: Level = Level.CORE
    summary: str = ""
    aims: str = ""
    outcomes: str = ""
    audience: str = ""
    length: str = ""
    validity_months: int | None = None
    is_listed: bool = True
    is_evaluated: bool = True


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """What an officer enters about an event, which is either at a venue or online."""

    sessions: Sequence[Times]
    capacity: int = DEFAULT_CAPACITY
    is_online: bool = False
    venue: Venue | None = None
    online_link: str = ""
    trainers: Sequence[Person] = field(default_factory=tuple)
    notes: str = ""
    reference: str = ""
    """The training team's own reference. If empty, the event keeps its present one."""


def add_board(name: str, *, is_default: bool = False) -> Board:
    """Add a board that can own courses. The first board added is the default."""
    name = " ".join(name.split())
    if queries.board_named(name) is not None:
        raise Taken(f"There is already a board called {name}.")
    slugs = {board.slug for board in queries.boards()}
    board = Board(
        name=name, slug=_free(slug_of(name)[:50], slugs.__contains__), is_default=is_default or not slugs
    )
    db.session.add(board)
    return board


def add_venue(name: str, *, address: str = "", directions: str = "") -> Venue:
    """Add a place where events can happen."""
    name = " ".join(name.split())
    if queries.venue_named(name) is not None:
        raise Taken(f"There is already a venue called {name}. Choose it from the list.")
    venue = Venue(name=name, address=address, directions=directions)
    db.session.add(venue)
    return venue


def edit_venue(venue: Venue, *, name: str, address: str, directions: str) -> None:
    """Change the details of a venue. The change shows on every event there."""
    name = " ".join(name.split())
    same = queries.venue_named(name)
    if same is not None and same is not venue:
        raise Taken(f"There is already a venue called {name}.")
    venue.name, venue.address, venue.directions = name, address, directions


def add_course(facts: CourseFacts) -> Course:
    """Add a course. Its web address is made from the title, and does not change with it later."""
    facts = _with_free_title(facts)
    course = Course(slug=_free(slug_of(facts.title), queries.is_slug_taken), **vars(facts))
    db.session.add(course)
    return course


def edit_course(course: Course, facts: CourseFacts) -> None:
    """Change what the catalogue says about a course. The web address stays, so that links keep working."""
    for name, value in vars(_with_free_title(facts, of=course)).items():
        setattr(course, name, value)


def set_prerequisites(course: Course, needed: Sequence[Course]) -> None:
    """Set the courses that people must complete before `course`. People with a place keep it.

    Raises Circle if one of them needs `course` itself.
    """
    if course.id is not None:
        wanted = {first.id: first.title for first in needed}
        check_prerequisites(course.id, wanted, queries.needed_first())
    course.prerequisites = list(needed)


def add_event(
    course: Course, facts: EventFacts, *, now: datetime, status: EventStatus = EventStatus.DRAFT
) -> Event:
    """Add a course date, as a draft unless it is imported history. `now` is when it was entered."""
    check_sessions(facts.sessions)
    check_capacity(facts.capacity)
    event = Event(
        reference=_reference(facts.reference, course, facts.sessions[0]),
        course=course,
        status=status,
        capacity=facts.capacity,
        is_online=facts.is_online,
        venue=facts.venue,
        online_link=facts.online_link,
        notes=facts.notes,
        entered_at=now,
    )
    _set_sessions(event, facts.sessions)
    _set_trainers(event, facts.trainers)
    db.session.add(event)
    return event


def edit_event(event: Event, facts: EventFacts, *, now: datetime) -> bool:
    """Change the time, place, trainers and notes of `event`. Returns whether calendars need an update.

    Does not change the capacity, because the catalogue does not know how many places are taken.
    """
    check_editable(event)
    check_new_times(event, facts.sessions, now=now)
    if event.is_published:
        check_place(
            is_online=facts.is_online, has_venue=facts.venue is not None, online_link=facts.online_link
        )
    if " ".join(facts.reference.split()) not in ("", event.reference):
        event.reference = _reference(facts.reference, event.course, facts.sessions[0])
    was = _whereabouts(event)
    if list(facts.sessions) != times_of(event):
        _set_sessions(event, facts.sessions)
    event.is_online, event.venue, event.online_link = facts.is_online, facts.venue, facts.online_link
    event.notes = facts.notes
    _set_trainers(event, facts.trainers)
    moved = event.is_published and _whereabouts(event) != was
    if moved:
        event.sequence += 1
    return moved


def set_policies(
    of: Course | Event, policies: Mapping[str, Any], *, seen: str | None, by: Person, now: datetime
) -> None:
    """Set the policies of a course or event that differ from the level above. Past decisions stay.

    Raises Stale if they have changed since `seen`.
    """
    db.session.refresh(of, with_for_update={"of": type(of)})
    check_version(seen, version_of(of.policies))
    note_changes(over(of), of.id, of.policies, policies, by=by, now=now)
    of.policies = dict(policies)


def publish(event: Event) -> None:
    """Publish a draft, so that people can book it. A date that has started can only have its register marked."""
    check_publishable(event)
    event.status = EventStatus.PUBLISHED


def delete_draft(event: Event) -> None:
    """Delete a course date that was never published."""
    if event.status is not EventStatus.DRAFT:
        raise Refused("Only a draft can be deleted. Call off a published course date instead.")
    db.session.delete(event)


def _with_free_title(facts: CourseFacts, *, of: Course | None = None) -> CourseFacts:
    title = " ".join(facts.title.split())
    same = queries.course_titled(title)
    if same is not None and same is not of:
        raise Taken(f"There is already a course called {same.title}.")
    return replace(facts, title=title)


def _free(name: str, is_taken: Callable[[str], bool]) -> str:
    """The web address, with a number added if another course has it."""
    candidate, number = name, 1
    while is_taken(candidate):
        number += 1
        candidate = f"{name}-{number}"
    return candidate


def _reference(given: str, course: Course, first: Times) -> str:
    """The reference given, or else a new one. Raises Taken."""
    given = " ".join(given.split())
    if not given:
        made = reference_of(course.title, london_date(first.starts_at))
        return _free(made, queries.is_reference_taken)
    if queries.is_reference_taken(given):
        raise Taken(f"Another course date has the reference {given}.")
    return given


def _whereabouts(event: Event) -> tuple[object, ...]:
    """What calendars store about an event: its times and its place."""
    return times_of(event), event.is_online, event.venue, event.online_link


def _set_sessions(event: Event, sessions: Sequence[Times]) -> None:
    for number, times in enumerate(sessions, start=1):
        if number > len(event.sessions):
            event.sessions.append(
                EventSession(number=number, starts_at=times.starts_at, ends_at=times.ends_at)
            )
        else:
            row = event.sessions[number - 1]
            row.starts_at, row.ends_at = times.starts_at, times.ends_at
    del event.sessions[len(sessions) :]
    event.starts_at, event.ends_at = sessions[0].starts_at, sessions[-1].ends_at


def _set_trainers(event: Event, trainers: Sequence[Person]) -> None:
    wanted = {person.id: person for person in trainers}
    for row in list(event.trainers):
        if wanted.pop(row.person_id, None) is None:
            event.trainers.remove(row)
    event.trainers.extend(EventTrainer(person=person) for person in wanted.values())
