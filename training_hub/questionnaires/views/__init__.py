"""The door to the pages on which officers build questionnaires."""

from flask import Flask

from training_hub.access import Permission
from training_hub.questionnaires.views import (  # noqa: F401 - each hangs its views on the blueprint
    course_forms,
    questions,
    versions,
)
from training_hub.questionnaires.views.blueprint import blueprint
from training_hub.web.pages import navigation_item


def init_app(app: Flask) -> None:
    """Open the door."""
    app.register_blueprint(blueprint)
    navigation_item("Forms", "questionnaires.forms", Permission.EDIT_FORMS, place=65)
