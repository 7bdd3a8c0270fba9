"""The list of courses for officers, with how many people want each to run."""

from flask import render_template
from flask_login import current_user

from training_hub.access import Permission, requires
from training_hub.bookings.queries.interest import demand
from training_hub.catalogue.queries import courses_in_full
from training_hub.pages.views.blueprint import blueprint


@blueprint.get("/manage/courses")
@requires(Permission.EDIT_CATALOGUE)
def managed_courses() -> str:
    """Every course, with its number of dates and of people who want one."""
    return render_template(
        "pages/managed_courses.html", courses=courses_in_full(), wanted=demand(current_user)
    )
