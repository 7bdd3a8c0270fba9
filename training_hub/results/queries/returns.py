"""How many evaluations were due and returned at each stage."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from training_hub.access import Actor
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import HAS_PLACE, Status
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.evaluation.models.answers import Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.people.models import Agency
from training_hub.questionnaires.models import Questionnaire, Stage
from training_hub.results.queries.counting import ResultsFilter, events_about, responses, within_results
from training_hub.results.rules.counting import Returns
from training_hub.results.rules.results import WHY_ALONE


def returns(actor: Actor, about: ResultsFilter, *, now: datetime) -> dict[Stage, dict[int, Returns]]:
    """The numbers due and returned at each stage, by course date. Stages with nothing due are left out.

    The end form is due from every completed place at an evaluated course, even before people are asked.
    """
    found: dict[Stage, dict[int, Returns]] = {}
    at_the_end = _end((literal(Stage.END, Invitation.stage.type), Booking.event_id), about, now)
    otherwise = _other((Invitation.stage, Booking.event_id), about, now).where(Invitation.stage != Stage.END)
    for statement in (
        at_the_end.group_by(Booking.event_id),
        otherwise.group_by(Invitation.stage, Booking.event_id),
    ):
        for stage, event_id, *numbers in db.session.execute(_of_agency(statement, actor, about)):
            found.setdefault(stage, {})[event_id] = Returns(*numbers)
    return found


_RETURNED = func.count(Invitation.returned_at)
_ANSWERED = func.sum(case((and_(Invitation.returned_at.is_not(None), ~Invitation.is_imported), 1), else_=0))


def before_alone(actor: Actor, about: ResultsFilter, *, now: datetime) -> dict[str, int]:
    """How many people answered before the course, without an end answer to compare, by key of `WHY_ALONE`."""
    given = responses(actor, about, now=now)
    asked, form = aliased(Invitation), aliased(Response)
    why = case(
        (given.c.booking_id.is_(None), "anonymous"),
        (Booking.status != Status.COMPLETED, "not completed"),
        (or_(asked.id.is_(None), asked.returned_at.is_(None)), "not returned"),
        (form.id.is_not(None), ""),
        (asked.is_imported, "imported"),
        else_="anonymous",
    ).label("why")
    rows = db.session.execute(
        select(why, func.count())
        .select_from(given)
        .join(Questionnaire, given.c.questionnaire_id == Questionnaire.id)
        .outerjoin(Booking, given.c.booking_id == Booking.id)
        .outerjoin(asked, and_(asked.booking_id == Booking.id, asked.stage == Stage.END))
        .outerjoin(form, form.invitation_id == asked.id)
        .where(Questionnaire.stage == Stage.BEFORE)
        .group_by("why")
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {name: found[name] for name in WHY_ALONE if name in found}


def returns_by_agency(
    actor: Actor, about: ResultsFilter, stage: Stage, *, now: datetime
) -> Iterator[tuple[int, str, Returns]]:
    """The id, name and numbers due and returned of each agency as at booking, at one stage, ordered by name."""
    named = (Agency.id, Agency.name)
    statement = _end(named, about, now) if stage is Stage.END else _other(named, about, now)
    if stage is not Stage.END:
        statement = statement.where(Invitation.stage == stage)
    statement = (
        statement.join(Agency, Booking.agency_id == Agency.id)
        .group_by(Agency.id, Agency.name)
        .order_by(Agency.name, Agency.id)
    )
    for key, name, *numbers in db.session.execute(_of_agency(statement, actor, about)):
        yield key, name, Returns(*numbers)


def _end(facts: Sequence[Any], about: ResultsFilter, now: datetime) -> Any:
    return (
        select(*facts, func.count(Booking.id), _RETURNED, _ANSWERED)
        .select_from(Booking)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .outerjoin(Invitation, and_(Invitation.booking_id == Booking.id, Invitation.stage == Stage.END))
        .where(*events_about(about, now=now), Booking.status == Status.COMPLETED, Course.is_evaluated)
    )


def _other(facts: Sequence[Any], about: ResultsFilter, now: datetime) -> Any:
    return (
        select(*facts, func.count(Booking.id), _RETURNED, _ANSWERED)
        .select_from(Invitation)
        .join(Booking, Invitation.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(
            *events_about(about, now=now),
            # The "before" form is due from every place that was not cancelled.
            or_(
                Booking.status == Status.COMPLETED,
                and_(Invitation.stage == Stage.BEFORE, Booking.status.in_(HAS_PLACE)),
            ),
        )
    )


def _of_agency(statement: Any, actor: Actor, about: ResultsFilter) -> Any:
    if about.agency_id is not None:
        statement = statement.where(Booking.agency_id == about.agency_id)
    return within_results(statement, actor, about)
