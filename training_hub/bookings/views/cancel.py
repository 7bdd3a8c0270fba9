"""Cancelling a booking."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import cancel as cancel_actions
from training_hub.bookings.forms import GiveUpForm, LeaveListForm, OnBehalfForm
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.cancel import cancelled_status
from training_hub.bookings.rules.moved import is_asked, is_excused
from training_hub.bookings.views.blueprint import blueprint, find_booking
from training_hub.people.asker import asker
from training_hub.web.forms import render_form_page


@blueprint.route("/bookings/<reference>/cancel", methods=["GET", "POST"])
@requires(Permission.CANCEL_BOOKINGS)
def cancel(reference: str) -> ResponseReturnValue:
    """Say what cancelling means, ask why, and cancel."""
    asking, now = asker(), clock.now()
    found = find_booking(reference, Permission.CANCEL_BOOKINGS)
    page = url_for("bookings.booking", reference=reference)
    own, waits = found.person_id == asking.id, found.status is not Status.CONFIRMED
    terms = terms_for(found.event)
    becomes = cancelled_status(found.status, found.event, terms, now=now, is_excused=is_excused(found))
    form = (LeaveListForm if waits else GiveUpForm)() if own else OnBehalfForm()
    form.reason.label.text = _why(found.status, form.reason.label.text, own=own)
    if form.validate_on_submit() and form.told.data == becomes.value:
        shown = found.status
        cancel_actions.cancel(found, by=asking, now=now, reason=form.reason.data or "", expected=shown)
        return redirect(f"{page}?done=cancelled", 303)
    changed = request.method == "POST" and not form.errors
    form.told.data = becomes.value
    facts = {"booking": found, "event": found.event, "own": own, "changed": changed, "terms": terms}
    facts["is_asked"] = is_asked(found)
    body, status = render_form_page("bookings/cancel.html", form, is_late=terms.is_late(now=now), **facts)
    return body, 409 if changed else status


def _why(status: Status, usual: str, *, own: bool) -> str:
    """The question to a person who ends a request, an offer or a turn."""
    asked = {
        (Status.REQUESTED, True): "Why are you taking the request back?",
        (Status.OFFERED, True): "Why are you declining the place?",
        (Status.REQUESTED, False): "Why is the request taken back?",
        (Status.OFFERED, False): "Why is the offer taken back?",
    }
    return asked.get((status, own), usual)
