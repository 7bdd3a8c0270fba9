"""The pages on which officers manage questionnaires and their versions."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.database import db
from training_hub.errors import Refused, Stale
from training_hub.people.asker import asker
from training_hub.policies.models import Over
from training_hub.policies.queries import changes_over
from training_hub.questionnaires.actions.versions import (
    check_draft,
    check_in_use,
    choose_default,
    discard_draft,
    make_questionnaire,
    make_version,
    start_asking,
)
from training_hub.questionnaires.forms.versions import FROM_DEFAULT, FROM_NOTHING, NewQuestionnaireForm
from training_hub.questionnaires.models import Confidentiality, Question, Questionnaire, Stage, VersionState
from training_hub.questionnaires.queries.course_questionnaires import (
    courses_asking,
    listed_questionnaires,
    questionnaires_in_use,
)
from training_hub.questionnaires.queries.questions import kinds, questions
from training_hub.questionnaires.queries.versions import default_questionnaire, versions_of
from training_hub.questionnaires.rules.drafts import differences, draft_version
from training_hub.questionnaires.rules.questions import check_questions
from training_hub.questionnaires.rules.wording import CONFIDENTIALITY, OFFICERS_READ, STAGES, WHEN_ASKED
from training_hub.questionnaires.views.blueprint import blueprint
from training_hub.web.forms import VersionedForm, render_form_page


@blueprint.get("/manage/forms")
@requires(Permission.EDIT_QUESTIONNAIRES)
def questionnaires() -> str:
    """Every questionnaire, by stage."""
    return render_template(
        "questionnaires/list.html",
        listed=listed_questionnaires(),
        stages=STAGES,
        when_asked=WHEN_ASKED,
        confidentiality=CONFIDENTIALITY,
    )


@blueprint.route("/manage/forms/add", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def add_questionnaire() -> ResponseReturnValue:
    """Start a questionnaire as a draft."""
    form = NewQuestionnaireForm(data={"begin": FROM_DEFAULT})
    form.offer(questionnaires_in_use())
    if form.validate_on_submit():
        stage = Stage(form.stage.data)
        try:
            draft = make_questionnaire(
                form.name.data,
                stage,
                Confidentiality(form.confidentiality.data),
                asked=_begins_with(form.begin.data, stage),
                by=asker(),
                now=clock.now(),
            )
        except Refused as refusal:
            form.name.errors = [str(refusal)]
        else:
            return redirect(url_for("questionnaires.draft_questions", questionnaire_id=draft.id), 303)
    return render_form_page(
        "questionnaires/add.html",
        form,
        stage_hints={stage.value: words for stage, words in WHEN_ASKED.items()},
        kind_hints={kind.value: words for kind, words in OFFICERS_READ.items()},
    )


def _begins_with(choice: str, stage: Stage) -> list[Question]:
    if choice == FROM_NOTHING:
        return []
    return questions(default_questionnaire(stage).id if choice == FROM_DEFAULT else int(choice))


@blueprint.get("/manage/forms/<int:questionnaire_id>")
@requires(Permission.EDIT_QUESTIONNAIRES)
def questionnaire(questionnaire_id: int) -> str:
    """One questionnaire: its versions, the courses that ask it, and what an officer can do with it."""
    found = questionnaire_or_404(questionnaire_id)
    versions = versions_of(found.name)
    in_use = _version_in(VersionState.IN_USE, versions)
    defaults, stage = changes_over(Over.DEFAULT_QUESTIONNAIRES), found.stage.value
    changes = [
        *changes_over(Over.QUESTIONNAIRE, versions[-1].id),
        *(each for each in defaults if each.policy == stage and found.name in (each.was, each.became)),
    ]
    kind = (in_use or found).confidentiality
    return render_template(
        "questionnaires/questionnaire.html",
        questionnaire=found,
        versions=versions,
        in_use=in_use,
        draft=_version_in(VersionState.DRAFT, versions),
        courses=courses_asking(found, as_default=in_use is not None and in_use.is_default),
        changes=sorted(changes, key=lambda change: change.id, reverse=True),
        stage=STAGES[found.stage],
        when_asked=WHEN_ASKED[found.stage],
        who_sees=f"{CONFIDENTIALITY[kind]}. {OFFICERS_READ[kind]}",
        saved=request.args.get("saved", ""),
    )


def _version_in(state: VersionState, versions: list[Questionnaire]) -> Questionnaire | None:
    return next((version for version in versions if version.state is state), None)


@blueprint.post("/manage/forms/<int:questionnaire_id>/version")
@requires(Permission.EDIT_QUESTIONNAIRES)
def new_version(questionnaire_id: int) -> ResponseReturnValue:
    """Start the next version of a questionnaire, or open its existing draft."""
    by = asker()
    draft = make_version(questionnaire_or_404(questionnaire_id), by=by, now=clock.now())
    return redirect(url_for("questionnaires.draft_questions", questionnaire_id=draft.id), 303)


@blueprint.route("/manage/forms/<int:questionnaire_id>/use", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def use_version(questionnaire_id: int) -> ResponseReturnValue:
    """Show what will change when a draft is put into use, and put it into use."""
    draft, form = draft_or_refuse(questionnaire_id), VersionedForm()
    if form.validate_on_submit():
        by, now = asker(), clock.now()
        try:
            start_asking(draft, seen=form.version.data, by=by, now=now)
        except Stale as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _questionnaire_page(questionnaire_id, saved="in-use")
    asked = questions(draft.id)
    form.version.data = draft_version(asked)
    check_questions(asked, kinds(except_in=draft.id))
    before = _version_in(VersionState.IN_USE, versions_of(draft.name))
    page = render_template(
        "questionnaires/use.html",
        form=form,
        draft=draft,
        before=before,
        differences=differences(questions(before.id), asked) if before else None,
        questions=asked,
        courses=courses_asking(draft, as_default=before is not None and before.is_default),
        when_asked=WHEN_ASKED[draft.stage],
        who_sees=f"{CONFIDENTIALITY[draft.confidentiality]}. {OFFICERS_READ[draft.confidentiality]}",
    )
    return page, 409 if form.errors else 200


@blueprint.route("/manage/forms/<int:questionnaire_id>/default", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def make_default(questionnaire_id: int) -> ResponseReturnValue:
    """Explain what the default is, and make this questionnaire the default of its stage."""
    found = questionnaire_or_404(questionnaire_id)
    check_in_use(found)
    if request.method == "POST":
        choose_default(found, by=asker(), now=clock.now())
        return _questionnaire_page(questionnaire_id, saved="default")
    return render_template(
        "questionnaires/default.html",
        questionnaire=found,
        was=default_questionnaire(found.stage),
        when_asked=WHEN_ASKED[found.stage],
    )


@blueprint.route("/manage/forms/<int:questionnaire_id>/delete", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def delete_draft(questionnaire_id: int) -> ResponseReturnValue:
    """Ask for confirmation, and delete a draft."""
    draft = draft_or_refuse(questionnaire_id)
    others = [version for version in versions_of(draft.name) if version.id != draft.id]
    if request.method == "GET":
        return render_template("questionnaires/delete.html", draft=draft, others=others)
    discard_draft(draft)
    if others:
        return _questionnaire_page(others[0].id, saved="deleted")
    return redirect(url_for("questionnaires.questionnaires"), 303)


def _questionnaire_page(questionnaire_id: int, *, saved: str) -> ResponseReturnValue:
    here = url_for("questionnaires.questionnaire", questionnaire_id=questionnaire_id, saved=saved)
    return redirect(here, 303)


def questionnaire_or_404(questionnaire_id: int) -> Questionnaire:
    """The version of a questionnaire with this id. Aborts with 404 if there is none."""
    return db.session.get(Questionnaire, questionnaire_id) or abort(404)


def draft_or_refuse(questionnaire_id: int) -> Questionnaire:
    """The version with this id, if it is a draft. Raises Refused if it is not."""
    found = questionnaire_or_404(questionnaire_id)
    check_draft(found)
    return found
