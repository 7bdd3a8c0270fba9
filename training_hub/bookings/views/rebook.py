"""Book another date of a course that was called off, by the link in the email or from the booking's page."""

from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Link, Permission, by_link, requires
from training_hub.bookings.actions.rebook import book_instead
from training_hub.bookings.forms import InsteadForm
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.booking import own_at, taken_instead
from training_hub.bookings.queries.events import open_dates
from training_hub.bookings.queries.waiting_list import waiting_position
from training_hub.bookings.rules.availability import NotOpen
from training_hub.bookings.rules.eligibility import Clash, NotEligible
from training_hub.bookings.views.blueprint import blueprint, find_booking, linked_booking, other_date
from training_hub.bookings.views.book import ended_as
from training_hub.bookings.views.not_bookable import clash_page, not_bookable
from training_hub.web.addresses import number_in


@blueprint.route("/other-dates/<token>", methods=["GET", "POST"])
@by_link("other-dates")
def other_dates(link: Link) -> ResponseReturnValue:
    """Choose another date without signing in. Opening the page books nothing."""
    booking = linked_booking(link)
    if not booking.person.is_active:
        abort(404)
    return _page(booking, url_for("bookings.other_dates", token=link.token), now=clock.now())


@blueprint.route("/bookings/<reference>/other-dates", methods=["GET", "POST"])
@requires(Permission.BOOK_PLACES)
def other_dates_here(reference: str) -> ResponseReturnValue:
    """Choose another date, from the page of your own booking."""
    booking = find_booking(reference, Permission.BOOK_PLACES)
    return _page(booking, url_for("bookings.other_dates_here", reference=reference), now=clock.now())


def _page(booking: Booking, here: str, *, now: datetime) -> ResponseReturnValue:
    if booking.status is not Status.EVENT_CANCELLED:
        abort(404)
    form = InsteadForm()
    if request.method == "GET" or not form.validate():
        return _list(booking, here, now=now), 200 if request.method == "GET" else 422
    event = other_date(booking, number_in(form.event_id.data) or 0) or abort(404)
    try:
        booked = book_instead(booking, event, by=booking.person, now=now, despite_clash=form.is_despite_clash)
    except Clash as clash:
        return clash_page(clash, form, event)
    except (NotOpen, NotEligible) as no:
        return not_bookable(no, event, booking.agency_id, now=now)
    return redirect(f"{here}?done={ended_as(booked, offered=form.offered.data)}", 303)


def _list(booking: Booking, here: str, *, now: datetime) -> str:
    taken = taken_instead(booking)
    dates = [] if taken is not None else open_dates(booking.event, now=now, agency_id=booking.agency_id)
    return render_template(
        "bookings/other_dates.html" if taken is None else "bookings/booked_instead.html",
        booking=booking,
        taken=taken,
        position=waiting_position(taken) if taken is not None and taken.status is Status.WAITING else None,
        dates=dates,
        own=own_at([date.event.id for date in dates], booking.person_id),
        action=here,
        done=request.args.get("done", ""),
    )
