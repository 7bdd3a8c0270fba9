"""Move a place to another date."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions.transfer import transfer as move
from training_hub.bookings.forms import TransferForm
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries.terms import terms_for, terms_of_each
from training_hub.bookings.queries.transfer import dates_to_move_to
from training_hub.bookings.rules.claims import check_still_mine
from training_hub.bookings.rules.eligibility import Clash, NotEligible, bars
from training_hub.bookings.rules.terms import Terms
from training_hub.bookings.views.blueprint import blueprint, find_booking, other_date
from training_hub.bookings.views.not_bookable import clash_page
from training_hub.catalogue import queries as catalogue
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.asker import asker
from training_hub.web.forms import render_form_page
from training_hub.wording import date, span


@blueprint.route("/bookings/<reference>/transfer", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def transfer(reference: str) -> ResponseReturnValue:
    """Ask for another date of the course, and move the place to it."""
    asking, now, form = asker(), clock.now(), TransferForm()
    booking = find_booking(reference, Permission.CHANGE_BOOKINGS)
    check_still_mine(booking, booking.event, now=now)
    own = booking.person_id == asking.id
    facts = {"booking": booking, "own": own, **_offer_dates(form, booking, now=now)}
    if not form.validate_on_submit():
        return render_form_page("bookings/transfer.html", form, **facts)
    event = catalogue.event_in_full(form.event_id.data) or abort(404)
    despite, reason = form.is_despite_clash, form.reason.data or ""
    try:
        moved = move(booking, event, by=asking, now=now, despite_clash=despite, reason=reason)
    except Clash as clash:
        words = {"for_other": not own, "go_on": "Move it anyway"}
        return clash_page(clash, form, event, back=url_for("bookings.booking", reference=reference), **words)
    except NotEligible as no:
        return not_open(no, booking, event, "own" if own else "other")
    except Refused as no:
        form.event_id.errors = [str(no)]
        return render_form_page("bookings/transfer.html", form, **facts)
    return redirect(url_for("bookings.booking", reference=moved.reference, done="booked"), 303)


def _offer_dates(form: TransferForm, booking: Booking, *, now: datetime) -> dict[str, Any]:
    """Offer the dates that have a place in the form. Returns the full dates, and hints, for the page."""
    free, full = dates_to_move_to(booking, now=now)
    dates = {event.id: event for event in free}
    chosen = other_date(booking, form.event_id.data or 0)
    if chosen is not None:
        # The date was filled, closed or called off since the page was shown. The refusal says which.
        dates[chosen.id] = chosen
    form.event_id.choices = {str(event.id): span(event.starts_at, event.ends_at) for event in dates.values()}
    return {"full": full, "hints": _hints(list(dates.values()), now=now)}


def _hints(events: Sequence[Event], *, now: datetime) -> dict[str, str]:
    """For each of the other dates: where it is, and until when cancelling does not count as late."""
    terms = terms_of_each(events)
    return {str(event.id): _hint(event, terms[event.id], now=now) for event in events}


def _hint(event: Event, terms: Terms, *, now: datetime) -> str:
    if terms.is_late(now=now):
        return f"{event.place}. Cancelling this date would count as a late cancellation."
    return f"{event.place}. You can cancel without it counting as late until {date(terms.last_free_day)}, 11:59pm."


def not_open(no: NotEligible, booking: Booking, event: Event, kind: str) -> ResponseReturnValue:
    """The page that says why a place cannot be passed on, or moved, and what to do instead.

    Only officers see which courses a colleague lacks. Others see all that the course requires, because what
    people have completed is private.
    """
    terms = terms_for(event)
    lacking = [reason.course for reason in no.reasons if reason.course is not None]
    if lacking and not asker().may(Permission.RECORD_EQUIVALENCES):
        lacking = event.course.prerequisites
    whose = "" if kind == "own" else booking.agency.name
    reasons = bars(booking.agency.sector, terms.policies.sectors, lacking, agency=whose)
    facts = {"booking": booking, "event": event, "reasons": reasons, "kind": kind}
    return render_template("bookings/not_eligible_place.html", **facts), 409
