"""Booking a place: asked and checked on one page, which is read afresh by whoever goes back to it, and done."""

from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import book as book_actions
from training_hub.bookings.actions import eligibility as eligibility_actions
from training_hub.bookings.actions.book import ManagerNeeded
from training_hub.bookings.forms.approval import ManagerForm
from training_hub.bookings.forms.book import BookForm
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries import booking as booking_queries
from training_hub.bookings.queries import events as events_queries
from training_hub.bookings.queries import terms as terms_queries
from training_hub.bookings.rules.availability import NotOpen, check_open
from training_hub.bookings.rules.eligibility import Clash, NotEligible
from training_hub.bookings.rules.terms import Terms
from training_hub.bookings.views.blueprint import asker, blueprint
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.actions import name_manager
from training_hub.people.models import Agency, Person
from training_hub.policies.rules import Approval
from training_hub.web.forms import render_form_page


@blueprint.route("/dates/<int:event_id>/book", methods=["GET", "POST"])
@requires(Permission.BOOK_PLACES)
def book(event_id: int) -> ResponseReturnValue:
    """Show what someone is about to book, ask what they need, and book it.

    All on one page: a page of its own to check the answers on would be the answer to a form, for needs must not stand
    in an address, and whoever went back to it would be asked to send that form again.
    """
    now, person, form = clock.now(), asker(), BookForm()
    event = events_queries.bookable_event(event_id, person.id)
    if event is None:
        abort(404)
    step = request.form.get("step", "") if request.method == "POST" else "ask"
    try:
        if step == "confirm" and person.agency is not None and form.validate():
            booking = book_actions.book(
                person,
                event,
                by=person,
                now=now,
                access_needs=form.access_needs.data or "",
                dietary_needs=form.dietary_needs.data or "",
                despite_clash=form.despite_clash.data == "yes",
            )
            done = ended_as(booking, offered=form.offered.data)
            return redirect(url_for("bookings.booking", reference=booking.reference, done=done), 303)
        existing = booking_queries.open_booking(person.id, event.id)
        if existing is not None:
            return redirect(url_for("bookings.booking", reference=existing.reference), 303)
        terms = terms_queries.terms_for(event)
        check_open(event, terms, now=now)
        if person.agency is not None:
            eligibility_actions.check_eligible(person, person.agency, event, terms)
    except ManagerNeeded:
        # Approval has become necessary since the questions were asked.
        return _ask_for_manager(person, event, step=step, now=now)
    except NotEligible as no:
        others = events_queries.other_dates(event, now=now)
        rooms = availability_queries.rooms_at(others, person.agency_id, now=now)
        facts = {"event": event, "reasons": no.reasons, "other_dates": others, "rooms": rooms}
        return render_template("bookings/not_eligible.html", **facts), 409
    except Clash as clash:
        facts = {"event": event, "booking": None, "clash": clash, "step": step}
        here = url_for("bookings.book", event_id=event.id)
        return render_template("bookings/clash.html", form=form, action=here, **facts), 409
    except NotOpen as no:
        others = events_queries.other_dates(event, now=now)
        rooms = availability_queries.rooms_at(others, person.agency_id, now=now)
        facts = {"event": event, "sentence": str(no), "other_dates": others, "rooms": rooms}
        return render_template("bookings/not_open.html", **facts), 409
    if person.agency is None:
        return render_template("bookings/profile_first.html", event=event), 409
    facts = _facts(event, person.agency, terms, now=now)
    if facts["asks"] and not person.manager_email:
        return _ask_for_manager(person, event, step=step, now=now)
    form.offered.data = "place" if facts["has_place"] else "waiting"
    return render_form_page("bookings/book.html", form, person=person, **facts)


def _ask_for_manager(person: Person, event: Event, *, step: str, now: datetime) -> ResponseReturnValue:
    """Ask who the line manager is, and go on to the booking."""
    form = ManagerForm()
    if step == "manager" and form.validate():
        try:
            name_manager(person, name=form.manager_name.data, email=form.manager_email.data, now=now)
        except Refused as no:
            form.manager_email.errors = [str(no)]
        else:
            return redirect(url_for("bookings.book", event_id=event.id), 303)
    elif step != "manager":
        form = ManagerForm(formdata=None)
    return render_form_page("bookings/manager_first.html", form, event=event)


def ended_as(booking: Booking, *, offered: str | None) -> str:
    """What asking for a place came to, in the word that the page after it goes by; "full" where a place was `offered`
    and somebody else has taken the last one meanwhile."""
    waiting = "full" if offered == "place" else "waiting"
    return {Status.CONFIRMED: "booked", Status.REQUESTED: "requested"}.get(booking.status, waiting)


def _facts(event: Event, agency: Agency, terms: Terms, *, now: datetime) -> dict[str, Any]:
    room = availability_queries.room_for(event, terms, agency.id, now=now)
    return {
        "event": event,
        "places": room.places,
        "left": room.places.capacity - room.taken,
        "has_place": not room.is_full,
        "is_limited": room.is_limited,
        "asks": terms.policies.approval is Approval.MANAGER,
        "decide_by": terms.decide_by(now=now),
        "terms": terms,
        "is_late": terms.is_late(now=now),
    }
