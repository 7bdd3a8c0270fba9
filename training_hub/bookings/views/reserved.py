"""An agency's reserved places."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import reserved as reserved_actions
from training_hub.bookings.actions.reserved import CannotReserve
from training_hub.bookings.forms.reserved import GiveBackForm, ReserveForm
from training_hub.bookings.queries import events as events_queries
from training_hub.bookings.queries import terms as terms_queries
from training_hub.bookings.queries.availability import availability_at
from training_hub.bookings.rules.availability import NotOpen
from training_hub.bookings.rules.reserved import released_at
from training_hub.bookings.views.agency import _agency_shown, _choose, acting_for, reserved_here
from training_hub.bookings.views.blueprint import asker, blueprint
from training_hub.catalogue.models import Event
from training_hub.errors import Stale
from training_hub.people.models import Agency


@blueprint.route("/dates/<int:event_id>/reserve", methods=["GET", "POST"])
@requires(Permission.BOOK_FOR_OTHERS)
def reserve(event_id: int) -> ResponseReturnValue:
    """Reserve places without a name, see them, and give them back."""
    now, asking = clock.now(), asker()
    event = events_queries.bookable_event(event_id, asking.id) or abort(404)
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
                reserved_actions.reserve(
                    event, shown, int(form.number.data or 0), had=had, by=asking, now=now
                )
            else:
                reserved_actions.give_back(
                    event, shown, int(back.back.data or 0), had=had, by=asking, now=now
                )
        except (CannotReserve, NotOpen, Stale) as no:
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
    now, terms = clock.now(), terms_queries.terms_for(event)
    have = reserved_here(event, agency)
    for each in (form, back):
        each.agency_id.data, each.had.data = str(agency.id), str(have)
    here = availability_at(event, terms, agency.id, now=now)
    return render_template(
        "bookings/reserve.html",
        # The page's title and its summary of what is wrong are of the form that was sent.
        form=wrong,
        reserving=form,
        giving=back,
        event=event,
        agency=agency,
        have=have,
        left=here.left,
        can_reserve=here.is_open and now < released_at(terms),
        takes_bookings=here.is_open,
        terms=terms,
        cap=terms.cap(now=now),
        places=here.places,
        done=request.args.get("done", ""),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
