"""Pages on which officers manage courses and venues. Pages that also show bookings are in `pages`."""

from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from training_hub.access import Permission, requires
from training_hub.catalogue import actions, queries
from training_hub.catalogue.forms import CourseForm, VenueForm
from training_hub.catalogue.models import Venue
from training_hub.catalogue.rules import Circle, Taken
from training_hub.database import db
from training_hub.people.models import Board
from training_hub.web.forms import render_form_page
from training_hub.web.pages import NAVIGATION, Entry

blueprint = Blueprint("catalogue", __name__)

TEXTS = ("length", "summary", "aims", "outcomes", "audience")
OTHERS = ("level", "validity_months", "is_listed", "is_evaluated")


def init_app(app: Flask) -> None:
    """Register the views with `app`."""
    NAVIGATION["pages.managed_courses"] = Entry(
        "Courses", Permission.EDIT_CATALOGUE, place=60, also=("catalogue.venues",)
    )
    app.register_blueprint(blueprint)


@blueprint.route("/manage/courses/add", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
def add_course() -> Response | tuple[str, int]:
    """Add a course."""
    form = CourseForm(data={"is_listed": True, "is_evaluated": True})
    form.offer(queries.boards(), queries.course_choices())
    if form.validate_on_submit():
        try:
            course = actions.add_course(_facts(form))
            actions.set_prerequisites(course, queries.courses_by_id(form.needs.data or []))
        except Taken as refusal:
            form.title.errors = [str(refusal)]
        else:
            return redirect(url_for("pages.course", slug=course.slug), 303)
    return render_form_page("catalogue/course_form.html", form, course=None)


@blueprint.route("/manage/courses/<slug>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
def edit_course(slug: str) -> Response | tuple[str, int]:
    """Change a course."""
    course = queries.course_at(slug) or abort(404)
    form = CourseForm(obj=course, data={"needs": [first.id for first in course.prerequisites]})
    form.offer(queries.boards(), [row for row in queries.course_choices() if row[0] != course.id])
    if form.validate_on_submit():
        try:
            actions.edit_course(course, _facts(form))
            actions.set_prerequisites(course, queries.courses_by_id(form.needs.data or []))
        except Taken as refusal:
            form.title.errors = [str(refusal)]
        except Circle as refusal:
            form.needs.errors = [str(refusal)]
        else:
            return redirect(url_for("pages.course", slug=course.slug), 303)
    return render_form_page("catalogue/course_form.html", form, course=course)


@blueprint.get("/manage/venues")
@requires(Permission.EDIT_CATALOGUE)
def venues() -> str:
    """List the venues."""
    return render_template("catalogue/venues.html", venues=queries.venues())


@blueprint.route("/manage/venues/add", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
def add_venue() -> Response | tuple[str, int]:
    """Add a venue."""
    return _venue_page(None)


@blueprint.route("/manage/venues/<int:venue_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUE)
def edit_venue(venue_id: int) -> Response | tuple[str, int]:
    """Correct a venue."""
    return _venue_page(db.session.get(Venue, venue_id) or abort(404))


def _venue_page(venue: Venue | None) -> Response | tuple[str, int]:
    form = VenueForm(obj=venue)
    if form.validate_on_submit():
        given = {"address": form.address.data or "", "directions": form.directions.data or ""}
        try:
            if venue is None:
                actions.add_venue(form.name.data, **given)
            else:
                actions.edit_venue(venue, name=form.name.data, **given)
        except Taken as refusal:
            form.name.errors = [str(refusal)]
        else:
            return redirect(url_for("catalogue.venues"), 303)
    return render_form_page("catalogue/venue_form.html", form, venue=venue)


def _board(form: CourseForm) -> Board:
    if form.new_board.data:
        return queries.board_named(form.new_board.data) or actions.add_board(form.new_board.data)
    return db.session.get_one(Board, form.board_id.data)


def _facts(form: CourseForm) -> actions.CourseFacts:
    given: dict[str, Any] = {name: form[name].data or "" for name in TEXTS}
    given |= {name: form[name].data for name in OTHERS}
    return actions.CourseFacts(title=form.title.data, board=_board(form), **given)
