"""Undoing a change to a booking."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import undo as undo_actions
from training_hub.bookings.forms import UndoForm
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.eligibility import Clash
from training_hub.bookings.rules.moves import UNDONE
from training_hub.bookings.views.blueprint import blueprint, find_booking
from training_hub.bookings.views.not_bookable import clash_page
from training_hub.errors import Refused
from training_hub.people.asker import asker
from training_hub.web.forms import render_form_page

UNDO_WORDS = {
    Status.CONFIRMED: "Give the place back",
    Status.CANCELLED: "Count it as cancelled in time",
    Status.WAITING: "Put back on the waiting list",
}


@blueprint.route("/bookings/<reference>/undo", methods=["GET", "POST"])
@requires(Permission.UNDO_BOOKINGS)
def undo(reference: str) -> ResponseReturnValue:
    """Ask what to undo and why, and undo it."""
    booking, form = find_booking(reference, Permission.UNDO_BOOKINGS), UndoForm()
    page, allowed = url_for("bookings.booking", reference=reference), UNDONE.get(booking.status, frozenset())
    if not allowed or booking.is_walk_in:
        return redirect(page, 303)
    choices = [status for status in UNDO_WORDS if status in allowed]
    form.became.choices = {status.value: UNDO_WORDS[status] for status in choices}
    if form.validate_on_submit():
        try:
            undo_actions.undo(
                booking,
                Status(form.became.data),
                by=asker(),
                now=clock.now(),
                reason=form.reason.data,
                despite_clash=form.is_despite_clash,
            )
        except Clash as clash:
            words = {"for_other": True, "go_on": "Give the place back anyway"}
            return clash_page(clash, form, booking.event, back=page, **words)
        except Refused as no:
            form.became.errors = [str(no)]
        else:
            return redirect(page, 303)
    return render_form_page("bookings/undo.html", form, booking=booking)
