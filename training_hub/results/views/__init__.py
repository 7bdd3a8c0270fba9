"""The pages of results."""

from flask import Flask

from training_hub.access import Permission
from training_hub.results.views import (  # noqa: F401 - each adds its views to the blueprint
    comments,
    files,
    response_rates,
    results,
    themes,
)
from training_hub.results.views.blueprint import blueprint
from training_hub.web.pages import navigation_item


def init_app(app: Flask) -> None:
    """Add these pages to the application."""
    app.register_blueprint(blueprint)
    navigation_item(
        "Results",
        "results.results",
        Permission.SEE_RESULTS,
        place=45,
        also=("results.comments", "results.themes"),
    )
