"""What the doors to registers share."""

from typing import cast

from flask import Blueprint, abort
from flask_login import current_user

from training_hub.attendance.queries import marks as marks_queries
from training_hub.catalogue.models import Event, EventSession
from training_hub.people.models import Person

blueprint = Blueprint("attendance", __name__)


def asker() -> Person:
    """Whoever is signed in, as a row: an action keeps who did it."""
    return cast(Person, current_user._get_current_object())


def event_or_404(event_id: int) -> Event:
    """The event, if whoever asks may mark its registers."""
    return marks_queries.event_with_register(event_id, asker()) or abort(404)


def session_or_404(event: Event, number: int) -> EventSession:
    """The session of `event` with this number."""
    return marks_queries.session_of(event, number) or abort(404)
