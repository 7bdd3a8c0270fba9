"""What the links in mails open: an offer, a request to approve, a place that somebody else arranged.

Corporate mail filters open every link: a GET shows, and only a POST acts (domain 6).
"""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Link, by_link
from training_hub.bookings import actions, queries
from training_hub.bookings.forms import ButtonForm, DeclineForm
from training_hub.bookings.models import AGENCY_SHARE, Booking, Status
from training_hub.bookings.rules import (
    DECISION_SHOWN,
    AlreadyOver,
    Decided,
    TooLate,
    approval_version,
    cancelled_status,
    check_offer,
    check_request,
    is_decision_old,
    is_open,
)
from training_hub.bookings.rules.eligibility import Clash
from training_hub.bookings.views.blueprint import blueprint
from training_hub.web.forms import Form, render_form_page

GONE = 410


def _booking(link: Link) -> Booking:
    return queries.booking_by_id(link.row) or abort(404)


def _unanswered(template: str, form: Form, **facts: Any) -> ResponseReturnValue:
    """The page with its buttons; sent without one of them pressed, it is a form that was refused."""
    body, status = render_form_page(template, form, **facts)
    return body, 422 if request.method == "POST" else status


@blueprint.route("/offers/<token>", methods=["GET", "POST"])
@by_link("offer")
def offer(link: Link) -> ResponseReturnValue:
    """Take a place that is offered, or refuse it."""
    booking, now, form = _booking(link), clock.now(), ButtonForm()
    here = url_for("bookings.offer", token=link.token)
    if request.method == "POST" and form.answer.data == "take" and booking.flags.has_place:
        # Pressed twice: it is done.
        return redirect(f"{here}?done=taken", 303)
    try:
        check_offer(booking, now=now)
        if form.validate_on_submit() and form.answer.data == "take":
            despite = form.despite_clash.data == "yes"
            actions.take_offer(booking, by=booking.person, now=now, despite_clash=despite)
            return redirect(f"{here}?done=taken", 303)
        if form.validate_on_submit() and form.answer.data == "refuse":
            actions.cancel(booking, by=booking.person, now=now, expected=Status.OFFERED)
            return redirect(f"{here}?done=refused", 303)
    except Clash as clash:
        facts = {"booking": booking, "clash": clash, "action": here, "answer": "take", "back": here}
        return render_template("bookings/clash.html", form=form, go_on="Take it all the same", **facts), 409
    except Decided as no:
        done = request.args.get("done", "")
        facts = {"booking": booking, "sentence": str(no), "done": done}
        opens = is_open(booking.event, queries.terms_for(booking.event), now=now)
        is_done = bool(done) or booking.flags.has_place
        return render_template("bookings/offer_over.html", is_open=opens, **facts), 200 if is_done else GONE
    terms = queries.terms_for(booking.event)
    facts = {"booking": booking, "token": link.token, "terms": terms, "is_late": terms.is_late(now=now)}
    return _unanswered("bookings/offer.html", form, **facts)


@blueprint.route("/approve/<token>", methods=["GET", "POST"])
@by_link("approve")
def approve(link: Link) -> ResponseReturnValue:
    """Let a line manager approve or decline a request, without an account."""
    booking, now, form = _booking(link), clock.now(), DeclineForm()
    if link.version != approval_version(booking):
        return render_template("bookings/request_over.html", booking=None, sentence=""), GONE
    if is_decision_old(booking, now=now):
        return render_template(
            "bookings/request_over.html", booking=None, is_old=True, days=DECISION_SHOWN.days
        ), GONE
    here = url_for("bookings.approve", token=link.token)
    try:
        check_request(booking, now=now)
        if form.validate_on_submit() and form.answer.data == "approve":
            actions.approve(booking, by=None, now=now)
            return redirect(f"{here}?done=approved", 303)
        if form.validate_on_submit() and form.answer.data == "decline":
            actions.decline(booking, by=None, now=now, reason=form.reason.data)
            return redirect(f"{here}?done=declined", 303)
    except Decided as no:
        status = 409 if request.method == "POST" else 200
        share_of = booking.agency.name if booking.history[-1].why == AGENCY_SHARE else ""
        facts = {"booking": booking, "sentence": str(no), "share_of": share_of, "done": _decided(booking)}
        return render_template("bookings/request_over.html", **facts), status
    terms = queries.terms_for(booking.event)
    return _unanswered("bookings/approve.html", form, booking=booking, action=here, terms=terms)


def _decided(booking: Booking) -> str:
    """What the line manager has just decided, if it still is so."""
    done = request.args.get("done", "") if request.method == "GET" else ""
    true_of = {
        "approved": booking.status in {Status.CONFIRMED, Status.WAITING},
        "declined": booking.status is Status.DECLINED,
    }
    return done if true_of.get(done, False) else ""


@blueprint.route("/refuse/<token>", methods=["GET", "POST"])
@by_link("refuse")
def refuse(link: Link) -> ResponseReturnValue:
    """Give back a place that somebody else arranged. It is never late: the person did not ask for it."""
    booking, now, form = _booking(link), clock.now(), ButtonForm()
    here = url_for("bookings.refuse", token=link.token)
    try:
        cancelled_status(booking.status, booking.event, queries.terms_for(booking.event), now=now)
        if form.validate_on_submit() and form.answer.data == "refuse":
            why = "Did not want the place that somebody else arranged"
            actions.cancel(booking, by=booking.person, now=now, reason=why, is_excused=True)
            return redirect(f"{here}?done=refused", 303)
    except AlreadyOver:
        done = request.args.get("done", "") if request.method == "GET" else ""
        return render_template("bookings/refused.html", booking=booking, done=done), 200
    except TooLate:
        return render_template(
            "bookings/refused.html", booking=booking
        ), 409 if request.method == "POST" else 200
    return _unanswered("bookings/refuse.html", form, booking=booking, token=link.token)
