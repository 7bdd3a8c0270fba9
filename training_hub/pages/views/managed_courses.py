"""The catalogue as officers see it, with how many people want each course to run."""

from flask import render_template
from flask_login import current_user

from training_hub.access import Permission, requires
from training_hub.bookings.queries.interest import demand
from training_hub.catalogue.queries import courses_in_full
from training_hub.pages.views.blueprint import blueprint


@blueprint.get("/manage/courses")
@requires(Permission.EDIT_CATALOGUE)
def managed_courses() -> str:
    """Every course, with its dates and who wants another."""
    return render_template(
        "pages/managed_courses.html", courses=courses_in_full(), wanted=demand(current_user)
    )
