"""The pages of registers."""

from flask import Flask

from training_hub.access import Permission
from training_hub.attendance.views import (  # noqa: F401 - each adds its views to the blueprint
    outcomes,
    registers,
    walk_ins,
)
from training_hub.attendance.views.blueprint import blueprint
from training_hub.web.pages import NAVIGATION, Entry


def init_app(app: Flask) -> None:
    """Register the views with `app`."""
    app.register_blueprint(blueprint)
    NAVIGATION["attendance.registers"] = Entry("Registers", Permission.MARK_REGISTERS, place=30)
