"""Booking a place: asked on one page, checked on the next, done with the third."""

from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings import actions, queries
from training_hub.bookings.forms import BookForm
from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules import NotOpen, check_open, is_late, last_booking_day, last_free_day
from training_hub.bookings.views.blueprint import asker, blueprint
from training_hub.catalogue.models import Event
from training_hub.web.forms import render_form_page


@blueprint.route("/dates/<int:event_id>/book", methods=["GET", "POST"])
@requires(Permission.BOOK_PLACES)
def book(event_id: int) -> ResponseReturnValue:
    """Ask what someone needs, show what they are about to book, and book it."""
    now, person, form = clock.now(), asker(), BookForm()
    event = queries.bookable_event(event_id, person.id)
    if event is None:
        abort(404)
    step = request.form.get("step", "") if request.method == "POST" else "ask"
    try:
        if step == "confirm" and person.agency is not None and form.validate():
            booking = actions.book(
                person,
                event,
                by=person,
                now=now,
                access_needs=form.access_needs.data or "",
                dietary_needs=form.dietary_needs.data or "",
            )
            return redirect(_page_of(booking, offered=form.offered.data), 303)
        existing = queries.open_booking(person.id, event.id)
        if existing is not None:
            return redirect(url_for("bookings.booking", reference=existing.reference), 303)
        check_open(event, now=now)
    except NotOpen as no:
        others = queries.other_dates(event, now=now)
        facts = {"event": event, "sentence": str(no), "other_dates": others}
        return render_template("bookings/not_open.html", **facts, places=queries.places_of(others)), 409
    if person.agency is None:
        return render_template("bookings/profile_first.html", event=event), 409
    facts = _facts(event, now=now)
    if step == "check" and form.validate():
        form.offered.data = "place" if facts["has_place"] else "waiting"
        return render_template("bookings/check.html", form=form, person=person, **facts)
    return render_form_page("bookings/book.html", form, person=person, **facts)


def _page_of(booking: Booking, *, offered: str | None) -> str:
    waiting = "full" if offered == "place" else "waiting"
    done = "booked" if booking.status is Status.CONFIRMED else waiting
    return url_for("bookings.booking", reference=booking.reference, done=done)


def _facts(event: Event, *, now: datetime) -> dict[str, Any]:
    places = queries.places(event)
    return {
        "event": event,
        "places": places,
        "has_place": places.free > places.waiting,
        "last_free_day": last_free_day(event),
        "last_booking_day": last_booking_day(event),
        "is_late": is_late(event, now=now),
    }
