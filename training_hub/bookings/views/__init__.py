"""The views of bookings."""

from flask import Flask

from training_hub.access import Permission, Scope
from training_hub.bookings.models.status import OUTCOME_OF, OUTCOMES
from training_hub.bookings.views import (  # noqa: F401 - each adds its views to the blueprint
    agency,
    approval,
    book,
    booking,
    calendar,
    call_off,
    cancel,
    decline,
    equivalences,
    event_bookings,
    groups,
    interest,
    moved,
    needs,
    rebook,
    reserved,
    substitute,
    transfer,
    undo,
    waiting_list,
)
from training_hub.bookings.views.blueprint import blueprint
from training_hub.web.pages import NAVIGATION, Entry


def init_app(app: Flask) -> None:
    """Register the views with `app`."""
    # No link for officers: they see each agency's bookings on the course dates.
    NAVIGATION["bookings.agency"] = Entry(
        "Our agency", Permission.BOOK_FOR_OTHERS, place=25, over=Scope.AGENCY
    )
    app.jinja_env.globals.update(OUTCOMES=OUTCOMES, OUTCOME_OF=OUTCOME_OF)
    app.register_blueprint(blueprint)
