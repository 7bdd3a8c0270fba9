"""Making forms: drafts, versions, and which course asks which. A form in use is never changed under its answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people.models import Person
from training_hub.policies.actions import note_changes
from training_hub.questionnaires.models import Confidentiality, FormState, Question, Questionnaire, Stage
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.questionnaires.queries import versions as versions_queries
from training_hub.questionnaires.rules.defaults import DEFAULT_FORMS
from training_hub.questionnaires.rules.drafts import check_seen
from training_hub.questionnaires.rules.questions import Asked, check_form


def ensure_default_form(stage: Stage = Stage.END) -> Questionnaire:
    """The form that is asked at a stage where a course names no other, made if it is not there yet."""
    form = versions_queries.default_form(stage)
    if form is not None:
        return form
    name, asked = DEFAULT_FORMS[stage]
    try:
        # Another worker may be making it at this very moment; the name is unique, and the first one is as good.
        with db.session.begin_nested():
            form = Questionnaire(
                name=name, stage=stage, confidentiality=Confidentiality.CONFIDENTIAL, is_default=True
            )
            form.questions = _questions(asked)
            db.session.add(form)
    except IntegrityError:
        form = db.session.scalars(
            select(Questionnaire).where(Questionnaire.stage == stage, Questionnaire.is_default)
        ).one()
    return form


def ensure_default_forms() -> None:
    """See that every stage has its default form."""
    for stage in Stage:
        ensure_default_form(stage)


def _questions(asked: Sequence[Asked | Question]) -> list[Question]:
    return [
        Question(
            position=number,
            key=each.key,
            section=each.section,
            text=each.text,
            help=each.help,
            kind=each.kind,
            low=each.low,
            high=each.high,
            options=list(each.options),
            shown_if=each.shown_if,
            is_required=each.is_required,
        )
        for number, each in enumerate(asked, start=1)
    ]


def make_form(
    name: str,
    stage: Stage,
    confidentiality: Confidentiality,
    *,
    asked: Sequence[Asked | Question],
    by: Person,
    now: datetime,
) -> Questionnaire:
    """Begin a new form as a draft that asks these questions to begin with. Raises Refused where the name is taken."""
    if versions_queries.versions(name):
        raise Refused("There is a form with this name already. Give this one another.")
    return _draft(name, 1, stage, confidentiality, asked, by=by, now=now)


def make_version(form: Questionnaire, *, by: Person, now: datetime) -> Questionnaire:
    """Begin the next version of a form, as a draft that asks the same; the draft there is, if there is one."""
    versions = versions_queries.versions(form.name)
    for version in versions:
        if version.state is FormState.DRAFT:
            return version
    number = versions[0].version + 1
    asked = questions_queries.questions(form.id)
    return _draft(form.name, number, form.stage, form.confidentiality, asked, by=by, now=now)


def _draft(
    name: str,
    version: int,
    stage: Stage,
    confidentiality: Confidentiality,
    asked: Sequence[Asked | Question],
    *,
    by: Person,
    now: datetime,
) -> Questionnaire:
    draft = Questionnaire(
        name=name,
        version=version,
        stage=stage,
        confidentiality=confidentiality,
        state=FormState.DRAFT,
        made_at=now,
        made_by_id=by.id,
    )
    draft.questions = _questions(asked)
    db.session.add(draft)
    # Its page, to which the officer goes next, is named by the id that the database gives.
    db.session.flush()
    return draft


def put_in_use(draft: Questionnaire) -> None:
    """Ask this version from now on: the one before is withdrawn, and what was asked with it stays as it was asked.

    Raises Refused where it is no draft, or could not be asked like this.
    """
    _check_draft(draft)
    check_form(questions_queries.questions(draft.id), questions_queries.kinds(but=draft.id))
    before = [form for form in versions_queries.versions(draft.name) if form.state is FormState.IN_USE]
    is_default = any(form.is_default for form in before)
    for form in before:
        form.state, form.is_default = FormState.WITHDRAWN, False
    # One version of a form is in use at a time: the old one makes room first.
    db.session.flush()
    draft.state, draft.is_default = FormState.IN_USE, is_default


def make_default(form: Questionnaire) -> None:
    """Ask this form at its stage wherever a course names no other. Raises Refused unless it is in use."""
    if form.state is not FormState.IN_USE:
        raise Refused("Put the form in use first.")
    was = versions_queries.default_form(form.stage)
    if was is not None:
        was.is_default = False
        # One form is the default of a stage at a time: the old one makes room first.
        db.session.flush()
    form.is_default = True


def delete_draft(draft: Questionnaire) -> None:
    """Throw a draft away. Raises Refused where it is none."""
    _check_draft(draft)
    db.session.execute(delete(Question).where(Question.questionnaire_id == draft.id))
    db.session.expire(draft, ["questions"])
    db.session.delete(draft)


def _check_draft(form: Questionnaire) -> None:
    if form.state is not FormState.DRAFT:
        raise Refused("This version has been asked, so it is not changed any more. Make a new version of it.")


def _held(draft: Questionnaire) -> list[Question]:
    """The questions of a draft, which nobody else changes until this is done."""
    db.session.refresh(draft, with_for_update=True)
    return questions_queries.questions(draft.id)


def start_asking(draft: Questionnaire, *, seen: str, by: Person, now: datetime) -> None:
    """Put a draft in use, and write down who did. Raises Stale where it is not as it was `seen` when they decided."""
    check_seen(_held(draft), seen)
    versions = versions_queries.versions(draft.name)
    was = next((str(each.version) for each in versions if each.state is FormState.IN_USE), "")
    put_in_use(draft)
    became = {"version in use": str(draft.version)}
    note_changes(f"form {versions[-1].id}", {"version in use": was} if was else {}, became, by=by, now=now)


def choose_default(form: Questionnaire, *, by: Person, now: datetime) -> None:
    """Make a form the default of its stage, and write down who did. Raises Refused unless it is in use."""
    was = versions_queries.default_form(form.stage)
    make_default(form)
    note_changes(
        f"forms {form.stage.value}",
        {"default form": was.name} if was else {},
        {"default form": form.name},
        by=by,
        now=now,
    )
