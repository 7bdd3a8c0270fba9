"""Moving a place to another date, passing it to a colleague, and undoing what became of a booking."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import transfer as transfer_actions
from training_hub.bookings.forms.transfer import TransferForm
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries.booking import booking_at
from training_hub.bookings.queries.events import bookable_event
from training_hub.bookings.queries.terms import terms_for, terms_of_each
from training_hub.bookings.queries.transfer import dates_to_move_to
from training_hub.bookings.rules.claims import check_still_mine
from training_hub.bookings.rules.eligibility import Clash, NotEligible, bars
from training_hub.bookings.rules.terms import Terms
from training_hub.bookings.views.blueprint import blueprint
from training_hub.catalogue import queries as catalogue
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.asker import asker
from training_hub.web.forms import Form, render_form_page
from training_hub.wording import date, span


def _booking(reference: str, permission: Permission) -> Booking:
    return booking_at(reference, asker(), permission) or abort(404)


@blueprint.route("/bookings/<reference>/transfer", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def transfer(reference: str) -> ResponseReturnValue:
    """Choose another date of the course, and move the place there."""
    asking, now = asker(), clock.now()
    booking = _booking(reference, Permission.CHANGE_BOOKINGS)
    check_still_mine(booking, booking.event, now=now)
    form = TransferForm()
    free, full = dates_to_move_to(booking, now=now)
    dates = {event.id: event for event in free}
    chosen = _chosen(booking, form.event_id.data or 0)
    if chosen is not None:
        # Full, closed or called off since the page was shown: what is refused says which.
        dates[chosen.id] = chosen
    form.event_id.choices = {str(event.id): span(event.starts_at, event.ends_at) for event in dates.values()}
    own = booking.person_id == asking.id
    facts = {
        "booking": booking,
        "own": own,
        "full": full,
        "hints": _hints(dates.values(), now=now),
    }
    if not form.validate_on_submit():
        return render_form_page("bookings/transfer.html", form, **facts)
    event = catalogue.event_in_full(form.event_id.data) or abort(404)
    try:
        moved = transfer_actions.transfer(
            booking,
            event,
            by=asking,
            now=now,
            despite_clash=form.despite_clash.data == "yes",
            reason=form.reason.data or "",
        )
    except Clash as clash:
        here = url_for("bookings.transfer", reference=reference)
        facts = {"event": event, "for_other": not own, "go_on": "Move it all the same"}
        return _clash(clash, form, booking, here, **facts)
    except NotEligible as no:
        return _not_open(no, booking, event, "own" if own else "other")
    except Refused as no:
        form.event_id.errors = [str(no)]
        return render_form_page("bookings/transfer.html", form, **facts)
    return redirect(url_for("bookings.booking", reference=moved.reference, done="booked"), 303)


def _chosen(booking: Booking, number: int) -> Event | None:
    # No number that the database could not hold.
    event = bookable_event(number, booking.person_id) if 0 < number < 10**9 else None
    return event if event is not None and event.course_id == booking.event.course_id else None


def _hints(events: Collection[Event], *, now: datetime) -> dict[str, str]:
    """Where each of the other dates is, and until when a place there can be given up freely."""
    terms = terms_of_each(events)
    return {str(event.id): _hint(event, terms[event.id], now=now) for event in events}


def _hint(event: Event, terms: Terms, *, now: datetime) -> str:
    if terms.is_late(now=now):
        return f"{event.place}. To cancel there would count as a late cancellation."
    return f"{event.place}. Free to cancel until {date(terms.last_free_day)}, 11:59pm."


def _not_open(no: NotEligible, booking: Booking, event: Event, kind: str) -> ResponseReturnValue:
    """The page that says why a place cannot be passed on, or moved, and what to do instead.

    Of a colleague it says what the course asks for, and what they lack of it only to those who record that: what
    a person has completed is not shown to others.
    """
    terms = terms_for(event)
    lacking = [reason.course for reason in no.reasons if reason.course is not None]
    if lacking and not asker().may(Permission.RECORD_EQUIVALENCES):
        lacking = event.course.prerequisites
    whose = "" if kind == "own" else booking.agency.name
    reasons = bars(booking.agency.sector, terms.policies.sectors, lacking, agency=whose)
    facts = {"booking": booking, "event": event, "reasons": reasons, "kind": kind}
    return render_template("bookings/not_eligible_place.html", **facts), 409


def _clash(clash: Clash, form: Form, booking: Booking, action: str, **facts: Any) -> ResponseReturnValue:
    back = url_for("bookings.booking", reference=booking.reference)
    facts = {"booking": None, "clash": clash, "action": action, "back": back, **facts}
    return render_template("bookings/clash.html", form=form, **facts), 409
