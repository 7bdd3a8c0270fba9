"""The report's pages and files."""

from flask import Flask

from training_hub.access import Permission
from training_hub.reporting.views import (  # noqa: F401 - each hangs its views on the blueprint
    people,
    programme,
)
from training_hub.reporting.views.blueprint import blueprint
from training_hub.web.pages import NAVIGATION, Entry


def init_app(app: Flask) -> None:
    """Register the views with `app`."""
    app.register_blueprint(blueprint)
    NAVIGATION["reporting.programme"] = Entry("Report", Permission.READ_REPORTS, place=40)
