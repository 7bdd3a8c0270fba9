"""The door to evaluation."""

from flask import Flask

from training_hub.evaluation.views import (  # noqa: F401 - each hangs its views on the blueprint
    classroom,
    classroom_screen,
    mail_log,
    reminders,
)
from training_hub.evaluation.views.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Open the door."""
    app.register_blueprint(blueprint)
