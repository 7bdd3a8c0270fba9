"""The door to bookings: booking a place, one booking, and everyone's at one event."""

from flask import Flask

from training_hub.bookings.views import (
    answers,
    book,
    booking,
    by_link,
    changing,
    claims,
    equivalences,
    events,
    instead,
)
from training_hub.bookings.views.blueprint import blueprint

__all__ = ["answers", "book", "booking", "by_link", "changing", "claims", "equivalences", "events", "instead"]


def init_app(app: Flask) -> None:
    """Open the door."""
    app.register_blueprint(blueprint)
