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
from training_hub.questionnaires.actions.course_questionnaires import set_course_questionnaires
from training_hub.questionnaires.forms.course_questionnaires import CourseQuestionnairesForm, choices_of
from training_hub.questionnaires.queries.course_questionnaires import asked_by, questionnaires_in_use
from training_hub.questionnaires.rules.wording import STAGES
from training_hub.questionnaires.views.blueprint import blueprint
from training_hub.web.forms import render_form_page

STALE = (
    "Someone else changed what this course asks after you opened this page. "
    "Check your answers against the latest below, then save again."
)


@blueprint.route("/manage/courses/<slug>/forms", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def course_questionnaires(slug: str) -> ResponseReturnValue:
    """Choose the questionnaire of a course for each stage."""
    course = course_at(slug) or abort(404)
    asked, in_use = asked_by(course), questionnaires_in_use()
    choices = choices_of(asked, in_use)
    stored = {stage.value: name for stage, name in asked.items()}
    version = sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]
    form = CourseQuestionnairesForm(data={**choices, "seen": version})
    form.offer(in_use, asked)
    if form.validate_on_submit():
        if form.seen.data == version:
            by = current_user._get_current_object()
            set_course_questionnaires(course, form.wanted(), by=by, now=clock.now())
            return redirect(url_for("questionnaires.course_questionnaires", slug=slug, saved=""), 303)
        form.form_errors.append(STALE)
        form.seen.data = version
    latest = {form[name].label.text: form[name].choices[choice] for name, choice in choices.items()}
    return render_form_page(
        "questionnaires/course.html",
        form,
        course=course,
        fields=[form[name] for name in choices],
        changes=changes_over(f"course {course.id} forms"),
        stages={stage.value: label for stage, label in STAGES.items()},
        latest=latest if form.form_errors else {},
        saved="saved" in request.args,
    )
