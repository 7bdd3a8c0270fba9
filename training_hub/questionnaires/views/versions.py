"""Evaluation forms as officers make them: the list, one form in its versions, and what a course asks."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.errors import Refused, Stale
from training_hub.policies.queries import changes_over
from training_hub.questionnaires.actions import versions as versions_actions
from training_hub.questionnaires.forms.versions import (
    CONFIDENTIALITY,
    FROM_DEFAULT,
    FROM_NOTHING,
    STAGES,
    NewFormForm,
)
from training_hub.questionnaires.models import Confidentiality, FormState, Question, Questionnaire, Stage
from training_hub.questionnaires.queries import course_forms as course_forms_queries
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.queries import versions as versions_queries
from training_hub.questionnaires.rules.drafts import differences, draft_version
from training_hub.questionnaires.rules.questions import check_form
from training_hub.questionnaires.views.blueprint import blueprint
from training_hub.web.forms import Form, render_form_page

STALE = (
    "Someone else changed what this course asks after you opened this page. "
    "Check your answers against what it asks now, and save again."
)


@blueprint.get("/manage/forms")
@requires(Permission.EDIT_FORMS)
def forms() -> str:
    """Every form, by the stage at which it is asked."""
    return render_template(
        "questionnaires/list.html",
        listed=course_forms_queries.listed_forms(),
        stages=STAGES,
        confidentiality=CONFIDENTIALITY,
    )


@blueprint.post("/manage/forms/defaults")
@requires(Permission.EDIT_FORMS)
def default_forms() -> ResponseReturnValue:
    """Bring in the default form of every stage that has none yet."""
    versions_actions.ensure_default_forms()
    return redirect(url_for("questionnaires.forms"), 303)


@blueprint.route("/manage/forms/add", methods=["GET", "POST"])
@requires(Permission.EDIT_FORMS)
def add_form() -> ResponseReturnValue:
    """Begin a new form, as a draft."""
    form = NewFormForm(data={"begin": FROM_DEFAULT})
    form.offer(course_forms_queries.forms_in_use())
    if form.validate_on_submit():
        # Their names are theirs, and one of them may be what the new form begins with.
        versions_actions.ensure_default_forms()
        stage = Stage(form.stage.data)
        try:
            draft = versions_actions.make_form(
                form.name.data,
                stage,
                Confidentiality(form.confidentiality.data),
                asked=_begins_with(form.begin.data, stage),
                by=current_user._get_current_object(),
                now=clock.now(),
            )
        except Refused as refusal:
            form.name.errors = [str(refusal)]
        else:
            return redirect(url_for("questionnaires.form_questions", form_id=draft.id), 303)
    return render_form_page(
        "questionnaires/add.html",
        form,
        stage_hints={stage.value: words[1] for stage, words in STAGES.items()},
        kind_hints={kind.value: words[1] for kind, words in CONFIDENTIALITY.items()},
    )


def _begins_with(choice: str, stage: Stage) -> list[Question]:
    if choice == FROM_NOTHING:
        return []
    other = (
        versions_actions.ensure_default_form(stage)
        if choice == FROM_DEFAULT
        else versions_queries.form(int(choice))
    )
    return questions_queries.questions(other.id) if other else []


@blueprint.get("/manage/forms/<int:form_id>")
@requires(Permission.EDIT_FORMS)
def form(form_id: int) -> str:
    """One form: its versions, which courses ask it, and what can be done with it."""
    found = form_or_404(form_id)
    versions = versions_queries.versions(found.name)
    in_use = _version_in(FormState.IN_USE, versions)
    is_default = in_use is not None and in_use.is_default
    changes = [*changes_over(f"form {versions[-1].id}"), *_defaults_of(found)]
    return render_template(
        "questionnaires/form.html",
        form_of=found,
        versions=versions,
        in_use=in_use,
        draft=_version_in(FormState.DRAFT, versions),
        courses=course_forms_queries.courses_asking(found, as_default=is_default),
        changes=sorted(changes, key=lambda change: change.id, reverse=True),
        stage=STAGES[found.stage],
        confidentiality=CONFIDENTIALITY,
        saved=request.args.get("saved", ""),
    )


def _defaults_of(form: Questionnaire) -> list[Any]:
    changes = changes_over(f"forms {form.stage.value}")
    return [change for change in changes if form.name in (change.was, change.became)]


def _version_in(state: FormState, versions: list[Questionnaire]) -> Questionnaire | None:
    return next((version for version in versions if version.state is state), None)


@blueprint.post("/manage/forms/<int:form_id>/version")
@requires(Permission.EDIT_FORMS)
def new_version(form_id: int) -> ResponseReturnValue:
    """Begin the next version of a form, or go on with the one that was begun."""
    draft = versions_actions.make_version(
        form_or_404(form_id), by=current_user._get_current_object(), now=clock.now()
    )
    return redirect(url_for("questionnaires.form_questions", form_id=draft.id), 303)


@blueprint.route("/manage/forms/<int:form_id>/use", methods=["GET", "POST"])
@requires(Permission.EDIT_FORMS)
def put_form_in_use(form_id: int) -> ResponseReturnValue:
    """Say what putting a draft in use will change, and put it in use."""
    draft = draft_or_refuse(form_id)
    asked = questions_queries.questions(draft.id)
    form = Form()
    if form.validate_on_submit():
        by, now = current_user._get_current_object(), clock.now()
        try:
            versions_actions.start_asking(draft, seen=request.form.get("seen", ""), by=by, now=now)
        except Stale as refusal:
            form.form_errors.append(str(refusal))
        else:
            return redirect(url_for("questionnaires.form", form_id=form_id, saved="in-use"), 303)
    check_form(asked, questions_queries.kinds(but=draft.id))
    before = _version_in(FormState.IN_USE, versions_queries.versions(draft.name))
    page = render_template(
        "questionnaires/use.html",
        form=form,
        draft=draft,
        before=before,
        differences=differences(questions_queries.questions(before.id), asked) if before else None,
        questions=asked,
        courses=course_forms_queries.courses_asking(
            draft, as_default=before is not None and before.is_default
        ),
        stage=STAGES[draft.stage],
        confidentiality=CONFIDENTIALITY[draft.confidentiality],
        seen=draft_version(asked),
    )
    return page, 409 if form.errors else 200


@blueprint.route("/manage/forms/<int:form_id>/default", methods=["GET", "POST"])
@requires(Permission.EDIT_FORMS)
def make_form_default(form_id: int) -> ResponseReturnValue:
    """Ask this form wherever a course names no other, after saying where that is."""
    found = form_or_404(form_id)
    if found.state is not FormState.IN_USE:
        raise Refused("Put the form in use first. Then it can be made the default.")
    if request.method == "POST":
        versions_actions.choose_default(found, by=current_user._get_current_object(), now=clock.now())
        return redirect(url_for("questionnaires.form", form_id=form_id, saved="default"), 303)
    was = versions_queries.default_form(found.stage)
    return render_template(
        "questionnaires/default.html",
        form_of=found,
        was=was,
        stage=STAGES[found.stage],
    )


@blueprint.route("/manage/forms/<int:form_id>/delete", methods=["GET", "POST"])
@requires(Permission.EDIT_FORMS)
def delete_form_draft(form_id: int) -> ResponseReturnValue:
    """Throw a draft away, after asking."""
    draft = draft_or_refuse(form_id)
    others = [version for version in versions_queries.versions(draft.name) if version.id != draft.id]
    if request.method == "GET":
        return render_template("questionnaires/delete.html", draft=draft, others=others)
    versions_actions.delete_draft(draft)
    if others:
        return redirect(url_for("questionnaires.form", form_id=others[0].id, saved="deleted"), 303)
    return redirect(url_for("questionnaires.forms"), 303)


def form_or_404(form_id: int) -> Questionnaire:
    """This version of a form."""
    return versions_queries.form(form_id) or abort(404)


def draft_or_refuse(form_id: int) -> Questionnaire:
    """This version, if it is a draft. Raises Refused where it is not, with what to do."""
    found = form_or_404(form_id)
    if found.state is not FormState.DRAFT:
        raise Refused(
            "This version is or was in use, so it is not changed any more. Make a new version of the form instead."
        )
    return found
