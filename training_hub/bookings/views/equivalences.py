"""Pages on which hub officers record what counts as a completed course."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import equivalences as equivalences_actions
from training_hub.bookings.actions.equivalences import AlreadyCounts
from training_hub.bookings.forms import EquivalenceForm
from training_hub.bookings.queries.equivalences import equivalence, equivalences_of, person_for_equivalences
from training_hub.bookings.views.blueprint import blueprint
from training_hub.catalogue import queries as catalogue
from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.people.asker import asker
from training_hub.people.models import Person
from training_hub.web.forms import render_form_page


@blueprint.route("/manage/people/<int:person_id>/equivalences", methods=["GET", "POST"])
@requires(Permission.RECORD_EQUIVALENCES)
def equivalences(person_id: int) -> ResponseReturnValue:
    """List one person's equivalences, with a form to add one."""
    person, form = _person(person_id), EquivalenceForm()
    here = url_for("bookings.equivalences", person_id=person.id)
    form.course_id.choices = {str(course_id): title for course_id, title in catalogue.course_choices()}
    if form.validate_on_submit():
        course = db.session.get_one(Course, form.course_id.data)
        try:
            equivalences_actions.record_equivalence(
                person, course, reason=form.reason.data, by=asker(), now=clock.now()
            )
        except AlreadyCounts as no:
            form.course_id.errors = [str(no)]
        else:
            return redirect(f"{here}?saved=recorded", 303)
    rows = equivalences_of(person.id)
    return render_form_page(
        "bookings/equivalences.html",
        form,
        person=person,
        rows=[row for row in rows if row.ended_at is None],
        removed=[row for row in rows if row.ended_at is not None],
        saved=request.args.get("saved", "") if request.method == "GET" else "",
    )


@blueprint.route(
    "/manage/people/<int:person_id>/equivalences/<int:course_id>/remove", methods=["GET", "POST"]
)
@requires(Permission.RECORD_EQUIVALENCES)
def remove_equivalence(person_id: int, course_id: int) -> ResponseReturnValue:
    """Ask, and then remove the record for one course."""
    person = _person(person_id)
    row = equivalence(person.id, course_id) or abort(404)
    here = url_for("bookings.equivalences", person_id=person.id)
    if request.method == "GET":
        return render_template("bookings/remove_equivalence.html", person=person, row=row)
    equivalences_actions.remove_equivalence(row, by=asker(), now=clock.now())
    return redirect(f"{here}?saved=removed", 303)


def _person(person_id: int) -> Person:
    return person_for_equivalences(person_id, asker()) or abort(404)
