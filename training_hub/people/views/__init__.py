"""The pages on which people see their own details, and on which officers manage people."""

from flask import Flask

from training_hub.access import Permission
from training_hub.people.views import manage, profile  # noqa: F401 - each adds its views to the blueprint
from training_hub.people.views.blueprint import blueprint
from training_hub.web.pages import NAVIGATION, Entry


def init_app(app: Flask) -> None:
    """Add these pages to the application."""
    app.register_blueprint(blueprint)
    NAVIGATION["people.people"] = Entry("People", Permission.EDIT_PEOPLE, place=70, also=("people.agencies",))
