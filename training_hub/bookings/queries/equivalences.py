"""Read what counts as a completed course."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models.equivalences import Equivalence
from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.people.models import Person

MOST_EQUIVALENCES = 200


def equivalences_of(person_id: int) -> Sequence[Equivalence]:
    """This person's present and removed equivalences, with who recorded each and why, by course title."""
    return db.session.scalars(
        select(Equivalence)
        .join(Course, Equivalence.course_id == Course.id)
        .where(Equivalence.person_id == person_id)
        .order_by(Course.title, Equivalence.id)
        .options(
            joinedload(Equivalence.course).lazyload(Course.board),
            joinedload(Equivalence.by).options(lazyload(Person.agency), lazyload(Person.holdings)),
            joinedload(Equivalence.ended_by).options(lazyload(Person.agency), lazyload(Person.holdings)),
        )
        .limit(MOST_EQUIVALENCES)
    ).all()


def equivalence(person_id: int, course_id: int) -> Equivalence | None:
    """The equivalence that this person has for this course."""
    return db.session.scalar(
        select(Equivalence).where(
            Equivalence.person_id == person_id,
            Equivalence.course_id == course_id,
            Equivalence.ended_at.is_(None),
        )
    )


def person_for_equivalences(person_id: int, actor: Actor) -> Person | None:
    """The person with this id, if `actor` may record equivalences for them."""
    statement = select(Person).where(Person.id == person_id)
    return db.session.scalar(
        within(statement, actor, Permission.RECORD_EQUIVALENCES, person=Person.id, agency=Person.agency_id)
    )
