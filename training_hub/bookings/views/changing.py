"""Moving a place to another date, passing it to a colleague, and undoing what became of a booking."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings import actions, queries
from training_hub.bookings.forms import SubstituteForm, TransferForm, UndoForm
from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules import UNDONE, Terms, check_still_mine
from training_hub.bookings.rules.eligibility import Clash, NotEligible, bars
from training_hub.bookings.views.blueprint import asker, blueprint, count_naming
from training_hub.catalogue import queries as catalogue
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.rules import work_address
from training_hub.policies.rules import Approval
from training_hub.web.filters import date, span
from training_hub.web.forms import Form, render_form_page

UNDO_WORDS = {
    Status.CONFIRMED: "Give the place back",
    Status.CANCELLED: "Count it as cancelled in time",
    Status.WAITING: "Put back on the waiting list",
}


def _booking(reference: str, permission: Permission) -> Booking:
    return queries.booking_at(reference, asker(), permission) or abort(404)


@blueprint.route("/bookings/<reference>/transfer", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def transfer(reference: str) -> ResponseReturnValue:
    """Choose another date of the course, and move the place there."""
    asking, now = asker(), clock.now()
    booking = _booking(reference, Permission.CHANGE_BOOKINGS)
    after = queries.successor(booking)
    if booking.status is Status.TRANSFERRED and after is not None:
        # Pressed twice: it is done.
        return redirect(url_for("bookings.booking", reference=after.reference), 303)
    check_still_mine(booking, booking.event, now=now)
    form = TransferForm()
    free, full = queries.dates_to_move_to(booking, now=now)
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
        moved = actions.transfer(
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
    event = queries.bookable_event(number, booking.person_id) if 0 < number < 10**9 else None
    return event if event is not None and event.course_id == booking.event.course_id else None


def _hints(events: Collection[Event], *, now: datetime) -> dict[str, str]:
    """Where each of the other dates is, and until when a place there can be given up freely."""
    terms = queries.terms_of_each(events)
    return {str(event.id): _hint(event, terms[event.id], now=now) for event in events}


def _hint(event: Event, terms: Terms, *, now: datetime) -> str:
    if terms.is_late(now=now):
        return f"{event.place}. To cancel there would count as a late cancellation."
    return f"{event.place}. Free to cancel until {date(terms.last_free_day)}, 11:59pm."


@blueprint.route("/bookings/<reference>/substitute", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def substitute(reference: str) -> ResponseReturnValue:
    """Say which colleague comes instead, and pass the place on."""
    asking, now = asker(), clock.now()
    booking = _booking(reference, Permission.CHANGE_BOOKINGS)
    page = url_for("bookings.booking", reference=reference)
    if booking.status is Status.SUBSTITUTED:
        # Pressed twice: it is done.
        return redirect(page, 303)
    check_still_mine(booking, booking.event, now=now)
    form, own = SubstituteForm(), booking.person_id == asking.id
    if form.validate_on_submit():
        try:
            count_naming([work_address(form.email.data)], booking.agency)
            actions.substitute(
                booking,
                name=form.name.data,
                email=form.email.data,
                manager_email=(form.manager_email.data or "").strip(),
                by=asking,
                now=now,
                despite_clash=form.despite_clash.data == "yes",
            )
        except Clash as clash:
            here = url_for("bookings.substitute", reference=reference)
            facts = {"event": booking.event, "for_other": True, "go_on": "Pass it on all the same"}
            return _clash(clash, form, booking, here, **facts)
        except NotEligible as no:
            return _not_open(no, booking, booking.event, "colleague")
        except actions.ManagerNeeded as no:
            form.manager_email.errors = [str(no)]
        except Refused as no:
            form.email.errors = [str(no)]
        else:
            return redirect(f"{page}?done=passed", 303)
    asks = queries.terms_for(booking.event).policies.approval is Approval.MANAGER
    return render_form_page("bookings/substitute.html", form, booking=booking, own=own, asks_manager=asks)


def _not_open(no: NotEligible, booking: Booking, event: Event, kind: str) -> ResponseReturnValue:
    """The page that says why a place cannot be passed on, or moved, and what to do instead.

    Of a colleague it says what the course asks for, and what they lack of it only to those who record that: what
    somebody has completed is nobody else's to read.
    """
    terms = queries.terms_for(event)
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


@blueprint.route("/bookings/<reference>/undo", methods=["GET", "POST"])
@requires(Permission.UNDO_BOOKINGS)
def undo(reference: str) -> ResponseReturnValue:
    """Say what is to be undone, and why."""
    booking, form = _booking(reference, Permission.UNDO_BOOKINGS), UndoForm()
    allowed = UNDONE.get(booking.status, frozenset())
    if not allowed or booking.is_walk_in:
        return redirect(url_for("bookings.booking", reference=reference), 303)
    choices = [status for status in UNDO_WORDS if status in allowed]
    form.became.choices = {status.value: UNDO_WORDS[status] for status in choices}
    if form.validate_on_submit():
        try:
            became = Status(form.became.data)
            actions.undo(
                booking,
                became,
                by=asker(),
                now=clock.now(),
                reason=form.reason.data,
                despite_clash=form.despite_clash.data == "yes",
            )
        except Clash as clash:
            here = url_for("bookings.undo", reference=reference)
            facts = {"event": booking.event, "for_other": True, "go_on": "Give it back all the same"}
            return _clash(clash, form, booking, here, **facts)
        except Refused as no:
            form.became.errors = [str(no)]
        else:
            return redirect(url_for("bookings.booking", reference=reference), 303)
    return render_form_page("bookings/undo.html", form, booking=booking)
