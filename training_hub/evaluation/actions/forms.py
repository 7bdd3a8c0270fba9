"""Making forms: drafts, versions, and which course asks which. A form in use is never changed under its answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from training_hub.catalogue.models import Course, Event
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation import queries
from training_hub.evaluation.models import (
    Confidentiality,
    CourseForm,
    FormState,
    Question,
    Questionnaire,
    Stage,
)
from training_hub.evaluation.rules import DEFAULT_FORMS, Asked, check_form
from training_hub.people.models import Person


def ensure_default_form(stage: Stage = Stage.END) -> Questionnaire:
    """The form that is asked at a stage where a course names no other, made if it is not there yet."""
    form = queries.default_form(stage)
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


def form_asked(course_id: int, stage: Stage) -> Questionnaire:
    """The form, in the version in use, that a course asks at a stage: the one it names, else the default."""
    return queries.form_named_by(course_id, stage) or ensure_default_form(stage)


def form_asked_at(event: Event, stage: Stage) -> Questionnaire:
    """The form that an event asks at a stage: what its course asks now.

    Where either is anonymous it is what its first person was asked instead, whatever the course has asked since: the
    answers of an anonymous form name its version, and whoever was asked another than all the others would stand alone.
    """
    form = form_asked(event.course_id, stage)
    first = queries.first_asked(event.id, stage)
    if first is not None and Confidentiality.ANONYMOUS in {first.confidentiality, form.confidentiality}:
        return first
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
    if queries.versions(name):
        raise Refused("There is a form with this name already. Give this one another.")
    return _draft(name, 1, stage, confidentiality, asked, by=by, now=now)


def make_version(form: Questionnaire, *, by: Person, now: datetime) -> Questionnaire:
    """Begin the next version of a form, as a draft that asks the same; the draft there is, if there is one."""
    versions = queries.versions(form.name)
    for version in versions:
        if version.state is FormState.DRAFT:
            return version
    number = versions[0].version + 1
    asked = queries.questions(form.id)
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


def set_questions(draft: Questionnaire, asked: Sequence[Asked | Question]) -> None:
    """Have a draft ask these questions, in this order; a draft may ask none as yet.

    Raises Refused where it is no draft, or cannot ask so.
    """
    _check_draft(draft)
    if asked:
        check_form(asked, queries.kinds(but=draft.id))
    made = _questions(asked)
    db.session.execute(delete(Question).where(Question.questionnaire_id == draft.id))
    db.session.expire(draft, ["questions"])
    for question in made:
        question.questionnaire_id = draft.id
    db.session.add_all(made)


def put_in_use(draft: Questionnaire) -> None:
    """Ask this version from now on: the one before is withdrawn, and what was asked with it stays as it was asked.

    Raises Refused where it is no draft, or could not be asked like this.
    """
    _check_draft(draft)
    check_form(queries.questions(draft.id), queries.kinds(but=draft.id))
    before = [form for form in queries.versions(draft.name) if form.state is FormState.IN_USE]
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
    was = queries.default_form(form.stage)
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


def set_course_form(course: Course, stage: Stage, *, is_asked: bool, form_name: str = "") -> None:
    """Say whether a course asks at this stage, and with which form; an empty name stands for the default.

    The end stage is asked wherever the course is evaluated, which the course itself says.
    """
    if form_name and queries.in_use(form_name, stage) is None:
        raise Refused("Choose a form that is in use at this stage.")
    row = db.session.get(CourseForm, (course.id, stage))
    if stage is Stage.END:
        course.is_evaluated, is_asked = is_asked, bool(form_name)
    if not is_asked:
        if row is not None:
            db.session.delete(row)
        return
    if row is None:
        row = CourseForm(course_id=course.id, stage=stage)
        db.session.add(row)
    row.form_name = form_name
