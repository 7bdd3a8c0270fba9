"""An agency's reserved places."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import reserved as reserved_actions
from training_hub.bookings.actions.reserved import CannotReserve
from training_hub.bookings.forms import GiveBackForm, ReserveForm
from training_hub.bookings.queries.availability import availability_at
from training_hub.bookings.queries.events import bookable_event
from training_hub.bookings.queries.reserved import reserved_places
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import NotOpen
from training_hub.bookings.rules.reserved import released_at
from training_hub.bookings.views.agency import acting_for, agency_shown, choose_agency
from training_hub.bookings.views.blueprint import blueprint
from training_hub.catalogue.models import Event
from training_hub.errors import Stale
from training_hub.people.asker import asker
from training_hub.people.models import Agency
from training_hub.web.addresses import number_in


@blueprint.get("/dates/<int:event_id>/reserve")
@requires(Permission.BOOK_FOR_OTHERS)
def reserve(event_id: int) -> str:
    """Show the places that an agency has reserved, and the forms to reserve more or give some back."""
    event = bookable_event(event_id, asker().id) or abort(404)
    agency = agency_shown(asker())
    if agency is None:
        return choose_agency(url_for("bookings.reserve", event_id=event.id), event)
    return _page(event, agency, ReserveForm(formdata=None), GiveBackForm(formdata=None))


@blueprint.post("/dates/<int:event_id>/reserve")
@requires(Permission.BOOK_FOR_OTHERS)
def reserve_places(event_id: int) -> ResponseReturnValue:
    """Reserve places without a name, or give some back."""
    event = bookable_event(event_id, asker().id) or abort(404)
    gives_back = request.form.get("answer") == "give-back"
    # The page has two forms. Only the one that was sent is filled with what was sent.
    reserving = ReserveForm(formdata=None) if gives_back else ReserveForm()
    giving = GiveBackForm() if gives_back else GiveBackForm(formdata=None)
    sent: ReserveForm | GiveBackForm = giving if gives_back else reserving
    field = giving.back if gives_back else reserving.number
    agency = acting_for(number_in(sent.agency_id.data), asker())
    if sent.validate():
        act = reserved_actions.give_back if gives_back else reserved_actions.reserve
        had, done = number_in(sent.had.data) or 0, "given-back" if gives_back else "reserved"
        try:
            act(event, agency, int(field.data or 0), had=had, by=asker(), now=clock.now())
            return redirect(url_for("bookings.reserve", event_id=event.id, agency=agency.id, done=done), 303)
        except (CannotReserve, NotOpen, Stale) as no:
            field.errors = [str(no)]
    return _page(event, agency, reserving, giving, sent=sent), 422


def _page(
    event: Event,
    agency: Agency,
    reserving: ReserveForm,
    giving: GiveBackForm,
    *,
    sent: ReserveForm | GiveBackForm | None = None,
) -> str:
    now, terms = clock.now(), terms_for(event)
    have = len(reserved_places(event, agency))
    for each in (reserving, giving):
        each.agency_id.data, each.had.data = str(agency.id), str(have)
    here = availability_at(event, terms, agency.id, now=now)
    return render_template(
        "bookings/reserve.html",
        # The page's title and error summary must be about the form that was sent.
        form=sent or reserving,
        reserving=reserving,
        giving=giving,
        event=event,
        agency=agency,
        have=have,
        here=here,
        can_reserve=here.is_open and now < released_at(terms),
        terms=terms,
        cap=here.cap,
        done=request.args.get("done", ""),
    )
