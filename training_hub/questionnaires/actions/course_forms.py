"""Change which questionnaires a course uses."""

from collections.abc import Mapping
from datetime import datetime

from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people.models import Person
from training_hub.policies.actions import note_changes
from training_hub.questionnaires.actions.versions import ensure_default_form
from training_hub.questionnaires.models import CourseForm, Questionnaire, Stage
from training_hub.questionnaires.queries import course_forms as course_forms_queries
from training_hub.questionnaires.queries import versions as versions_queries

NOT_ASKED = "not asked"


def set_course_forms(
    course: Course, wanted: Mapping[Stage, str | None], *, by: Person, now: datetime
) -> None:
    """Say what a course asks at each of these stages: the form of this name, the default for "", None for nothing.

    Raises Refused where a form is not in use at its stage.
    """
    was = course_forms_queries.asked_by(course)
    for stage, name in wanted.items():
        if was.get(stage) != name:
            set_course_form(course, stage, is_asked=name is not None, form_name=name or "")
    stages = {stage.value: stage for stage in wanted}
    note_changes(
        f"course {course.id} forms",
        {word: _noted(was.get(stage)) for word, stage in stages.items()},
        {word: _noted(wanted[stage]) for word, stage in stages.items()},
        by=by,
        now=now,
    )


def _noted(name: str | None) -> str:
    return NOT_ASKED if name is None else name or "the default form"


def form_asked(course_id: int, stage: Stage) -> Questionnaire:
    """The form, in the version in use, that a course asks at a stage: the one it names, else the default."""
    return course_forms_queries.form_named_by(course_id, stage) or ensure_default_form(stage)


def set_course_form(course: Course, stage: Stage, *, is_asked: bool, form_name: str = "") -> None:
    """Say whether a course asks at this stage, and with which form; an empty name stands for the default.

    The end stage is asked wherever the course is evaluated, which the course itself says.
    """
    if form_name and versions_queries.in_use(form_name, stage) is None:
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
