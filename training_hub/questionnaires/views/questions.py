"""The questions of a draft, and a preview of any version."""

from itertools import groupby

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub.access import Permission, requires
from training_hub.errors import Refused, Stale
from training_hub.questionnaires.actions.questions import (
    add_from_bank,
    add_new_question,
    change_question,
    move_question,
    remove_question,
)
from training_hub.questionnaires.fields import form_asking, shown
from training_hub.questionnaires.forms.questions import (
    IN_WORDS,
    KIND_AT,
    KINDS,
    BankForm,
    QuestionForm,
    answers_of,
    in_words,
    word_for,
)
from training_hub.questionnaires.models import Question, QuestionKind, Questionnaire
from training_hub.questionnaires.queries.questions import bank, last_asked, questions
from training_hub.questionnaires.rules.drafts import draft_version
from training_hub.questionnaires.rules.questions import halves
from training_hub.questionnaires.rules.wording import WHEN_ASKED, WHO_SEES
from training_hub.questionnaires.views.blueprint import blueprint
from training_hub.questionnaires.views.versions import draft_or_refuse, questionnaire_or_404
from training_hub.web.forms import Form, VersionedForm, render_form_page

MOVES = {"up": -1, "down": 1}
QUESTIONS_ON_A_PAGE = 50


@blueprint.route("/manage/forms/<int:questionnaire_id>/questions", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def draft_questions(questionnaire_id: int) -> ResponseReturnValue:
    """The questions of a draft, in order, with buttons to move or remove each."""
    draft, form = draft_or_refuse(questionnaire_id), VersionedForm()
    if form.validate_on_submit():
        # One form has all the buttons. The value of each names an action and a question.
        what, _, key = request.form.get("do", "").partition(" ")
        try:
            _do(draft, what, key, form.version.data)
            return _questions_page(draft, at=key)
        except Refused as refusal:
            form.form_errors.append(str(refusal))
    asked = questions(draft.id)
    form.version.data = draft_version(asked)
    page = render_template(
        "questionnaires/questions.html",
        form=form,
        draft=draft,
        sections=_sections(asked),
        number_of={question.key: question.position for question in asked},
        total=len(asked),
        kinds=KINDS,
    )
    return page, 409 if form.errors else 200


def _do(draft: Questionnaire, what: str, key: str, seen: str | None) -> None:
    """Do the action that a button's value names."""
    if what == "remove":
        remove_question(draft, key, seen=seen)
    else:
        move_question(draft, key, MOVES.get(what) or abort(400), seen=seen)


def _questions_page(draft: Questionnaire, *, at: str) -> ResponseReturnValue:
    """The page of questions, opened at the one with this key, or at the top."""
    position = next((each.position for each in questions(draft.id) if each.key == at), None)
    anchor = f"question-{position}" if position else None
    here = url_for("questionnaires.draft_questions", questionnaire_id=draft.id, _anchor=anchor)
    return redirect(here, 303)


def _sections(asked: list[Question]) -> list[tuple[str, list[Question]]]:
    return [(section, list(group)) for section, group in groupby(asked, key=lambda each: each.section)]


@blueprint.get("/manage/forms/<int:questionnaire_id>/add")
@requires(Permission.EDIT_QUESTIONNAIRES)
def question_kinds(questionnaire_id: int) -> str:
    """Choose the kind of a new question, or go to the question bank."""
    draft = draft_or_refuse(questionnaire_id)
    kinds = [(word_for(kind), *words) for kind, words in KINDS.items()]
    return render_template("questionnaires/kinds.html", draft=draft, kinds=kinds)


@blueprint.route("/manage/forms/<int:questionnaire_id>/add/<kind>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def new_question(questionnaire_id: int, kind: str) -> ResponseReturnValue:
    """Add a new question to a draft."""
    draft, kind_of = draft_or_refuse(questionnaire_id), KIND_AT.get(kind) or abort(404)
    asked = questions(draft.id)
    section = asked[-1].section if asked else ""
    form = QuestionForm(data={"section": section, "is_required": kind_of not in IN_WORDS})
    form.fit(kind_of, _yes_or_no(asked), [each.section for each in asked])
    if form.validate_on_submit():
        try:
            key = add_new_question(draft, form.question("", kind_of))
        except Refused as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _questions_page(draft, at=key)
    here = url_for("questionnaires.new_question", questionnaire_id=draft.id, kind=kind)
    return render_form_page("questionnaires/question.html", form, draft=draft, kind=KINDS[kind_of], here=here)


@blueprint.route("/manage/forms/<int:questionnaire_id>/questions/<key>", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def edit_question(questionnaire_id: int, key: str) -> ResponseReturnValue:
    """Change the wording of a question of a draft."""
    draft = draft_or_refuse(questionnaire_id)
    asked = questions(draft.id)
    question = next((each for each in asked if each.key == key), None) or abort(404)
    version = draft_version([question])
    form = QuestionForm(data={**answers_of(question), "version": version})
    leaders = [each for each in _yes_or_no(asked) if each.position < question.position]
    form.fit(question.kind, leaders, [each.section for each in asked])
    if form.validate_on_submit():
        try:
            change_question(draft, form.question(key, question.kind), seen=form.version.data)
        except Stale as stale:
            form.say_stale(stale, version)
        except Refused as refusal:
            if "options" in form:
                form.options.errors = [str(refusal)]
            else:
                form.form_errors.append(str(refusal))
        else:
            return _questions_page(draft, at=key)
    return render_form_page(
        "questionnaires/question.html",
        form,
        draft=draft,
        kind=KINDS[question.kind],
        here=url_for("questionnaires.edit_question", questionnaire_id=draft.id, key=key),
        was_asked=last_asked(key, except_in=draft.id) is not None,
        question=question,
        latest=in_words(question) if form.form_errors else None,
    )


def _yes_or_no(asked: list[Question]) -> list[Question]:
    return [each for each in asked if each.kind is QuestionKind.YES_NO]


@blueprint.route("/manage/forms/<int:questionnaire_id>/bank", methods=["GET", "POST"])
@requires(Permission.EDIT_QUESTIONNAIRES)
def question_bank(questionnaire_id: int) -> ResponseReturnValue:
    """Search the bank, and add a question to a draft."""
    draft, form = draft_or_refuse(questionnaire_id), Form()
    if form.validate_on_submit():
        key = request.form.get("key", "")
        try:
            add_from_bank(draft, key)
        except Refused as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _questions_page(draft, at=key)
    search = BankForm(request.args, meta={"csrf": False})
    words, kind = search.words.data or "", KIND_AT.get(search.kind.data or "")
    here = [each.key for each in questions(draft.id)]
    # Reads one more than the page shows, to know whether there are others.
    found = bank(words, kind, without=here, limit=QUESTIONS_ON_A_PAGE + 1)
    page = render_template(
        "questionnaires/bank.html",
        form=form,
        search=search,
        draft=draft,
        found=found[:QUESTIONS_ON_A_PAGE],
        has_more=len(found) > QUESTIONS_ON_A_PAGE,
        is_narrowed=bool(search.words.data or search.kind.data),
        kinds=KINDS,
    )
    return page, 409 if form.errors else 200


@blueprint.get("/manage/forms/<int:questionnaire_id>/preview")
@requires(Permission.EDIT_QUESTIONNAIRES)
def preview(questionnaire_id: int) -> str:
    """A version as people see it. The form on the page cannot be sent."""
    found = questionnaire_or_404(questionnaire_id)
    asked = questions(found.id)
    half = halves(found.stage, was_asked=False)
    form = form_asking(asked, {question.key: half for question in asked})(formdata=None)
    return render_template(
        "questionnaires/preview.html",
        questionnaire=found,
        sections=[(section, shown(form, group)) for section, group in _sections(asked)],
        text_of={question.key: question.text for question in asked},
        who_sees=WHO_SEES[found.confidentiality],
        when_asked=WHEN_ASKED[found.stage],
    )
