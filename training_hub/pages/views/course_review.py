"""The review of a course: its figures, results, comments and findings."""

from datetime import datetime
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.catalogue.models import Course
from training_hub.catalogue.queries import course_at
from training_hub.errors import Refused
from training_hub.improvement import actions
from training_hub.improvement import queries as improvement_queries
from training_hub.improvement.queries import ActionFilter
from training_hub.improvement.rules import with_states
from training_hub.london import london_date
from training_hub.pages.forms.course_review import FindingsForm
from training_hub.pages.views.blueprint import blueprint
from training_hub.people.asker import asker
from training_hub.periods import Period, period_of, years
from training_hub.questionnaires.rules.wording import STAGES
from training_hub.reporting.models import Filters
from training_hub.reporting.queries.counting import totals_of
from training_hub.results.queries.comments import (
    CommentFilter,
    comments,
    number_of_comments,
    theme_counts,
)
from training_hub.results.queries.counting import ResultsFilter
from training_hub.results.queries.results import visible_results
from training_hub.web.forms import render_form_page

P = Permission
COMMENTS_READ = 100
OF_EACH_THEME = 3


@blueprint.route("/manage/courses/<slug>/review", methods=["GET", "POST"])
@requires(P.REVIEW_COURSES)
def course_review(slug: str) -> ResponseReturnValue:
    """Figures, results and comments of a course in a period, and the findings of officers."""
    now, course = clock.now(), course_at(slug) or abort(404)
    period, form = period_of(request.args, now=now), FindingsForm()
    if form.validate_on_submit():
        try:
            if period.error:
                raise Refused(period.error)
            findings = form.findings.data or ""
            actions.review_course(course, period.first, period.last, findings, by=asker(), now=now)
        except Refused as refusal:
            form.findings.errors = [str(refusal)]
        else:
            here = url_for("pages.course_review", slug=slug, saved="", **period.query)
            return redirect(f"{here}#reviews", 303)
    facts = {"period": period, "saved": "saved" in request.args, **_read(course, period, now=now)}
    page, status = render_form_page("pages/course_review.html", form, course=course, **facts)
    return page, 422 if period.error else status


def _read(course: Course, period: Period, *, now: datetime) -> dict[str, Any]:
    """Everything that an officer reads before writing findings."""
    actor, today, slug = asker(), london_date(now), course.slug
    about = ResultsFilter(course_id=course.id, first=period.first, last=period.last)
    read = visible_results(actor, about, now=now)
    everything = CommentFilter()
    latest = comments(actor, about, everything, now=now, limit=COMMENTS_READ)
    return {
        "years": years(period, lambda year: url_for("pages.course_review", slug=slug, **year), now=now),
        "figures": totals_of(
            actor, Filters(first=period.first, last=period.last, course_id=course.id), now=now
        ),
        "stages": [(STAGES[stage], read.returns.get(stage), read.results(stage)) for stage in read.stages],
        "themes": [
            (key, name, number, [each for each in latest if name in each.themes][:OF_EACH_THEME])
            for key, name, number in theme_counts(actor, about, everything, now=now)
        ],
        "without_theme": [comment for comment in latest if not comment.themes][:OF_EACH_THEME],
        "comments_in_all": number_of_comments(actor, about, everything, now=now),
        "of_course": dict(period.query, course=slug),
        "actions": with_states(
            improvement_queries.filtered_actions(ActionFilter(course_id=course.id), today=today), today
        ),
        "reviews": improvement_queries.course_reviews(course.id),
    }
