"""The pages of results."""

from flask import Flask

from training_hub.access import Permission
from training_hub.results.views import comments, files, response_rates, results, themes  # noqa: F401 - for their views
from training_hub.results.views.blueprint import blueprint
from training_hub.web.pages import NAVIGATION, Entry


def init_app(app: Flask) -> None:
    """Add these pages to the application."""
    app.register_blueprint(blueprint)
    NAVIGATION["results.results"] = Entry(
        "Results",
        Permission.SEE_RESULTS,
        place=45,
        also=("results.comments", "results.themes"),
    )
