"""A person's own bookings."""

from datetime import datetime

from flask import current_app, render_template, request, url_for
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, link_token, requires
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import booking as booking_queries
from training_hub.bookings.queries import interest as interest_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.bookings.rules.claims import is_claim, is_coming, is_standing
from training_hub.bookings.rules.moved import is_asked
from training_hub.certificates.rules import validity_of
from training_hub.pages.views.blueprint import blueprint
from training_hub.pages.views.owed import own_forms


@blueprint.get("/bookings")
@requires(Permission.SEE_BOOKINGS)
def my_bookings() -> str:
    """The reader's own upcoming, waiting and past bookings. Roles make no difference."""
    now = clock.now()
    bookings = booking_queries.own_bookings(current_user.id)
    coming = [booking for booking in bookings if is_coming(booking.status, booking.event, now=now)]
    waiting = [booking for booking in bookings if is_claim(booking.status, booking.event, now=now)]
    shown = {booking.id for booking in [*coming, *waiting]}
    expired = {booking.id for booking in bookings if validity_of(booking, now=now).is_expired}
    return render_template(
        "pages/my_bookings.html",
        expired=expired,
        # The query returns the newest first, and the page shows the soonest first.
        coming=coming[::-1],
        waiting=waiting[::-1],
        past=[booking for booking in bookings if booking.id not in shown],
        offers=_offers(waiting, now=now),
        # The hub has moved these dates, and the person has not yet said whether they can still come.
        moved=[
            booking
            for booking in coming[::-1]
            if booking.status is Status.CONFIRMED and is_asked(booking) and now < booking.event.starts_at
        ],
        positions=waiting_list_queries.waiting_positions(waiting),
        evaluations=own_forms(current_user.id, now=now),
        interests=interest_queries.own_interests(current_user.id),
        told="stopped" if request.args.get("told") == "stopped" else "",
        calendar_address=_calendar_address(),
        has_new_address=request.args.get("calendar") == "new",
        now=now,
    )


def _offers(claims: list[Booking], *, now: datetime) -> list[Booking]:
    """The offers that can still be accepted, the first to expire first."""
    offered = [row for row in claims if row.status is Status.OFFERED and is_standing(row, now=now)]
    return sorted(offered, key=lambda row: (row.decide_by or row.event.starts_at, row.id))


def _calendar_address() -> str:
    """The address of the reader's calendar feed. It works until the reader makes a new one."""
    token = link_token("calendar", current_user.id, current_user.calendar_version)
    return f"{current_app.config['SETTINGS'].base_url}{url_for('bookings.feed', token=token)}"
