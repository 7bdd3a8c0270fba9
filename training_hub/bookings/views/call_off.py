"""Calling an event off."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions.call_off import cancel_event
from training_hub.bookings.forms import CallOffForm
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries.events import event_within, open_dates
from training_hub.bookings.rules.call_off import check_call_off
from training_hub.bookings.views.blueprint import blueprint
from training_hub.people.asker import asker
from training_hub.web.forms import render_form_page


@blueprint.route("/manage/dates/<int:event_id>/call-off", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_EVENTS)
def call_off(event_id: int) -> ResponseReturnValue:
    """Ask why, say who will be told, and call the event off."""
    asking, now, form = asker(), clock.now(), CallOffForm()
    event = event_within(event_id, asking, Permission.CALL_OFF_EVENTS) or abort(404)
    done = url_for("bookings.event_bookings", event_id=event.id, done="called-off")
    step = request.form.get("step", "") if request.method == "POST" else "ask"
    check_call_off(event, now=now)
    if step == "confirm" and form.validate():
        cancel_event(event, by=asking, now=now, reason=form.reason.data)
        return redirect(done, 303)
    places = availability_queries.places(event)
    others = open_dates(event, now=now)
    if step == "check" and form.validate():
        facts = {"event": event, "places": places, "other_dates": others}
        return render_template("bookings/call_off_check.html", form=form, **facts)
    return render_form_page("bookings/call_off.html", form, event=event, places=places, other_dates=others)
