"""The blueprint of registers, and functions that several of its views use."""

from flask import Blueprint, abort

from training_hub.attendance.queries import marks as marks_queries
from training_hub.catalogue.models import Event, EventSession
from training_hub.people.asker import asker

blueprint = Blueprint("attendance", __name__)


def event_or_404(event_id: int) -> Event:
    """The event, if the reader may mark its registers."""
    return marks_queries.event_with_register(event_id, asker()) or abort(404)


def session_or_404(event: Event, number: int) -> EventSession:
    """The session of `event` with this number."""
    return next((session for session in event.sessions if session.number == number), None) or abort(404)
