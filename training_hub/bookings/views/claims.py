"""Taking an offer, and deciding on a request, for those who are signed in."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, Scope, requires, scopes
from training_hub.bookings import actions, queries
from training_hub.bookings.forms import AnotherManagerForm, ButtonForm, DeclineForm
from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules import is_standing
from training_hub.bookings.rules.eligibility import Clash
from training_hub.bookings.views.blueprint import asker, blueprint
from training_hub.errors import Refused
from training_hub.web.forms import render_form_page


def _booking(reference: str, permission: Permission) -> Booking:
    return queries.booking_at(reference, asker(), permission) or abort(404)


@blueprint.post("/bookings/<reference>/take")
@requires(Permission.BOOK_PLACES)
def take(reference: str) -> ResponseReturnValue:
    """Take one's own place that is offered."""
    return _take(_booking(reference, Permission.BOOK_PLACES), "bookings.take", for_other=False)


@blueprint.post("/bookings/<reference>/take-for")
@requires(Permission.CHANGE_BOOKINGS)
def take_for(reference: str) -> ResponseReturnValue:
    """Take the place that is offered to somebody who has told the training team so; they are told by email."""
    if Scope.ALL not in scopes(asker(), Permission.CHANGE_BOOKINGS):
        abort(404)
    return _take(_booking(reference, Permission.CHANGE_BOOKINGS), "bookings.take_for", for_other=True)


def _take(booking: Booking, endpoint: str, *, for_other: bool) -> ResponseReturnValue:
    form, page = ButtonForm(), url_for("bookings.booking", reference=booking.reference)
    try:
        despite = form.despite_clash.data == "yes"
        actions.take_offer(booking, by=asker(), now=clock.now(), despite_clash=despite)
    except Clash as clash:
        here = url_for(endpoint, reference=booking.reference)
        facts = {"booking": booking, "clash": clash, "action": here, "answer": "take", "back": page}
        facts |= {"for_other": for_other, "go_on": "Take it all the same"}
        return render_template("bookings/clash.html", form=form, **facts), 409
    return redirect(page if for_other else f"{page}?done=booked", 303)


@blueprint.route("/bookings/<reference>/decide", methods=["GET", "POST"])
@requires(Permission.DECIDE_REQUESTS)
def decide(reference: str) -> ResponseReturnValue:
    """Approve or decline a request in the line manager's place."""
    booking, form, now = _booking(reference, Permission.DECIDE_REQUESTS), DeclineForm(), clock.now()
    page = url_for("bookings.booking", reference=reference)
    if request.method == "GET" and not (booking.status is Status.REQUESTED and is_standing(booking, now=now)):
        return redirect(page, 303)
    if request.method == "POST" and form.validate():
        if form.answer.data == "approve":
            actions.approve(booking, by=asker(), now=now)
            return redirect(page, 303)
        if form.answer.data == "decline":
            actions.decline(booking, by=asker(), now=now, reason=form.reason.data)
            return redirect(page, 303)
    here = url_for("bookings.decide", reference=reference)
    terms = queries.terms_for(booking.event)
    return render_form_page(
        "bookings/approve.html", form, booking=booking, action=here, terms=terms, back=page
    )


@blueprint.route("/bookings/<reference>/manager", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def manager(reference: str) -> ResponseReturnValue:
    """Say who else is to approve a request, and ask them."""
    booking, asking, now = _booking(reference, Permission.CHANGE_BOOKINGS), asker(), clock.now()
    page = url_for("bookings.booking", reference=reference)
    if not (booking.status is Status.REQUESTED and is_standing(booking, now=now)):
        return redirect(page, 303)
    form = AnotherManagerForm()
    if form.validate_on_submit():
        name, email = form.manager_name.data, form.manager_email.data
        try:
            actions.ask_another_manager(booking, name=name, email=email, by=asking, now=now)
        except Refused as no:
            form.manager_email.errors = [str(no)]
        else:
            return redirect(page, 303)
    own = booking.person_id == asking.id
    return render_form_page("bookings/manager.html", form, booking=booking, own=own)
