"""Questions about what brings evaluations back. Only places that are due count, and imported returns stand apart."""

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
from training_hub.results.queries.breakdown import Row
from training_hub.results.queries.counting import About, events_about, within_results
from training_hub.results.queries.results import sees_few
from training_hub.results.rules.counting import Returns, total_returns
from training_hub.results.rules.response_rates import days_to_return
from training_hub.results.rules.small_groups import FEWEST, shown_parts


@dataclass(frozen=True, kw_only=True)
class Copied:
    """Evaluations that were asked for again, and how many of them then came back."""

    sent: int
    returned: int


def ways(actor: Actor, about: About, stage: Stage, *, now: datetime) -> dict[Channel | None, int]:
    """How many evaluations of a stage came back by each way; None where that is not known, or must not be."""
    statement = _due((Invitation.returned_by, func.count(Invitation.id)), about, stage, now=now)
    statement = statement.where(Invitation.returned_at.is_not(None)).group_by(Invitation.returned_by)
    return {row[0]: row[1] for row in db.session.execute(within_results(statement, actor, about))}


def days(actor: Actor, about: About, stage: Stage, *, now: datetime) -> dict[int, int]:
    """How many came back after how many days.

    Days in London are not counted alike by the two databases, so two moments are read of each return: some thousand
    rows for a year, and no more than ten years can be asked for.
    """
    statement = _due((Invitation.due_at, Invitation.returned_at), about, stage, now=now)
    statement = statement.where(Invitation.returned_at.is_not(None))
    return days_to_return(
        (row[0], row[1]) for row in db.session.execute(within_results(statement, actor, about))
    )


def copied(actor: Actor, about: About, stage: Stage, *, now: datetime) -> tuple[Copied, Copied]:
    """What became of those whose manager was copied; and of those who were sent the last reminder alone."""
    is_copied = case((Invitation.copied_in != "", 1), else_=0)
    is_last = exists().where(
        ReminderSent.invitation_id == Invitation.id, ReminderSent.reminder_number == LAST_REMINDER
    )
    facts = (is_copied, func.count(Invitation.id), func.count(Invitation.returned_at))
    statement = _due(facts, about, stage, now=now).where(or_(is_copied == 1, is_last)).group_by(is_copied)
    found = {
        row[0]: Copied(sent=row[1], returned=row[2])
        for row in db.session.execute(within_results(statement, actor, about))
    }
    none = Copied(sent=0, returned=0)
    return found.get(1, none), found.get(0, none)


def shown_rows(actor: Actor, rows: Sequence[Row], *, adds_up: bool) -> tuple[list[Row], Returns | None]:
    """The rows that `actor` may see, and all the others together.

    To whoever must not know who said what, no group of fewer than five people is shown, and never so that what is left
    could be worked out (domain 4.9). `adds_up`: the rows are parts of one total, as those of trainers are not.
    """
    if sees_few(actor):
        return list(rows), None
    parts: Mapping[Any, int] = {row.key: row.returns.due for row in rows}
    shown = shown_parts(parts) if adds_up else {key for key, due in parts.items() if due >= FEWEST}
    others = [row.returns for row in rows if row.key not in shown]
    return [row for row in rows if row.key in shown], total_returns(others) if adds_up and others else None


def _due(facts: Sequence[Any], about: About, stage: Stage, *, now: datetime) -> Any:
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
