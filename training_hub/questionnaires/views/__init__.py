"""The pages on which officers build questionnaires."""

from flask import Flask

from training_hub.access import Permission
from training_hub.questionnaires.views import course_questionnaires, questions, versions  # noqa: F401 - for their views
from training_hub.questionnaires.views.blueprint import blueprint
from training_hub.web.pages import NAVIGATION, Entry


def init_app(app: Flask) -> None:
    """Add these pages to the application."""
    app.register_blueprint(blueprint)
    NAVIGATION["questionnaires.questionnaires"] = Entry(
        "Questionnaires", Permission.EDIT_QUESTIONNAIRES, place=65
    )
