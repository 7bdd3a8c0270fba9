"""The door to registers."""

from flask import Flask

from training_hub.access import Permission
from training_hub.attendance.views import outcomes, registers, walk_ins
from training_hub.attendance.views.blueprint import blueprint
from training_hub.web.pages import navigation_item

__all__ = ["init_app", "outcomes", "registers", "walk_ins"]


def init_app(app: Flask) -> None:
    """Open the door."""
    app.register_blueprint(blueprint)
    navigation_item("Registers", "attendance.registers", Permission.MARK_REGISTERS, place=30)
