"""Anonymous answers, and the events whose answers must be rewritten."""

from datetime import datetime

from sqlalchemy import exists, or_, select

from training_hub.bookings.models.booking import Booking
from training_hub.catalogue.models import Event
from training_hub.database import db, fetch_all
from training_hub.evaluation.models.answers import AnonymousAnswers, Answer, AnswerTheme, Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.classroom import IN_THE_CLASSROOM
from training_hub.evaluation.rules.invitations import LINK_OPENS_FOR
from training_hub.questionnaires.models import Stage


def to_rewrite(*, now: datetime, limit: int, event_id: int | None = None) -> list[int]:
    """The ids of events, or of one, whose anonymous form has closed since the answers were last rewritten.

    A form closes when its links have expired, or when everyone who owes it has returned it.
    """
    asked = exists().where(Invitation.booking_id == Booking.id, Invitation.stage == Stage.END)
    silent = exists().where(Invitation.booking_id == Booking.id, Invitation.returned_at.is_(None))
    outstanding = exists().where(
        Booking.event_id == Event.id, Booking.status.in_(IN_THE_CLASSROOM), or_(~asked, silent)
    )
    statement = (
        select(Event.id)
        .join(AnonymousAnswers, AnonymousAnswers.event_id == Event.id)
        .where(
            AnonymousAnswers.is_rewritten.is_(False),
            or_(Event.ends_at <= now - LINK_OPENS_FOR, ~outstanding),
        )
        .order_by(Event.ends_at, Event.id)
        .limit(limit)
    )
    return fetch_all(statement if event_id is None else statement.where(Event.id == event_id))


def anonymous_event_of(answer_id: int) -> int | None:
    """The event of an anonymous answer. None for an answer with a name."""
    return db.session.scalar(
        select(Response.event_id)
        .join(Answer, Answer.response_id == Response.id)
        .where(Answer.id == answer_id)
    )


def anonymous_events_about(theme_id: int) -> list[int]:
    """The events with an anonymous comment about a theme."""
    found = db.session.scalars(
        select(Response.event_id)
        .join(Answer, Answer.response_id == Response.id)
        .join(AnswerTheme, AnswerTheme.answer_id == Answer.id)
        .where(AnswerTheme.theme_id == theme_id, Response.event_id.is_not(None))
        .distinct()
        .order_by(Response.event_id)
    )
    return [event_id for event_id in found if event_id is not None]
