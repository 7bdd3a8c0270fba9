"""The questions of a draft, one at a time, and any version of a form as people will see it."""

from itertools import groupby

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub.access import Permission, requires
from training_hub.errors import Refused, Stale
from training_hub.questionnaires.actions import questions as questions_actions
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
from training_hub.questionnaires.forms.versions import CONFIDENTIALITY, STAGES
from training_hub.questionnaires.models import Question, QuestionKind, Questionnaire
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.rules.drafts import draft_version
from training_hub.questionnaires.rules.questions import halves
from training_hub.questionnaires.rules.wording import SAID
from training_hub.questionnaires.views.blueprint import blueprint
from training_hub.questionnaires.views.versions import draft_or_refuse, form_or_404
from training_hub.web.forms import Form, render_form_page

MOVES = {"up": -1, "down": 1}
QUESTIONS_ON_A_PAGE = 50


@blueprint.route("/manage/forms/<int:form_id>/questions", methods=["GET", "POST"])
@requires(Permission.EDIT_FORMS)
def form_questions(form_id: int) -> ResponseReturnValue:
    """What a draft asks, in order; one button moves a question, or takes it out."""
    draft, form = draft_or_refuse(form_id), Form()
    if form.validate_on_submit():
        # One form for all the buttons: each says what it does, and to which question.
        what, _, key = request.form.get("do", "").partition(" ")
        try:
            return _questions_page(draft, at=_done(draft, what, key, request.form.get("seen", "")))
        except Refused as refusal:
            form.form_errors.append(str(refusal))
    asked = questions_queries.questions(draft.id)
    page = render_template(
        "questionnaires/questions.html",
        form=form,
        draft=draft,
        sections=_sections(asked),
        number_of={question.key: question.position for question in asked},
        total=len(asked),
        seen=draft_version(asked),
        kinds=KINDS,
    )
    return page, 409 if form.errors else 200


def _done(draft: Questionnaire, what: str, key: str, seen: str) -> int:
    """Do what a button says to a question; the place on the page to go to afterwards."""
    if what == "remove":
        questions_actions.remove_question(draft, key, seen=seen)
        return 0
    questions_actions.move_question(draft, key, MOVES.get(what) or abort(400), seen=seen)
    return _position(draft, key)


def _position(draft: Questionnaire, key: str) -> int:
    return next((each.position for each in questions_queries.questions(draft.id) if each.key == key), 0)


def _questions_page(draft: Questionnaire, *, at: int = 0) -> ResponseReturnValue:
    return redirect(
        url_for("questionnaires.form_questions", form_id=draft.id, _anchor=f"question-{at}" if at else None),
        303,
    )


def _sections(questions: list[Question]) -> list[tuple[str, list[Question]]]:
    return [(section, list(group)) for section, group in groupby(questions, key=lambda each: each.section)]


@blueprint.get("/manage/forms/<int:form_id>/add")
@requires(Permission.EDIT_FORMS)
def question_kinds(form_id: int) -> str:
    """Choose how a new question is answered, or go to the bank."""
    draft = draft_or_refuse(form_id)
    kinds = [(word_for(kind), *words) for kind, words in KINDS.items()]
    return render_template("questionnaires/kinds.html", draft=draft, kinds=kinds)


@blueprint.route("/manage/forms/<int:form_id>/add/<kind>", methods=["GET", "POST"])
@requires(Permission.EDIT_FORMS)
def new_question(form_id: int, kind: str) -> ResponseReturnValue:
    """Add a question that was never asked before."""
    draft, kind_of = draft_or_refuse(form_id), KIND_AT.get(kind) or abort(404)
    asked = questions_queries.questions(draft.id)
    form = QuestionForm(
        data={"section": asked[-1].section if asked else "", "is_required": kind_of not in IN_WORDS}
    )
    form.fit(kind_of, [each for each in asked if each.kind is QuestionKind.YES_NO], _headings(asked))
    if form.validate_on_submit():
        try:
            key = questions_actions.add_new_question(draft, form.question("", kind_of))
        except Refused as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _questions_page(draft, at=_position(draft, key))
    here = url_for("questionnaires.new_question", form_id=draft.id, kind=kind)
    return _question_page(form, draft, kind_of, here, was_asked=False)


@blueprint.route("/manage/forms/<int:form_id>/questions/<key>", methods=["GET", "POST"])
@requires(Permission.EDIT_FORMS)
def edit_question(form_id: int, key: str) -> ResponseReturnValue:
    """Ask a question of a draft in other words."""
    draft = draft_or_refuse(form_id)
    asked = questions_queries.questions(draft.id)
    question = next((each for each in asked if each.key == key), None) or abort(404)
    version = draft_version([question])
    form = QuestionForm(data={**answers_of(question), "seen": version})
    leaders = [
        each for each in asked if each.kind is QuestionKind.YES_NO and each.position < question.position
    ]
    form.fit(question.kind, leaders, _headings(asked))
    if form.validate_on_submit():
        try:
            wanted = form.question(key, question.kind)
            questions_actions.change_question(draft, wanted, seen=form.seen.data or "")
        except Stale as refusal:
            form.form_errors.append(str(refusal))
            form.seen.data = version
        except Refused as refusal:
            _show(form, refusal)
        else:
            return _questions_page(draft, at=question.position)
    here = url_for("questionnaires.edit_question", form_id=draft.id, key=key)
    was_asked = questions_queries.last_asked(key, but=draft.id) is not None
    return _question_page(form, draft, question.kind, here, was_asked=was_asked, question=question)


def _show(form: QuestionForm, refusal: Refused) -> None:
    """Put a refusal beside the answer that it is about."""
    if "options" in form:
        form.options.errors = [str(refusal)]
    else:
        form.form_errors.append(str(refusal))


def _headings(asked: list[Question]) -> list[str]:
    return [each.section for each in asked]


def _question_page(
    form: QuestionForm,
    draft: Questionnaire,
    kind: QuestionKind,
    here: str,
    *,
    was_asked: bool,
    question: Question | None = None,
) -> ResponseReturnValue:
    return render_form_page(
        "questionnaires/question.html",
        form,
        draft=draft,
        kind=KINDS[kind],
        here=here,
        was_asked=was_asked,
        question=question,
        stands=in_words(question) if question and form.form_errors else None,
    )


@blueprint.route("/manage/forms/<int:form_id>/bank", methods=["GET", "POST"])
@requires(Permission.EDIT_FORMS)
def question_bank(form_id: int) -> ResponseReturnValue:
    """Every question that was ever asked and is not in this draft yet; one button adds it."""
    draft, form = draft_or_refuse(form_id), Form()
    if form.validate_on_submit():
        key = request.form.get("key", "")
        try:
            questions_actions.add_from_bank(draft, key)
        except Refused as refusal:
            form.form_errors.append(str(refusal))
        else:
            return _questions_page(draft, at=_position(draft, key))
    search = BankForm(request.args, meta={"csrf": False})
    kind, in_form = (
        KIND_AT.get(search.kind.data or ""),
        [each.key for each in questions_queries.questions(draft.id)],
    )
    # One more than is shown tells whether there are others.
    found = questions_queries.bank(search.words.data or "", kind, but=in_form, limit=QUESTIONS_ON_A_PAGE + 1)
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


@blueprint.get("/manage/forms/<int:form_id>/preview")
@requires(Permission.EDIT_FORMS)
def form_preview(form_id: int) -> str:
    """A version of a form as whoever answers it sees it; nothing on the page can be sent."""
    found = form_or_404(form_id)
    asked = questions_queries.questions(found.id)
    return render_template(
        "questionnaires/preview.html",
        form_of=found,
        sections=_sections(asked),
        text_of={question.key: question.text for question in asked},
        halves=halves(found.stage, was_asked=False),
        said=SAID[found.confidentiality],
        confidentiality=CONFIDENTIALITY[found.confidentiality][0],
        stage=STAGES[found.stage],
    )
