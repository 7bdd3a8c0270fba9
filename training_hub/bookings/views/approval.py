"""Approve or decline a request, and ask another line manager."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Link, Permission, by_link, requires
from training_hub.bookings.actions import approval as approval_actions
from training_hub.bookings.forms import DeclineForm, ManagerForm
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.approval import (
    DECISION_SHOWN,
    approval_version,
    check_request,
    is_decision_old,
)
from training_hub.bookings.rules.claims import Decided, is_standing
from training_hub.bookings.views.blueprint import GONE, blueprint, find_booking, linked_booking, unanswered
from training_hub.errors import Refused
from training_hub.people.asker import asker
from training_hub.people.models import Person
from training_hub.web.forms import render_form_page


@blueprint.route("/bookings/<reference>/decide", methods=["GET", "POST"])
@requires(Permission.DECIDE_REQUESTS)
def decide(reference: str) -> ResponseReturnValue:
    """Approve or decline a request in the line manager's place."""
    booking, form, now = find_booking(reference, Permission.DECIDE_REQUESTS), DeclineForm(), clock.now()
    page = url_for("bookings.booking", reference=reference)
    if request.method == "GET" and not (booking.status is Status.REQUESTED and is_standing(booking, now=now)):
        return redirect(page, 303)
    if _decide(booking, form, asker(), now=now):
        return redirect(page, 303)
    here = url_for("bookings.decide", reference=reference)
    terms = terms_for(booking.event)
    return render_form_page(
        "bookings/approve.html", form, booking=booking, action=here, terms=terms, back=page
    )


@blueprint.route("/bookings/<reference>/manager", methods=["GET", "POST"])
@requires(Permission.CHANGE_BOOKINGS)
def manager(reference: str) -> ResponseReturnValue:
    """Name another line manager, and ask them to approve."""
    booking, asking, now = find_booking(reference, Permission.CHANGE_BOOKINGS), asker(), clock.now()
    page = url_for("bookings.booking", reference=reference)
    if not (booking.status is Status.REQUESTED and is_standing(booking, now=now)):
        return redirect(page, 303)
    form = ManagerForm()
    if form.validate_on_submit():
        name, email = form.manager_name.data, form.manager_email.data
        try:
            approval_actions.ask_another_manager(booking, name=name, email=email, by=asking, now=now)
        except Refused as no:
            form.manager_email.errors = [str(no)]
        else:
            return redirect(page, 303)
    own = booking.person_id == asking.id
    return render_form_page("bookings/manager.html", form, booking=booking, own=own)


@blueprint.route("/approve/<token>", methods=["GET", "POST"])
@by_link("approve")
def approve(link: Link) -> ResponseReturnValue:
    """Let a line manager approve or decline a request, without an account."""
    booking, now, form = linked_booking(link), clock.now(), DeclineForm()
    if link.version != approval_version(booking.manager_email):
        return render_template("bookings/request_over.html", booking=None, sentence=""), GONE
    if is_decision_old(booking, now=now):
        return render_template(
            "bookings/request_over.html", booking=None, is_old=True, days=DECISION_SHOWN.days
        ), GONE
    here = url_for("bookings.approve", token=link.token)
    try:
        check_request(booking, now=now)
        if done := _decide(booking, form, None, now=now):
            return redirect(f"{here}?done={done}", 303)
    except Decided as no:
        status = 409 if request.method == "POST" else 200
        share_of = booking.agency.name if booking.history[-1].cause is Cause.AGENCY_SHARE else ""
        facts = {"booking": booking, "sentence": str(no), "share_of": share_of, "done": _decided(booking)}
        return render_template("bookings/request_over.html", **facts), status
    terms = terms_for(booking.event)
    return unanswered("bookings/approve.html", form, booking=booking, action=here, terms=terms)


def _decide(booking: Booking, form: DeclineForm, by: Person | None, *, now: datetime) -> str:
    """Approve or decline as the form says. Returns which, or "" if neither button was pressed."""
    if not form.validate_on_submit():
        return ""
    if form.answer.data == "approve":
        approval_actions.approve(booking, by=by, now=now)
        return "approved"
    if form.answer.data == "decline":
        approval_actions.decline(booking, by=by, now=now, reason=form.reason.data)
        return "declined"
    return ""


def _decided(booking: Booking) -> str:
    """What the line manager has just decided, if the decision is still in force."""
    done = request.args.get("done", "") if request.method == "GET" else ""
    true_of = {
        "approved": booking.status in {Status.CONFIRMED, Status.WAITING},
        "declined": booking.status is Status.DECLINED,
    }
    return done if true_of.get(done, False) else ""
