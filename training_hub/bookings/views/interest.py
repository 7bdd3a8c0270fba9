"""Ask to be told when a course next runs, stop asking, and show officers who wants a course."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.bookings.actions import interest as interest_actions
from training_hub.bookings.queries.interest import demand, demand_by_agency, who_wants
from training_hub.bookings.rules.eligibility import NotEligible
from training_hub.bookings.views.blueprint import blueprint
from training_hub.catalogue.models import Course
from training_hub.catalogue.queries import course_at
from training_hub.people.asker import asker
from training_hub.web.addresses import page_number


def _course(slug: str) -> Course:
    return course_at(slug) or abort(404)


@blueprint.post("/courses/<slug>/tell-me")
@requires(Permission.BOOK_PLACES)
def ask_to_be_told(slug: str) -> ResponseReturnValue:
    """Record that the reader wants to be told when the course next runs."""
    course = _course(slug)
    if not course.is_listed:
        abort(404)
    try:
        interest_actions.ask_to_be_told(asker(), course, now=clock.now())
    except NotEligible as no:
        facts = {"event": None, "course": course, "reasons": no.reasons}
        return render_template("bookings/not_eligible.html", **facts), 409
    return redirect(url_for("pages.course", slug=slug, told="asked"), 303)


@blueprint.post("/courses/<slug>/do-not-tell-me")
@requires(Permission.BOOK_PLACES)
def stop_asking(slug: str) -> ResponseReturnValue:
    """Record that the reader no longer wants to be told."""
    interest_actions.stop_asking(asker(), _course(slug), now=clock.now())
    if request.form.get("from") == "my-bookings":
        return redirect(url_for("pages.my_bookings", told="stopped"), 303)
    return redirect(url_for("pages.course", slug=slug, told="stopped"), 303)


@blueprint.get("/manage/courses/<slug>/interest")
@requires(Permission.MANAGE_WAITING_LISTS)
def interested(slug: str) -> str:
    """List the people who want a course to run, since when and from which agencies."""
    course, asking = _course(slug), asker()
    wanted = demand(asking, course.id).get(course.id)
    return render_template(
        "bookings/interested.html",
        course=course,
        wanted=wanted,
        agencies=demand_by_agency(asking, course.id),
        people=who_wants(asking, course.id, page=page_number()),
    )
