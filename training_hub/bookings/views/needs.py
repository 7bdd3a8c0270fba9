"""Ask a person what they need to take part, where someone else booked for them."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions.needs import say_needs
from training_hub.bookings.forms import NeedsForm
from training_hub.bookings.queries.needs import can_say_needs
from training_hub.bookings.views.blueprint import blueprint, find_booking
from training_hub.people.asker import asker
from training_hub.web.forms import render_form_page


@blueprint.route("/bookings/<reference>/needs", methods=["GET", "POST"])
@requires(Permission.BOOK_PLACES)
def needs(reference: str) -> ResponseReturnValue:
    """Ask a person what they need, once."""
    asking, now, form = asker(), clock.now(), NeedsForm()
    booking = find_booking(reference, Permission.BOOK_PLACES)
    if booking.person_id != asking.id:
        abort(404)
    page = url_for("bookings.booking", reference=reference)
    if not can_say_needs(booking, now=now):
        return redirect(page, 303)
    if form.validate_on_submit():
        access, dietary = form.access_needs.data or "", form.dietary_needs.data or ""
        say_needs(booking, access=access, dietary=dietary, now=now)
        return redirect(page, 303)
    return render_form_page("bookings/needs.html", form, booking=booking)
