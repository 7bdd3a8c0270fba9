"""The blueprint on which every module of this package hangs its views, and whose agency a page is shown for."""

from flask import Blueprint
from flask_login import current_user

blueprint = Blueprint("pages", "training_hub.pages")


def own_agency() -> int | None:
    """The id of the agency of whoever looks; None for a stranger, and for who has given none."""
    return current_user.agency_id if current_user.is_authenticated else None
