"""Decline a place that someone else arranged, by the link in an email.

Corporate email filters open every link, so a GET only shows the page, and a POST declines.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Link, by_link
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.forms import ButtonForm
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.cancel import AlreadyOver, TooLate, cancelled_status
from training_hub.bookings.views.blueprint import blueprint, linked_booking, unanswered


@blueprint.route("/refuse/<token>", methods=["GET", "POST"])
@by_link("refuse")
def decline(link: Link) -> ResponseReturnValue:
    """Decline a place that someone else arranged. Declining never counts as late."""
    booking, now, form = linked_booking(link), clock.now(), ButtonForm()
    here = url_for("bookings.decline", token=link.token)
    try:
        cancelled_status(booking.status, booking.event, terms_for(booking.event), now=now)
        if form.validate_on_submit() and form.answer.data == "decline":
            cancel(booking, by=booking.person, now=now, cause=Cause.NOT_WANTED)
            return redirect(f"{here}?done=declined", 303)
    except AlreadyOver:
        done = request.args.get("done", "") if request.method == "GET" else ""
        return render_template("bookings/declined.html", booking=booking, done=done), 200
    except TooLate:
        return render_template(
            "bookings/declined.html", booking=booking
        ), 409 if request.method == "POST" else 200
    return unanswered("bookings/decline.html", form, booking=booking, token=link.token)
