"""The views of evaluation."""

from flask import Flask

from training_hub.evaluation.views import classroom, classroom_screen, mail_log, reminders  # noqa: F401 - for their views
from training_hub.evaluation.views.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Register the views with `app`."""
    app.register_blueprint(blueprint)
