"""Everyone who is booked on one event, and calling it off."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, Scope, requires, scopes
from training_hub.bookings import actions, queries
from training_hub.bookings.forms import CallOffForm
from training_hub.bookings.queries.shares import mix_at
from training_hub.bookings.rules import check_call_off, is_open
from training_hub.bookings.views.blueprint import asker, blueprint
from training_hub.web.forms import render_form_page

SCARCE = 4
"""Places are scarce where fewer than one in so many is left."""


@blueprint.get("/manage/dates/<int:event_id>/bookings")
@requires(Permission.SEE_BOOKINGS)
def event_bookings(event_id: int) -> str:
    """Who has a place, who waits in which order, who has gone, and what they need."""
    asking, now = asker(), clock.now()
    event = queries.event_within(event_id, asking, Permission.SEE_BOOKINGS)
    if event is None:
        abort(404)
    terms, places = queries.terms_for(event), queries.places(event)
    cap = terms.cap(now=now)
    # How agencies share a date is the training team's to see, and of use while places are scarce.
    is_scarce = bool(cap or places.reserved or places.waiting) or places.free * SCARCE <= places.capacity
    sees_mix = Scope.ALL in scopes(asking, Permission.SEE_BOOKINGS) and now < event.ends_at
    mix = mix_at(event) if sees_mix else []
    return render_template(
        "bookings/event_bookings.html",
        mix=mix if is_scarce else [],
        cap=cap,
        event=event,
        listed=queries.bookings_at(event.id, asking),
        needs=queries.needs_at(event.id, asking),
        missed=queries.missed_at(event.id) if queries.sees_reasons(asking) else {},
        now=now,
        is_open=is_open(event, terms, now=now),
        terms=terms,
        places=places,
        waiting_list=queries.list_in_hand(event, terms, places, asking, now=now),
        picked=request.args.get("picked", ""),
        list_done=request.args.get("list", ""),
        sees_reasons=queries.sees_reasons(asking),
        may_edit=asking.may(Permission.EDIT_CATALOGUE),
        can_call_off=asking.may(Permission.CALL_OFF_EVENTS) and event.is_published and now < event.starts_at,
        done=request.args.get("done", "") if event.is_called_off else "",
    )


@blueprint.route("/manage/dates/<int:event_id>/call-off", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_EVENTS)
def call_off(event_id: int) -> ResponseReturnValue:
    """Ask why, say who will be told, and call the event off."""
    asking, now, form = asker(), clock.now(), CallOffForm()
    event = queries.event_within(event_id, asking, Permission.CALL_OFF_EVENTS)
    if event is None:
        abort(404)
    done = url_for("bookings.event_bookings", event_id=event.id, done="called-off")
    step = request.form.get("step", "") if request.method == "POST" else "ask"
    if step == "confirm" and event.is_called_off:
        # Pressed twice: it is done, and everyone was told once.
        return redirect(done, 303)
    check_call_off(event, now=now)
    if step == "confirm" and form.validate():
        actions.cancel_event(event, by=asking, now=now, reason=form.reason.data)
        return redirect(done, 303)
    places = queries.places(event)
    others = queries.open_dates(event, now=now)
    if step == "check" and form.validate():
        facts = {"event": event, "places": places, "other_dates": others}
        return render_template("bookings/call_off_check.html", form=form, **facts)
    return render_form_page("bookings/call_off.html", form, event=event, places=places, other_dates=others)
