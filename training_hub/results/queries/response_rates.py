"""Response rates: how many evaluations due were returned, by which channel, and how soon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select, true

from training_hub.access import Actor
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.rules.reminders import LAST_REMINDER
from training_hub.questionnaires.models import Stage
from training_hub.results.queries.breakdown import Row, by_agency, by_course, by_trainer, dates, suppress_rows
from training_hub.results.queries.counting import ResultsFilter, events_about, within_results
from training_hub.results.queries.results import sees_small_groups
from training_hub.results.queries.returns import returns
from training_hub.results.rules.counting import Returns, total_returns
from training_hub.results.rules.response_rates import days_to_return
from training_hub.results.rules.small_groups import FEWEST


@dataclass(frozen=True, kw_only=True)
class ResponseRates:
    """What the page of response rates shows to one reader."""

    stages: Sequence[Stage]
    returns: Returns
    channels: Mapping[Channel | None, int]
    days: Mapping[int, int]
    copied: tuple[Returns, Returns]
    """Evaluations that the line manager was told about, and those with a last reminder but no such mail."""
    rows: Sequence[Row]
    others: Returns | None
    is_whole_year: bool
    """Whether the reader sees one whole financial year at a time."""

    @property
    def is_too_few(self) -> bool:
        """Whether so few people were asked that only the numbers due and returned are shown."""
        return self.is_whole_year and self.returns.due < FEWEST


def response_rates(
    actor: Actor, about: ResultsFilter, stage: Stage, by: str, *, now: datetime
) -> ResponseRates:
    """The response rates of a stage, divided by courses, trainers or agencies."""
    of_stage = returns(actor, about, now=now)
    found = of_stage.get(stage, {})
    if by == "agencies":
        divided = by_agency(actor, about, stage, now=now)
    else:
        listed = dates(actor, about, found, now=now)
        if by == "trainers" and not sees_small_groups(actor):
            # Anyone can see who trains at which date, so comparing two trainers could reveal a small course date.
            listed = [row for row in listed if row.returns.due >= FEWEST]
        divided = by_trainer(listed) if by == "trainers" else by_course(listed)
    rows, others = suppress_rows(actor, divided, adds_up=by != "trainers")
    return ResponseRates(
        stages=[each for each in Stage if each in of_stage],
        returns=total_returns(found.values()),
        channels=by_channel(actor, about, stage, now=now),
        days=days_taken(actor, about, stage, now=now),
        copied=copied(actor, about, stage, now=now),
        rows=rows,
        others=others,
        is_whole_year=not sees_small_groups(actor),
    )


def by_channel(
    actor: Actor, about: ResultsFilter, stage: Stage, *, now: datetime
) -> dict[Channel | None, int]:
    """How many evaluations of a stage were returned by each channel. The key None is for an unknown channel."""
    statement = _due((Invitation.returned_by, func.count(Invitation.id)), about, stage, now=now)
    statement = statement.where(Invitation.returned_at.is_not(None)).group_by(Invitation.returned_by)
    return {row[0]: row[1] for row in db.session.execute(within_results(statement, actor, about))}


def days_taken(actor: Actor, about: ResultsFilter, stage: Stage, *, now: datetime) -> dict[int, int]:
    """How many evaluations were returned, by the number of days that they took.

    Counts in Python, because the databases work out London days differently. A year has only some thousand rows.
    """
    statement = _due((Invitation.due_at, Invitation.returned_at), about, stage, now=now)
    statement = statement.where(Invitation.returned_at.is_not(None))
    return days_to_return(
        (row[0], row[1]) for row in db.session.execute(within_results(statement, actor, about))
    )


def copied(actor: Actor, about: ResultsFilter, stage: Stage, *, now: datetime) -> tuple[Returns, Returns]:
    """Evaluations that the line manager was told about, and those with a last reminder but no such mail."""
    is_copied = case((Invitation.copied_in != "", 1), else_=0)
    is_last = exists().where(
        ReminderSent.invitation_id == Invitation.id, ReminderSent.reminder_number == LAST_REMINDER
    )
    facts = (is_copied, func.count(Invitation.id), func.count(Invitation.returned_at))
    statement = _due(facts, about, stage, now=now).where(or_(is_copied == 1, is_last)).group_by(is_copied)
    found = {
        row[0]: Returns(due=row[1], returned=row[2])
        for row in db.session.execute(within_results(statement, actor, about))
    }
    return found.get(1, Returns()), found.get(0, Returns())


def _due(facts: Sequence[Any], about: ResultsFilter, stage: Stage, *, now: datetime) -> Any:
    is_due = true() if stage is Stage.BEFORE else Booking.status == Status.COMPLETED
    if stage is Stage.END:
        is_due = and_(is_due, Course.is_evaluated)
    return (
        select(*facts)
        .select_from(Invitation)
        .join(Booking, Invitation.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Course, Event.course_id == Course.id)
        .where(*events_about(about, now=now), Invitation.stage == stage, ~Invitation.is_imported, is_due)
    )
