"""Which questionnaires a course uses."""

import json
from hashlib import sha256

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.catalogue.queries import course_at
from training_hub.policies.queries import changes_over
from training_hub.questionnaires.actions import course_forms as course_forms_actions
from training_hub.questionnaires.forms.course_forms import CourseFormsForm, choices_of
from training_hub.questionnaires.forms.versions import STAGES
from training_hub.questionnaires.models import Stage
from training_hub.questionnaires.queries import course_forms as course_forms_queries
from training_hub.questionnaires.views.blueprint import blueprint
from training_hub.questionnaires.views.versions import STALE
from training_hub.web.forms import render_form_page


@blueprint.route("/manage/courses/<slug>/forms", methods=["GET", "POST"])
@requires(Permission.EDIT_FORMS)
def course_forms(slug: str) -> ResponseReturnValue:
    """What a course asks at each stage, and with which form."""
    course = course_at(slug) or abort(404)
    asked, in_use = course_forms_queries.asked_by(course), course_forms_queries.forms_in_use()
    stored = {stage.value: name for stage, name in asked.items()}
    version = sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]
    form = CourseFormsForm(data={**choices_of(asked, in_use), "seen": version})
    form.offer(in_use, asked)
    if form.validate_on_submit():
        if form.seen.data == version:
            by = current_user._get_current_object()
            course_forms_actions.set_course_forms(course, form.wanted(), by=by, now=clock.now())
            return redirect(url_for("questionnaires.course_forms", slug=slug, saved=""), 303)
        form.form_errors.append(STALE)
        form.seen.data = version
    return render_form_page(
        "questionnaires/course.html",
        form,
        course=course,
        fields=[form[stage.name.lower()] for stage in Stage],
        changes=changes_over(f"course {course.id} forms"),
        stages={stage.value: words[0] for stage, words in STAGES.items()},
        stands=_stands(form, choices_of(asked, in_use)) if form.form_errors else {},
        saved="saved" in request.args,
    )


def _stands(form: CourseFormsForm, choices: dict[str, str]) -> dict[str, str]:
    """What the course asks now at each stage, in the words of the choices."""
    return {form[name].label.text: form[name].choices[choice] for name, choice in choices.items()}
