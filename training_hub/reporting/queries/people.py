"""The people behind each figure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from training_hub.access import Actor, Permission, within
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import HAS_PLACE, OUTCOME_OF, OUTCOMES, Status
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.evaluation.models.invitations import Invitation
from training_hub.people.models import Agency, Person
from training_hub.questionnaires.models import Stage
from training_hub.reporting.models import Filters
from training_hub.reporting.queries.counting import in_figures, is_booked

EVERYONE = "everyone"
FIGURES = {
    EVERYONE: "Everyone",
    "booked": "Booked",
    **{outcome.slug: outcome.label for outcome in OUTCOMES},
    "walk_ins": "Walk-ins",
    "evaluations_due": "Evaluations due",
    "evaluations_returned": "Evaluations returned",
    "evaluations_outstanding": "Evaluations outstanding",
}
"""The figures whose people can be listed."""


def people_behind(actor: Actor, figure: str, filters: Filters, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """The bookings that `figure` counts, one row each, under the same conditions as the count."""
    statement = (
        select(
            Booking.reference,
            Person.name.label("person"),
            Person.email,
            Agency.name.label("agency"),
            Course.title.label("course"),
            Course.is_evaluated,
            Event.starts_at,
            Booking.status,
            Booking.is_walk_in,
            Invitation.returned_at,
        )
        .select_from(Booking)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .join(Person, Booking.person_id == Person.id)
        .join(Agency, Booking.agency_id == Agency.id)
        .outerjoin(Invitation, and_(Invitation.booking_id == Booking.id, Invitation.stage == Stage.END))
        .where(in_figures(filters, now=now), Booking.confirmed_at.is_not(None), _counts_as(figure))
        .order_by(Event.starts_at, Person.name, Booking.id)
    )
    return within(statement, actor, Permission.SEE_NAMES_BEHIND_FIGURES)


def in_batches(statement: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """The rows of `statement`, read in batches, as a list may be too long to hold in memory."""
    return iter(db.session.execute(statement.execution_options(yield_per=500)))


def _counts_as(figure: str) -> ColumnElement[bool]:
    booked = and_(is_booked(), Booking.status.in_(OUTCOME_OF))
    walked_in = and_(Booking.is_walk_in, Booking.status.in_(HAS_PLACE))
    if figure == EVERYONE:
        return or_(booked, walked_in)
    if figure == "booked":
        return booked
    if figure == "walk_ins":
        return walked_in
    due = and_(Booking.status == Status.COMPLETED, Course.is_evaluated)
    if figure == "evaluations_due":
        return due
    if figure == "evaluations_returned":
        return and_(due, Invitation.returned_at.is_not(None))
    if figure == "evaluations_outstanding":
        return and_(due, Invitation.returned_at.is_(None))
    statuses = [outcome.status for outcome in OUTCOMES if outcome.slug == figure]
    return and_(is_booked(), Booking.status.in_(statuses))
