"""The door to bookings: booking a place, one booking, and everyone's at one event."""

from flask import Flask

from training_hub.bookings.views import (
    book,
    booking,
    by_link,
    changing,
    claims,
    events,
    feed,
    interest,
    waiting,
)
from training_hub.bookings.views.blueprint import blueprint

__all__ = ["book", "booking", "by_link", "changing", "claims", "events", "feed", "interest", "waiting"]


def init_app(app: Flask) -> None:
    """Open the door."""
    app.register_blueprint(blueprint)
