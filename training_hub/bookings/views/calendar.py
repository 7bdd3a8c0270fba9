"""A person's bookings as a calendar feed, at an address that only they know."""

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Link, Permission, by_link, requires
from training_hub.bookings import calendar
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.calendar import in_calendar
from training_hub.bookings.views.blueprint import blueprint, find_booking
from training_hub.people import queries as people
from training_hub.people.actions import renew_calendar_address
from training_hub.people.asker import asker
from training_hub.web.pages import calendar_feed, download


@blueprint.get("/calendar/<token>.ics")
@by_link("calendar")
def feed(link: Link) -> Response:
    """One person's own bookings, for a calendar program that subscribes without signing in."""
    person = people.person_of_calendar(link.row, link.version) or abort(404)
    settings = current_app.config["SETTINGS"]
    data = calendar.feed(in_calendar(person.id, now=clock.now()), name=settings.partnership_name)
    response = calendar_feed(data, "my-training.ics")
    # Shared caches must not store the feed. The person's own cache asks each time whether it has changed.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.route("/bookings/calendar", methods=["GET", "POST"])
@requires(Permission.SEE_BOOKINGS)
def new_calendar_address() -> ResponseReturnValue:
    """Explain what a new calendar address changes, and make one."""
    if request.method == "GET":
        return render_template("bookings/new_calendar_address.html")
    renew_calendar_address(asker())
    return redirect(url_for("pages.my_bookings", calendar="new", _anchor="calendar"), 303)


@blueprint.get("/bookings/<reference>.ics")
@requires(Permission.SEE_BOOKINGS)
def calendar_file(reference: str) -> Response:
    """A calendar file with the sessions of a booked place."""
    found = find_booking(reference, Permission.SEE_BOOKINGS)
    if found.status is not Status.CONFIRMED:
        abort(404)
    return download(calendar.file(found, now=clock.now()), f"{reference}.ics", "text/calendar")
