"""The page on which a training lead sees the agency's people and reserved places on upcoming dates."""

from flask import abort, render_template, request, url_for

from training_hub import clock
from training_hub.access import Permission, Scope, requires, scopes
from training_hub.bookings.queries.agency import agency_to_act_for, awaited_of, coming_of
from training_hub.bookings.views.blueprint import blueprint
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people import queries as people
from training_hub.people.asker import asker
from training_hub.people.models import Agency, Person
from training_hub.web.addresses import number_in, page_number


def chooses_agency(asking: Person) -> bool:
    """Whether this person may act for every agency, and so has to choose one."""
    return Scope.ALL in scopes(asking, Permission.BOOK_FOR_OTHERS)


def acting_for(agency_id: int | None, asking: Person) -> Agency:
    """The agency for which this person books. Raises Refused if the person may not book for it (any more)."""
    if asking.agency_id is None and not chooses_agency(asking):
        raise Refused("Say on your profile page which agency you work for. You can then book its people.")
    agency = agency_to_act_for(agency_id, asking, Permission.BOOK_FOR_OTHERS)
    if agency is None:
        raise Refused("You cannot book for this agency. Go back to the course date, and begin again.")
    return agency


def agency_shown(asking: Person) -> Agency | None:
    """The agency that the address names, else the reader's own. None for an officer who has not chosen one yet."""
    chosen = number_in(request.args.get("agency"))
    own = Scope.AGENCY in scopes(asking, Permission.BOOK_FOR_OTHERS)
    if chosen is None and not own:
        return None
    if chosen is None:
        return acting_for(None, asking)
    return agency_to_act_for(chosen, asking, Permission.BOOK_FOR_OTHERS) or abort(404)


def choose_agency(action: str, event: Event | None = None) -> str:
    """The page on which an officer chooses an agency."""
    choices = people.agency_choices()
    return render_template("bookings/choose_agency.html", action=action, choices=choices, event=event)


@blueprint.get("/agency")
@requires(Permission.BOOK_FOR_OTHERS)
def agency() -> str:
    """The agency's people on upcoming course dates, and what is waiting for a decision."""
    asking, now = asker(), clock.now()
    shown = agency_shown(asking)
    if shown is None:
        return choose_agency(url_for("bookings.agency"))
    listed = coming_of(shown, asking, now=now, page=page_number())
    return render_template(
        "bookings/agency.html",
        agency=shown,
        own=shown.id == asking.agency_id,
        listed=listed,
        awaited=awaited_of(shown, asking, now=now),
    )
