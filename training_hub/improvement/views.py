"""The log of actions, and the pages on which officers add and change them."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.catalogue.models import Course
from training_hub.catalogue.queries import course_at
from training_hub.database import db
from training_hub.errors import Stale, version_of
from training_hub.improvement import actions, queries
from training_hub.improvement.forms import ActionForm, ActionProgressForm, ActionsForm
from training_hub.improvement.models import CourseAction, CourseReview
from training_hub.improvement.queries import ActionFilter
from training_hub.improvement.rules import ActionState, WrongAction, plan_of, with_states
from training_hub.london import london_date
from training_hub.people.asker import asker
from training_hub.web.addresses import number_in
from training_hub.web.forms import render_form_page
from training_hub.web.pages import NAVIGATION, Entry

blueprint = Blueprint("improvement", __name__)


def init_app(app: Flask) -> None:
    """Register the views with `app`."""
    app.register_blueprint(blueprint)
    NAVIGATION["improvement.actions"] = Entry("Actions", Permission.READ_REPORTS, place=47)


P = Permission


@blueprint.route("/manage/courses/<slug>/actions/add", methods=["GET", "POST"])
@requires(P.REVIEW_COURSES)
def add_action(slug: str) -> ResponseReturnValue:
    """Add an action about a course."""
    course = course_at(slug) or abort(404)
    form = ActionForm()
    if form.validate_on_submit():
        try:
            review_id = _review_named(course)
            actions.add_action(course, form.plan(), review_id=review_id, by=asker(), now=clock.now())
        except WrongAction as wrong:
            form.say_wrong(wrong)
        else:
            return redirect(url_for("improvement.actions", course=slug, saved=""), 303)
    return _action_page(
        form, course, url_for("improvement.add_action", slug=slug, review=_review_named(course))
    )


@blueprint.route("/manage/actions/<int:action_id>", methods=["GET", "POST"])
@requires(P.REVIEW_COURSES)
def action(action_id: int) -> ResponseReturnValue:
    """Change an action."""
    found = db.session.get(CourseAction, action_id) or abort(404)
    form = ActionProgressForm(data={**asdict(plan_of(found)), "version": version_of(plan_of(found))})
    saved: CourseAction | None = None
    if form.validate_on_submit():
        try:
            actions.change_action(found, form.plan(), seen=form.version.data, now=clock.now())
        except WrongAction as wrong:
            form.say_wrong(wrong)
        except Stale as stale:
            form.say_stale(stale, version_of(plan_of(found)))
            saved = found
        else:
            return redirect(url_for("improvement.actions", course=found.course.slug, saved=""), 303)
    here = url_for("improvement.action", action_id=action_id)
    return _action_page(form, found.course, here, action=found, saved=saved)


@blueprint.get("/actions", endpoint="actions")
@requires(P.READ_REPORTS)
def action_log() -> str:
    """List the actions, open and done."""
    today = london_date(clock.now())
    form = ActionsForm(request.args)
    form.course.choices = queries.courses_acted_on()
    form.owner.choices = {owner: owner for owner in queries.owners()}
    course = course_at(request.args["course"]) if request.args.get("course") else None
    state = request.args.get("state", "")
    wanted = ActionFilter(
        state=ActionState(state) if state in [each.value for each in ActionState] else None,
        owner=request.args.get("owner", ""),
        course_id=(course.id if course else 0) if request.args.get("course") else None,
    )
    chosen = [name for name in ("state", "course", "owner") if request.args.get(name)]
    return render_template(
        "improvement/actions.html",
        filters=form,
        chosen=len(chosen),
        actions=with_states(queries.filtered_actions(wanted, today=today), today),
        total=queries.number_of_actions(wanted, today=today),
        overdue=queries.number_of_actions(ActionFilter(state=ActionState.OVERDUE), today=today),
        course=course,
        may_change=current_user.may(P.REVIEW_COURSES),
        saved="saved" in request.args,
    )


def _review_named(course: Course) -> int | None:
    """The id of the review in the address, if it is about this course."""
    number = number_in(request.args.get("review"))
    review = db.session.get(CourseReview, number) if number else None
    return review.id if review is not None and review.course_id == course.id else None


def _action_page(form: ActionForm, course: Course, here: str, **facts: Any) -> ResponseReturnValue:
    given = {"action": None, "saved": None, **facts}
    return render_form_page("improvement/action.html", form, course=course, here=here, **given)
