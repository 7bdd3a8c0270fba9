"""The blueprint of this package, and the reader's agency."""

from flask import Blueprint
from flask_login import current_user

blueprint = Blueprint("pages", "training_hub.pages")


def own_agency() -> int | None:
    """The id of the reader's agency. None for visitors and people without one."""
    return current_user.agency_id if current_user.is_authenticated else None
