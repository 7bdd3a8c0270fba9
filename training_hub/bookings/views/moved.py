"""Answer whether you can still come to a moved date, by the link in the email or on the booking's page."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Link, Permission, by_link, requires
from training_hub.bookings.actions.moved import answer_move
from training_hub.bookings.forms import AnswerForm
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.claims import Decided
from training_hub.bookings.rules.moved import Overtaken, check_answer
from training_hub.bookings.views.blueprint import GONE, blueprint, find_booking, linked_booking
from training_hub.people.asker import asker
from training_hub.web.addresses import number_in
from training_hub.web.forms import render_form_page


@blueprint.route("/answer/<token>", methods=["GET", "POST"])
@by_link("answer")
def answer(link: Link) -> ResponseReturnValue:
    """Say whether you can still come, without signing in. Opening the page answers nothing."""
    booking, now, form = linked_booking(link), clock.now(), AnswerForm()
    here = url_for("bookings.answer", token=link.token)
    try:
        check_answer(booking, booking.event, link.version, now=now)
        if form.validate_on_submit() and form.answer.data in {"yes", "no"}:
            yes, by = form.answer.data == "yes", booking.person
            answer_move(booking, can_come=yes, sequence=link.version, by=by, now=now)
            return redirect(f"{here}?done={form.answer.data}", 303)
    except Overtaken as no:
        return _over(booking, str(no), own=True), GONE
    except Decided as no:
        return _over(booking, str(no), own=True), 409 if request.method == "POST" else 200
    return render_form_page("bookings/answer.html", form, booking=booking, action=here)


@blueprint.post("/bookings/<reference>/answer")
@requires(Permission.CHANGE_BOOKINGS)
def answer_here(reference: str) -> ResponseReturnValue:
    """Record, for the booked person or someone acting for them, whether the person can still come."""
    asking, now, form = asker(), clock.now(), AnswerForm()
    booking = find_booking(reference, Permission.CHANGE_BOOKINGS)
    sequence = number_in(form.asked.data)
    if form.answer.data not in {"yes", "no"} or sequence is None:
        abort(400)
    try:
        answer_move(booking, can_come=form.answer.data == "yes", sequence=sequence, by=asking, now=now)
    except (Decided, Overtaken) as no:
        return _over(booking, str(no), own=booking.person_id == asking.id), 409
    done = "cancelled" if form.answer.data == "no" else "coming"
    return redirect(url_for("bookings.booking", reference=reference, done=done), 303)


def _over(booking: Booking, sentence: str, *, own: bool) -> str:
    """The page that says why there is nothing to answer."""
    done = request.args.get("done", "")
    gave_up = booking.status is Status.CANCELLED and booking.history[-1].cause is Cause.CANNOT_COME
    return render_template(
        "bookings/answer_over.html",
        booking=booking,
        own=own,
        sentence=sentence,
        gave_up=gave_up,
        # Someone may open this address again when the answer is no longer true.
        done=(done == "yes" and booking.flags.has_place) or (done == "no" and gave_up),
    )
