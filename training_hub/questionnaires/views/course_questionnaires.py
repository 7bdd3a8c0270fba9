"""Which questionnaires a course uses."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.catalogue.queries import course_at
from training_hub.errors import Stale
from training_hub.people.asker import asker
from training_hub.policies.models import Over
from training_hub.policies.queries import changes_over
from training_hub.questionnaires.actions.course_questionnaires import set_course_questionnaires
from training_hub.questionnaires.forms.course_questionnaires import CourseQuestionnairesForm, choices_of
from training_hub.questionnaires.queries.course_questionnaires import (
    asked_by,
    asked_version,
    questionnaires_in_use,
)
from training_hub.questionnaires.rules.wording import STAGES
from training_hub.questionnaires.views.blueprint import blueprint
from training_hub.web.forms import render_form_page


@blueprint.route("/manage/courses/<slug>/forms", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def course_questionnaires(slug: str) -> ResponseReturnValue:
    """Choose the questionnaire of a course for each stage."""
    course = course_at(slug) or abort(404)
    asked, in_use = asked_by(course), questionnaires_in_use()
    choices = choices_of(asked, in_use)
    form = CourseQuestionnairesForm(data={**choices, "version": asked_version(asked)})
    form.offer(in_use, asked)
    if form.validate_on_submit():
        seen, by = form.version.data, asker()
        try:
            set_course_questionnaires(course, form.wanted(), seen=seen, by=by, now=clock.now())
        except Stale as stale:
            form.say_stale(stale, asked_version(asked))
        else:
            return redirect(url_for("questionnaires.course_questionnaires", slug=slug, saved=""), 303)
    latest = {form[name].label.text: form[name].choices[choice] for name, choice in choices.items()}
    return render_form_page(
        "questionnaires/course.html",
        form,
        course=course,
        fields=[form[name] for name in choices],
        changes=changes_over(Over.COURSE_QUESTIONNAIRES, course.id),
        stages={stage.value: label for stage, label in STAGES.items()},
        latest=latest if form.form_errors else {},
        saved="saved" in request.args,
    )
