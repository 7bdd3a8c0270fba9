"""The door to bookings: booking a place, one booking, and everyone's at one event."""

from flask import Flask

from training_hub.bookings.views import book, booking, by_link, changing, claims, events, feed
from training_hub.bookings.views.blueprint import blueprint

__all__ = ["book", "booking", "by_link", "changing", "claims", "events", "feed"]


def init_app(app: Flask) -> None:
    """Open the door."""
    app.register_blueprint(blueprint)
