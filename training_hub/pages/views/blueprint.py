"""The blueprint of this package, and the agency that a page is shown for."""

from flask import Blueprint
from flask_login import current_user

blueprint = Blueprint("pages", "training_hub.pages")


def own_agency() -> int | None:
    """The id of the reader's agency; None for strangers and for people without one."""
    return current_user.agency_id if current_user.is_authenticated else None
