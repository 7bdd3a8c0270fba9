"""Change which questionnaires a course uses."""

from collections.abc import Mapping
from datetime import datetime

from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.errors import Refused, check_version
from training_hub.people.models import Person
from training_hub.policies.actions import note_changes
from training_hub.policies.models import Over
from training_hub.questionnaires.models import CourseQuestionnaire, Stage
from training_hub.questionnaires.queries.course_questionnaires import asked_by, asked_version
from training_hub.questionnaires.queries.versions import in_use

NOT_ASKED = "not asked"


def set_course_questionnaires(
    course: Course, wanted: Mapping[Stage, str | None], *, seen: str | None, by: Person, now: datetime
) -> None:
    """Set what a course asks at each stage: the questionnaire with this name, "" for the default, None for nothing.

    Raises Stale if the course's questionnaires are no longer those `seen`, Refused if one is not in use at its stage.
    """
    db.session.refresh(course, with_for_update={"of": Course})
    was = asked_by(course)
    check_version(seen, asked_version(was))
    for stage, name in wanted.items():
        if was.get(stage) != name:
            set_course_questionnaire(course, stage, is_asked=name is not None, name=name or "")
    note_changes(
        Over.COURSE_QUESTIONNAIRES,
        course.id,
        {stage.value: _noted(was.get(stage)) for stage in wanted},
        {stage.value: _noted(name) for stage, name in wanted.items()},
        by=by,
        now=now,
    )


def _noted(name: str | None) -> str:
    return NOT_ASKED if name is None else name or "the default questionnaire"


def set_course_questionnaire(course: Course, stage: Stage, *, is_asked: bool, name: str = "") -> None:
    """Set whether a course asks at this stage, and with which questionnaire. No name means the default.

    Asking at the end stage makes the course one that is evaluated.
    """
    if name and in_use(name, stage) is None:
        raise Refused("Choose a questionnaire that is in use at this stage.")
    row = db.session.get(CourseQuestionnaire, (course.id, stage))
    if stage is Stage.END:
        course.is_evaluated, is_asked = is_asked, bool(name)
    if not is_asked:
        if row is not None:
            db.session.delete(row)
        return
    if row is None:
        row = CourseQuestionnaire(course_id=course.id, stage=stage)
        db.session.add(row)
    row.questionnaire_name = name
