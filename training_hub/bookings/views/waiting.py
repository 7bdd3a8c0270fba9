"""What a hub officer decides about a waiting list: who is picked from it, and whether it goes on."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings import actions, queries
from training_hub.bookings.forms import ButtonForm, PickForm
from training_hub.bookings.models import Status
from training_hub.bookings.rules import Decided
from training_hub.bookings.rules.waiting import no_longer_waits
from training_hub.bookings.views.blueprint import asker, blueprint
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.web.forms import render_form_page

OFFER, OUTRIGHT = "offer", "outright"
BECOMES = {OFFER: Status.OFFERED, OUTRIGHT: Status.CONFIRMED}


def _event(event_id: int) -> Event:
    return queries.event_within(event_id, asker(), Permission.MANAGE_WAITING_LISTS) or abort(404)


@blueprint.route("/manage/dates/<int:event_id>/waiting/<reference>/pick", methods=["GET", "POST"])
@requires(Permission.MANAGE_WAITING_LISTS)
def pick(event_id: int, reference: str) -> ResponseReturnValue:
    """Say how somebody who waits gets a free place, and why, and give or offer it."""
    event, asking, now = _event(event_id), asker(), clock.now()
    booking = queries.booking_at(reference, asking, Permission.MANAGE_WAITING_LISTS) or abort(404)
    if booking.event_id != event.id:
        raise Refused("This person waits for another course date. Open the bookings of that date.")
    terms, places, form = queries.terms_for(event), queries.places(event), PickForm()
    closed = now >= terms.bookings_close_at
    until = terms.offer_ends_at(now=now)
    form.how.choices = (
        {OUTRIGHT: "It is booked for them now"}
        if closed
        else {OFFER: "It is offered to them", OUTRIGHT: "It is booked for them now"}
    )
    done = url_for("bookings.event_bookings", event_id=event.id, picked=reference)
    try:
        if booking.status is not Status.WAITING:
            if request.method == "POST" and booking.status is BECOMES.get(request.form.get("how", "")):
                # Pressed twice: it is done, and they were told once.
                return redirect(done, 303)
            raise Decided(no_longer_waits(booking.status, booking.person.name, booking.decide_by))
        if form.validate_on_submit():
            actions.pick(
                booking, by=asking, now=now, outright=form.how.data == OUTRIGHT, reason=form.reason.data
            )
            return redirect(done, 303)
    except Decided as no:
        return render_template("bookings/pick_over.html", booking=booking, event=event, sentence=str(no)), 409
    listed = queries.list_in_hand(event, terms, places, asking, now=now)
    turns = listed.turns if listed else []
    return render_form_page(
        "bookings/pick.html",
        form,
        event=event,
        booking=booking,
        sentence=next((why for row, why in turns if row.id == booking.id), ""),
        before=queries.waiting_position(booking) - 1,
        free=places.free,
        closed=closed,
        until=until,
        has_started=not event.is_published or now >= event.starts_at,
        clashes=queries.clashing(booking.person_id, event.id),
    )


@blueprint.post("/manage/dates/<int:event_id>/waiting/pause")
@requires(Permission.MANAGE_WAITING_LISTS)
def pause_list(event_id: int) -> ResponseReturnValue:
    """Stop free places from going to those who wait, or let them go on."""
    event, form = _event(event_id), ButtonForm()
    if not form.validate() or form.answer.data not in {"pause", "resume"}:
        abort(400)
    actions.pause_list(event, is_paused=form.answer.data == "pause", now=clock.now())
    return redirect(url_for("bookings.event_bookings", event_id=event.id, list=form.answer.data), 303)
