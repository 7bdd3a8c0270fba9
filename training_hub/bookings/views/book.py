"""Book a place: one page asks what a person needs, and shows what they are about to book.

There is no separate check page, as it would have to show needs in its address, or break the Back button.
"""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import book as book_actions
from training_hub.bookings.actions.book import ManagerNeeded
from training_hub.bookings.actions.eligibility import check_eligible
from training_hub.bookings.forms import BookForm, ManagerForm
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import availability_at
from training_hub.bookings.queries.booking import open_booking
from training_hub.bookings.queries.events import bookable_event
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import NotOpen, check_open
from training_hub.bookings.rules.eligibility import Clash, NotEligible
from training_hub.bookings.views.blueprint import blueprint
from training_hub.bookings.views.not_bookable import clash_page, not_bookable
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.actions import name_manager
from training_hub.people.asker import asker
from training_hub.people.models import Person
from training_hub.web.forms import render_form_page


@blueprint.get("/dates/<int:event_id>/book")
@requires(Permission.BOOK_PLACES)
def book(event_id: int) -> ResponseReturnValue:
    """Show what someone is about to book, and ask what they need."""
    person = asker()
    event = bookable_event(event_id, person.id) or abort(404)
    try:
        return _page(event, person, BookForm())
    except (NotOpen, NotEligible) as no:
        return not_bookable(no, event, person.agency_id, now=clock.now())


@blueprint.post("/dates/<int:event_id>/book")
@requires(Permission.BOOK_PLACES)
def book_place(event_id: int) -> ResponseReturnValue:
    """Book the place."""
    person, form, step = asker(), BookForm(), request.form.get("step", "")
    event = bookable_event(event_id, person.id) or abort(404)
    try:
        if step == "confirm" and person.agency is not None and form.validate():
            return _book(event, person, form)
        return _page(event, person, form)
    except ManagerNeeded:
        # The policy has changed since the page was shown, and a manager now has to approve.
        return _ask_for_manager(person, event)
    except Clash as clash:
        return clash_page(clash, form, event, step=step)
    except (NotOpen, NotEligible) as no:
        return not_bookable(no, event, person.agency_id, now=clock.now())


def _book(event: Event, person: Person, form: BookForm) -> ResponseReturnValue:
    booking = book_actions.book(
        person,
        event,
        by=person,
        now=clock.now(),
        access_needs=form.access_needs.data or "",
        dietary_needs=form.dietary_needs.data or "",
        despite_clash=form.is_despite_clash,
    )
    done = ended_as(booking, offered=form.offered.data)
    return redirect(url_for("bookings.booking", reference=booking.reference, done=done), 303)


def _page(event: Event, person: Person, form: BookForm) -> ResponseReturnValue:
    existing = open_booking(person.id, event.id)
    if existing is not None:
        return redirect(url_for("bookings.booking", reference=existing.reference), 303)
    now, terms = clock.now(), terms_for(event)
    check_open(event, terms, now=now)
    if person.agency is None:
        return render_template("bookings/profile_first.html", event=event), 409
    check_eligible(person, person.agency, event, terms)
    asks = terms.policies.asks_manager
    if asks and not person.manager_email:
        return _ask_for_manager(person, event)
    here = availability_at(event, terms, person.agency_id, now=now)
    form.offered.data = "place" if here.is_free else "waiting"
    return render_form_page(
        "bookings/book.html",
        form,
        event=event,
        person=person,
        here=here,
        asks=asks,
        decide_by=terms.decide_by(now=now),
        terms=terms,
        is_late=terms.is_late(now=now),
    )


def _ask_for_manager(person: Person, event: Event) -> ResponseReturnValue:
    """Ask who the line manager is, and then continue with the booking."""
    is_answer = request.form.get("step") == "manager"
    form = ManagerForm() if is_answer else ManagerForm(formdata=None)
    if is_answer and form.validate():
        try:
            name_manager(person, name=form.manager_name.data, email=form.manager_email.data, now=clock.now())
        except Refused as no:
            form.manager_email.errors = [str(no)]
        else:
            return redirect(url_for("bookings.book", event_id=event.id), 303)
    return render_form_page("bookings/manager_first.html", form, event=event)


def ended_as(booking: Booking, *, offered: str | None) -> str:
    """The result of booking, as a word for the next page's address. It is "full" if a place was `offered`, but someone
    else took the last one."""
    waiting = "full" if offered == "place" else "waiting"
    return {Status.CONFIRMED: "booked", Status.REQUESTED: "requested"}.get(booking.status, waiting)
