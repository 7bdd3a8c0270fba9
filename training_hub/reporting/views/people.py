"""The people behind each figure, as a page and as a file."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Select
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.models.booking import Booking
from training_hub.database import page_of
from training_hub.periods import Period
from training_hub.reporting.models import Filters
from training_hub.reporting.people import people_report
from training_hub.reporting.queries import people as queries
from training_hub.reporting.views.blueprint import blueprint, good_period
from training_hub.tables.files import TABLE_TYPES, TYPES, written
from training_hub.web.addresses import number_in, page_number
from training_hub.web.pages import download_file

PAGE = 50


@blueprint.get("/programme/people")
@requires(Permission.SEE_NAMES_BEHIND_FIGURES)
def people() -> str:
    """Show the people behind one figure, or behind the whole report."""
    period, figure, course_id, statement = _people_asked_for()
    asked = {"figure": figure, **period.query, "course": course_id}
    listed = page_of(statement, page_number(), size=PAGE, key=Booking.id)
    return render_template(
        "reporting/people.html",
        figure=queries.FIGURES[figure],
        listed=listed,
        period=period,
        course=listed.rows[0].course if listed.rows and course_id is not None else "",
        files={kind: url_for("reporting.people_file", kind=kind, **asked) for kind in TABLE_TYPES},
    )


@blueprint.get("/programme/people.<any(csv, xlsx):kind>")
@requires(Permission.SEE_NAMES_BEHIND_FIGURES)
def people_file(kind: str) -> Response:
    """Send the whole list of people as a file, with a row for each booking."""
    period, figure, _, statement = _people_asked_for()
    name = f"people-{figure.replace('_', '-')}-{period.first}-to-{period.last}.{kind}"
    report = people_report(queries.in_batches(statement), now=clock.now())
    return download_file(written(report, kind), name, TYPES[kind])


def _people_asked_for() -> tuple[Period, str, int | None, Select[*tuple[Any, ...]]]:
    period, figure = good_period(), request.args.get("figure", "")
    if figure not in queries.FIGURES:
        abort(404)
    course_id = number_in(request.args.get("course"))
    if course_id is None and request.args.get("course"):
        abort(404)
    filters = Filters(first=period.first, last=period.last, course_id=course_id)
    statement = queries.people_behind(current_user, figure, filters, now=clock.now())
    return period, figure, course_id, statement
