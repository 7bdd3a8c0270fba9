"""Queries for invitations, and for people who still owe an evaluation."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import contains_eager, lazyload

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.terms import terms_of
from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.database import db, fetch_all
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.stages import BEFORE_OPENS, FOLLOW_UPS, status_asked
from training_hub.people.models import Person
from training_hub.policies.queries import partnership
from training_hub.policies.rules import policies_of
from training_hub.questionnaires.models import CourseQuestionnaire, Questionnaire, Stage


def invitation(invitation_id: int) -> Invitation | None:
    """One invitation with its booking, event, course and person, in one query."""
    statement = (
        select(Invitation)
        .join(Invitation.booking)
        .join(Invitation.questionnaire)
        .options(
            contains_eager(Invitation.booking).lazyload(Booking.agency),
            contains_eager(Invitation.questionnaire),
        )
        .where(Invitation.id == invitation_id)
    )
    return db.session.scalar(statement)


def invitation_of(booking_id: int, stage: Stage = Stage.END) -> Invitation | None:
    """The evaluation asked of a booking at a stage."""
    return db.session.scalar(
        select(Invitation).where(Invitation.booking_id == booking_id, Invitation.stage == stage)
    )


def outstanding(person_id: int, *, now: datetime) -> list[Invitation]:
    """The evaluations that a person still owes, latest first, without those that their line manager owes."""
    return evaluations_of(person_id, Invitation.stage != Stage.MANAGER, is_owed(now=now), limit=50)


def evaluations_of(person_id: int, *conditions: ColumnElement[bool], limit: int = 100) -> list[Invitation]:
    """The evaluations about a person's bookings, latest first, each with its booking, event and course."""
    event = contains_eager(Booking.event).options(
        lazyload(Event.venue), contains_eager(Event.course).lazyload(Course.board)
    )
    booking = contains_eager(Invitation.booking).options(
        lazyload(Booking.person), lazyload(Booking.agency), event
    )
    return fetch_all(
        select(Invitation)
        .join(Invitation.booking)
        .join(Booking.event)
        .join(Event.course)
        .join(Invitation.questionnaire)
        .options(contains_eager(Invitation.questionnaire), booking)
        .where(Booking.person_id == person_id, *conditions)
        .order_by(Invitation.due_at.desc(), Invitation.id.desc())
        .limit(limit)
    )


def is_certificate_waiting(event: Event) -> bool:
    """Whether the certificates of an event wait for its evaluation, by the policy in force for it."""
    return terms_for(event).does_certificate_wait(event.course)


def certificates_waiting(owed: Sequence[Invitation]) -> set[int]:
    """The ids of bookings whose certificates wait for the evaluations they owe."""
    wide = partnership() if owed else {}
    found = set()
    for event, booking_id in ((each.booking.event, each.booking_id) for each in owed):
        terms = terms_of(event.starts_at, wide, event.course.policies, event.policies)
        if terms.does_certificate_wait(event.course):
            found.add(booking_id)
    return found


def certificate_waits() -> ColumnElement[bool]:
    """The condition that the certificate waits, by the event's policy, else its course's, else the partnership's."""
    name = "certificate_needs_evaluation"
    needs = func.coalesce(
        Event.policies[name].as_boolean(),
        Course.policies[name].as_boolean(),
        literal(policies_of(partnership()).certificate_needs_evaluation),
    )
    return and_(Course.is_evaluated, needs)


def is_due() -> ColumnElement[bool]:
    """The condition that a booking, joined with its course, has an evaluation due, returned or not."""
    return and_(Booking.status == Status.COMPLETED, Course.is_evaluated)


def is_returned() -> ColumnElement[bool]:
    """The condition that a booking's end-of-course evaluation was returned."""
    return exists().where(
        Invitation.booking_id == Booking.id,
        Invitation.stage == Stage.END,
        Invitation.returned_at.is_not(None),
    )


def never_asked(stage: Stage, *, ended_after: datetime, now: datetime, limit: int) -> list[int]:
    """The ids of bookings that owe a stage and were not asked, at events that ended after `ended_after`.

    Walk-ins are included, and events entered after they ended are not. For the "before" stage, the
    event must begin within a week. For line managers, the manager must not be the person on the booking.
    """
    was_asked = exists().where(Invitation.booking_id == Booking.id, Invitation.stage == stage)
    asks = and_(CourseQuestionnaire.course_id == Event.course_id, CourseQuestionnaire.stage == stage)
    statement: Any = (
        select(Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .where(Event.status == EventStatus.PUBLISHED, Event.ends_at > Event.entered_at, ~was_asked)
    )
    if stage is Stage.END:
        statement = statement.join(Course, Event.course_id == Course.id).where(is_due())
    else:
        statement = statement.join(CourseQuestionnaire, asks).where(Booking.status == status_asked(stage))
    if stage is Stage.MANAGER:
        named = MANAGER_EMAIL != "", Person.email != MANAGER_EMAIL
        statement = statement.join(Person, Booking.person_id == Person.id).where(*named)
    if stage is Stage.BEFORE:
        order, first, last = Event.starts_at, now, now + BEFORE_OPENS
    else:
        order, first, last = Event.ends_at, ended_after, now - FOLLOW_UPS.get(stage, timedelta())
    statement = statement.where(order > first, order <= last).order_by(order, Booking.id)
    return fetch_all(statement.limit(limit))


def first_asked(event_id: int, stage: Stage) -> Questionnaire | None:
    """The form that the first person at an event was asked at a stage."""
    return db.session.scalar(
        select(Questionnaire)
        .join(Invitation, Invitation.questionnaire_id == Questionnaire.id)
        .join(Booking, Invitation.booking_id == Booking.id)
        .where(Booking.event_id == event_id, Invitation.stage == stage)
        .order_by(Invitation.id)
        .limit(1)
    )


MANAGER_EMAIL: Any = func.lower(
    case((Person.manager_named_at > Booking.asked_at, Person.manager_email), else_=Booking.manager_email)
)
"""SQL for the line manager's address, as `manager_of` in rules. The statement must join Booking and Person."""


def is_owed(*, now: datetime) -> ColumnElement[bool]:
    """The condition that an evaluation, joined with booking, event and course, is due and not returned."""
    asks = exists().where(
        CourseQuestionnaire.course_id == Course.id, CourseQuestionnaire.stage == Invitation.stage
    )
    is_completed = Booking.status == Status.COMPLETED
    return and_(
        Invitation.returned_at.is_(None),
        or_(
            and_(Invitation.stage == Stage.END, is_completed, Course.is_evaluated),
            and_(
                Invitation.stage == Stage.BEFORE,
                Booking.status == Status.CONFIRMED,
                Event.starts_at > now,
                asks,
            ),
            and_(Invitation.stage.in_(FOLLOW_UPS), is_completed, asks),
        ),
    )


def about_invitations(statement: Any) -> Any:
    """The statement, with invitations joined to booking, person, event and course."""
    return (
        statement.join(Booking, Invitation.booking_id == Booking.id)
        .join(Person, Booking.person_id == Person.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
    )
