"""Pick people from a waiting list, pause it, and accept or decline offers."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Link, Permission, Scope, by_link, requires, scopes
from training_hub.bookings.actions import waiting_list as waiting_list_actions
from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.waiting_list import take_offer
from training_hub.bookings.forms import ButtonForm, PickForm
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries.eligibility import clashing
from training_hub.bookings.queries.events import event_within
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.queries.waiting_list import list_in_hand, waiting_position
from training_hub.bookings.rules.availability import is_open
from training_hub.bookings.rules.claims import Decided
from training_hub.bookings.rules.eligibility import Clash
from training_hub.bookings.rules.waiting_list import check_offer, no_longer_waits
from training_hub.bookings.views.blueprint import GONE, blueprint, find_booking, linked_booking, unanswered
from training_hub.bookings.views.not_bookable import clash_page
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.asker import asker
from training_hub.web.forms import render_form_page

OFFER, OUTRIGHT = "offer", "outright"
ACCEPT = {"answer": "take", "go_on": "Accept it anyway"}


def _event(event_id: int) -> Event:
    return event_within(event_id, asker(), Permission.MANAGE_WAITING_LISTS) or abort(404)


@blueprint.route("/manage/dates/<int:event_id>/waiting/<reference>/pick", methods=["GET", "POST"])
@requires(Permission.MANAGE_WAITING_LISTS)
def pick(event_id: int, reference: str) -> ResponseReturnValue:
    """Give or offer an available place to someone on the waiting list, and say why."""
    event, asking, now = _event(event_id), asker(), clock.now()
    booking = find_booking(reference, Permission.MANAGE_WAITING_LISTS)
    if booking.event_id != event.id:
        raise Refused("This person is waiting for another course date. Open the bookings of that date.")
    terms, places, form = terms_for(event), availability_queries.places(event), PickForm()
    closed = now >= terms.bookings_close_at
    until = terms.offer_ends_at(now=now)
    offers = {} if closed else {OFFER: "Offer them the place"}
    form.how.choices = {**offers, OUTRIGHT: "Book the place for them now"}
    done = url_for("bookings.event_bookings", event_id=event.id, picked=reference)
    try:
        if booking.status is not Status.WAITING:
            raise Decided(no_longer_waits(booking.status, booking.person.name, booking.decide_by))
        if form.validate_on_submit():
            waiting_list_actions.pick(
                booking, by=asking, now=now, outright=form.how.data == OUTRIGHT, reason=form.reason.data
            )
            return redirect(done, 303)
    except Decided as no:
        return render_template("bookings/pick_over.html", booking=booking, event=event, sentence=str(no)), 409
    listed = list_in_hand(event, terms, places, asking, now=now)
    turns = listed.turns if listed else []
    return render_form_page(
        "bookings/pick.html",
        form,
        event=event,
        booking=booking,
        sentence=next((why for row, why in turns if row.id == booking.id), ""),
        before=waiting_position(booking) - 1,
        free=places.free,
        closed=closed,
        until=until,
        has_started=not event.is_published or now >= event.starts_at,
        clashes=clashing(booking.person_id, event.id),
    )


@blueprint.post("/manage/dates/<int:event_id>/waiting/pause")
@requires(Permission.MANAGE_WAITING_LISTS)
def pause_list(event_id: int) -> ResponseReturnValue:
    """Pause the waiting list, or resume it."""
    event, form = _event(event_id), ButtonForm()
    if not form.validate() or form.answer.data not in {"pause", "resume"}:
        abort(400)
    waiting_list_actions.pause_list(event, is_paused=form.answer.data == "pause", now=clock.now())
    return redirect(url_for("bookings.event_bookings", event_id=event.id, list=form.answer.data), 303)


@blueprint.route("/offers/<token>", methods=["GET", "POST"])
@by_link("offer")
def offer(link: Link) -> ResponseReturnValue:
    """Accept or decline a place that is offered."""
    booking, now, form = linked_booking(link), clock.now(), ButtonForm()
    here = url_for("bookings.offer", token=link.token)
    try:
        check_offer(booking, now=now)
        if form.validate_on_submit() and form.answer.data == "take":
            take_offer(booking, by=booking.person, now=now, despite_clash=form.is_despite_clash)
            return redirect(f"{here}?done=taken", 303)
        if form.validate_on_submit() and form.answer.data == "decline":
            cancel(booking, by=booking.person, now=now, expected=Status.OFFERED)
            return redirect(f"{here}?done=declined", 303)
    except Clash as clash:
        return clash_page(clash, form, booking.event, back=here, **ACCEPT)
    except Decided as no:
        done = request.args.get("done", "")
        facts = {"booking": booking, "sentence": str(no), "done": done}
        opens = is_open(booking.event, terms_for(booking.event), now=now)
        is_done = bool(done) or booking.flags.has_place
        return render_template("bookings/offer_over.html", is_open=opens, **facts), 200 if is_done else GONE
    terms = terms_for(booking.event)
    facts = {"booking": booking, "token": link.token, "terms": terms, "is_late": terms.is_late(now=now)}
    return unanswered("bookings/offer.html", form, **facts)


@blueprint.post("/bookings/<reference>/take")
@requires(Permission.BOOK_PLACES)
def take(reference: str) -> ResponseReturnValue:
    """Accept one's own offered place."""
    return _take(find_booking(reference, Permission.BOOK_PLACES), for_other=False)


@blueprint.post("/bookings/<reference>/take-for")
@requires(Permission.CHANGE_BOOKINGS)
def take_for(reference: str) -> ResponseReturnValue:
    """Accept an offered place for a person who asked the training team to. Tells the person by email."""
    if Scope.ALL not in scopes(asker(), Permission.CHANGE_BOOKINGS):
        abort(404)
    return _take(find_booking(reference, Permission.CHANGE_BOOKINGS), for_other=True)


def _take(booking: Booking, *, for_other: bool) -> ResponseReturnValue:
    form, page = ButtonForm(), url_for("bookings.booking", reference=booking.reference)
    try:
        take_offer(booking, by=asker(), now=clock.now(), despite_clash=form.is_despite_clash)
    except Clash as clash:
        return clash_page(clash, form, booking.event, back=page, for_other=for_other, **ACCEPT)
    return redirect(page if for_other else f"{page}?done=booked", 303)
