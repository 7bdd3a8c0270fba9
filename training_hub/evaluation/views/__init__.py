"""The views of evaluation."""

from flask import Flask

from training_hub.evaluation.views import (  # noqa: F401 - each adds its views to the blueprint
    classroom,
    classroom_screen,
    mail_log,
    reminders,
)
from training_hub.evaluation.views.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Register the views with `app`."""
    app.register_blueprint(blueprint)
