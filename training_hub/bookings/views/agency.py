"""What an agency's training lead sees of their own people, and the places that they reserve without a name."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, Scope, requires, scopes
from training_hub.bookings import actions, queries
from training_hub.bookings.actions import CannotReserve
from training_hub.bookings.forms import GiveBackForm, ReserveForm
from training_hub.bookings.queries.agency import agency_to_act_for, awaited_of, coming_of
from training_hub.bookings.queries.groups import reserved_places, room_at
from training_hub.bookings.rules import NotOpen, is_open
from training_hub.bookings.rules.groups import seats_left
from training_hub.bookings.rules.reserving import released_at
from training_hub.bookings.views.blueprint import asker, blueprint
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people import queries as people
from training_hub.people.models import Agency, Person


def chooses_agency(asking: Person) -> bool:
    """Whether whoever asks acts for every agency, and so has to say for which."""
    return Scope.ALL in scopes(asking, Permission.BOOK_FOR_OTHERS)


def acting_for(agency_id: int | None, asking: Person) -> Agency:
    """The agency for which whoever asks books. Raises Refused where it is not, or no longer, theirs to book for."""
    if asking.agency_id is None and not chooses_agency(asking):
        raise Refused("Say on your profile page which agency you work for. You can then book its people.")
    agency = agency_to_act_for(agency_id, asking, Permission.BOOK_FOR_OTHERS)
    if agency is None:
        raise Refused("You cannot book for this agency. Go back to the course date, and begin again.")
    return agency


def reserved_here(event: Event, agency: Agency) -> int:
    """How many places the agency keeps there without a name."""
    return len(reserved_places(event, agency))


def _agency_shown(asking: Person) -> Agency | None:
    """The agency that the address names, or one's own; None where an officer has yet to choose."""
    chosen = request.args.get("agency", type=int)
    own = Scope.AGENCY in scopes(asking, Permission.BOOK_FOR_OTHERS)
    if chosen is None and not own:
        return None
    if chosen is None:
        return acting_for(None, asking)
    return agency_to_act_for(chosen, asking, Permission.BOOK_FOR_OTHERS) or abort(404)


def _choose(action: str, event: Event | None = None) -> str:
    choices = people.agency_choices()
    return render_template("bookings/choose_agency.html", action=action, choices=choices, event=event)


@blueprint.get("/agency")
@requires(Permission.BOOK_FOR_OTHERS)
def agency() -> str:
    """The agency's people on course dates to come, and what it still has to do about them."""
    asking, now = asker(), clock.now()
    shown = _agency_shown(asking)
    if shown is None:
        return _choose(url_for("bookings.agency"))
    listed = coming_of(shown, asking, now=now, page=request.args.get("page", 1, type=int))
    return render_template(
        "bookings/agency.html",
        agency=shown,
        own=shown.id == asking.agency_id,
        listed=listed,
        awaited=awaited_of(shown, asking, now=now),
    )


@blueprint.route("/dates/<int:event_id>/reserve", methods=["GET", "POST"])
@requires(Permission.BOOK_FOR_OTHERS)
def reserve(event_id: int) -> ResponseReturnValue:
    """Reserve places without a name, see them, and give them back."""
    now, asking = clock.now(), asker()
    event = queries.bookable_event(event_id, asking.id) or abort(404)
    answer = request.form.get("answer", "") if request.method == "POST" else ""
    # Only the form that was sent is filled from it: the other one stands on the page beside it.
    form = ReserveForm() if answer == "reserve" else ReserveForm(formdata=None)
    back = GiveBackForm() if answer == "give-back" else GiveBackForm(formdata=None)
    sent = {"reserve": form, "give-back": back}.get(answer)
    shown = _agency_shown(asking) if sent is None else acting_for(_number(sent.agency_id.data), asking)
    if shown is None:
        return _choose(url_for("bookings.reserve", event_id=event.id), event)
    if sent is not None and sent.validate():
        had = _number(sent.had.data) or 0
        try:
            if sent is form:
                actions.reserve(event, shown, int(form.number.data or 0), had=had, by=asking, now=now)
            else:
                actions.give_back(event, shown, int(back.back.data or 0), had=had, by=asking, now=now)
        except (CannotReserve, NotOpen) as no:
            (form.number if sent is form else back.back).errors = [str(no)]
        else:
            done = {"reserve": "reserved", "give-back": "given-back"}[answer]
            here = url_for("bookings.reserve", event_id=event.id, agency=shown.id, done=done)
            return redirect(here, 303)
    wrong = sent is not None and bool(sent.errors)
    return _reserve_page(event, shown, form, back, wrong=back if wrong and sent is back else form), (
        422 if wrong else 200
    )


def _reserve_page(
    event: Event, agency: Agency, form: ReserveForm, back: GiveBackForm, *, wrong: ReserveForm | GiveBackForm
) -> str:
    now, terms = clock.now(), queries.terms_for(event)
    have = reserved_here(event, agency)
    for each in (form, back):
        each.agency_id.data, each.had.data = str(agency.id), str(have)
    takes_bookings = is_open(event, terms, now=now)
    return render_template(
        "bookings/reserve.html",
        # The page's title and its summary of what is wrong are of the form that was sent.
        form=wrong,
        reserving=form,
        giving=back,
        event=event,
        agency=agency,
        have=have,
        left=seats_left(room_at(event, agency, terms, now=now), agency.id) if takes_bookings else 0,
        can_reserve=takes_bookings and now < released_at(terms),
        takes_bookings=takes_bookings,
        terms=terms,
        cap=terms.cap(now=now),
        places=queries.places(event),
        done=request.args.get("done", ""),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
