"""The stored data that the rows of a file are checked against."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import func, select

from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.status import FLAGS, OPEN, Status
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.importing.models import Row, Stored, StoredBooking, StoredEvent
from training_hub.people.models import Agency, Person
from training_hub.questionnaires.models import Stage
from training_hub.wording import folded

Key = TypeVar("Key", int, str)
AT_ONCE = 1000
"""How many values one statement may name, because databases have a limit."""


def stored_for(rows: Sequence[Row]) -> Stored:
    """All stored data that the rows could contradict, read in a handful of queries."""
    stored = Stored(mark=mark())
    for course_id, title, slug in db.session.execute(
        select(Course.id, Course.title, Course.slug).order_by(Course.id)
    ):
        stored.courses.setdefault(folded(title), course_id)
        stored.slugs.add(slug)
    stored.agencies = {key: agency_id for agency_id, key in db.session.execute(select(Agency.id, Agency.key))}
    for emails in in_parts({row.email for row in rows}):
        found = select(Person.id, Person.email, Person.name).where(Person.email.in_(emails))
        for person_id, email, name in db.session.execute(found):
            stored.people[email] = (person_id, name)
    for references in in_parts({row.event for row in rows}):
        _add_events(stored, references)
    return stored


def _add_events(stored: Stored, references: Sequence[str]) -> None:
    """Add the events with these references, and their bookings."""
    rows = db.session.execute(
        select(
            Event.reference,
            Event.id,
            Course.title,
            Event.starts_at,
            Event.ends_at,
            Event.capacity,
            Event.status,
        )
        .join(Course, Event.course_id == Course.id)
        .where(Event.reference.in_(references))
    )
    reference_of = {}
    for row in rows:
        stored.events[row.reference] = StoredEvent(row.id, folded(row.title), *row[3:])
        reference_of[row.id] = row.reference
    _add_bookings(stored, reference_of)


def _add_bookings(stored: Stored, reference_of: Mapping[int, str]) -> None:
    rows = db.session.execute(
        select(
            Booking.event_id,
            Person.email,
            Booking.status,
            Booking.is_walk_in,
            Agency.key,
            Invitation.returned_at,
        )
        .join(Person, Booking.person_id == Person.id)
        .join(Agency, Booking.agency_id == Agency.id)
        .outerjoin(Invitation, (Invitation.booking_id == Booking.id) & (Invitation.stage == Stage.END))
        # Files have no bookings that never became a place, because such bookings are in no figure.
        .where(Booking.event_id.in_(reference_of), Booking.status != Status.WITHDRAWN)
        # The last row of a person is used: the open booking, or else the newest, which has the outcome.
        .order_by(Booking.status.in_(OPEN), Booking.id)
    )
    for event_id, email, status, is_walk_in, agency, returned_at in rows:
        reference = reference_of[event_id]
        stored.bookings[reference, email] = StoredBooking(status, is_walk_in, agency, returned_at is not None)
        event = stored.events[reference]
        event.statuses.add(status)
        event.held += FLAGS[status].has_place and not is_walk_in


def mark() -> tuple[int, ...]:
    """Numbers that change whenever the data that an import is checked against changes. Cheap to read.

    They are the largest ids: each new row raises one, and each change of a booking adds a row of history.
    """
    newest = [
        db.session.scalar(select(func.max(column)))
        for column in (Person.id, Agency.id, Course.id, Event.id, Booking.id, BookingChange.id, Invitation.id)
    ]
    moved = db.session.scalar(select(func.sum(Event.sequence + Event.capacity)))
    returned = db.session.scalar(select(func.count()).where(Invitation.returned_at.is_not(None)))
    return tuple(int(number or 0) for number in (*newest, moved, returned))


def in_parts(values: Iterable[Key]) -> Iterator[list[Key]]:
    """The values in batches, in a stable order."""
    rest = iter(sorted(values))
    while part := list(islice(rest, AT_ONCE)):
        yield part
