"""The questionnaires, and the courses that ask them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select

from training_hub.catalogue.models import Course
from training_hub.database import db, fetch_all
from training_hub.errors import version_of
from training_hub.questionnaires.models import (
    CourseQuestionnaire,
    Question,
    Questionnaire,
    Stage,
    VersionState,
)
from training_hub.questionnaires.queries.versions import MOST_LISTED, default_questionnaire, in_use

MOST_COURSES = 500

# A course that is no longer evaluated keeps the name of its end questionnaire, but does not ask it.
_IS_ASKED = or_(CourseQuestionnaire.stage != Stage.END, Course.is_evaluated)
_ASKS_DEFAULT_AT_END = Course.is_evaluated & ~exists().where(
    CourseQuestionnaire.course_id == Course.id, CourseQuestionnaire.stage == Stage.END
)


@dataclass(frozen=True, slots=True)
class ListedQuestionnaire:
    """One questionnaire in the officers' list: its version in use, its draft, or both."""

    shown: Questionnaire
    """The version in use, or the draft if no version is in use."""
    draft: Questionnaire | None
    questions: int
    """How many questions `shown` has."""
    courses: int
    """How many courses ask this questionnaire."""


def listed_questionnaires() -> dict[Stage, list[ListedQuestionnaire]]:
    """The questionnaires of each stage, the default first, then by name."""
    questions = (
        select(func.count())
        .where(Question.questionnaire_id == Questionnaire.id)
        .correlate(Questionnaire)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Questionnaire, questions)
        .where(Questionnaire.state != VersionState.WITHDRAWN)
        .order_by(Questionnaire.is_default.desc(), Questionnaire.name, Questionnaire.version)
        .limit(2 * MOST_LISTED)
    ).all()
    counts = _courses_by_questionnaire()
    by_name: dict[tuple[Stage, str], dict[VersionState, tuple[Questionnaire, int]]] = {}
    for row in rows:
        by_name.setdefault((row[0].stage, row[0].name), {})[row[0].state] = (row[0], row[1])
    listed: dict[Stage, list[ListedQuestionnaire]] = {stage: [] for stage in Stage}
    for (stage, name), found in by_name.items():
        draft = found.get(VersionState.DRAFT)
        shown, asked = found.get(VersionState.IN_USE) or found[VersionState.DRAFT]
        listed[stage].append(
            ListedQuestionnaire(
                shown=shown,
                draft=draft[0] if draft else None,
                questions=asked,
                courses=counts[stage, name] + (counts[stage, ""] if shown.is_default else 0),
            )
        )
    return listed


def questionnaires_in_use() -> list[Questionnaire]:
    """The version in use of every questionnaire, by name."""
    return fetch_all(
        select(Questionnaire)
        .where(Questionnaire.state == VersionState.IN_USE)
        .order_by(Questionnaire.name, Questionnaire.id)
        .limit(MOST_LISTED)
    )


def courses_asking(questionnaire: Questionnaire, *, as_default: bool) -> list[tuple[str, str]]:
    """The slug and title of the courses that ask this questionnaire by name, in the order of the titles.

    With `as_default`, also the courses that ask the default of its stage.
    """
    names = [questionnaire.name, ""] if as_default else [questionnaire.name]
    is_named = exists().where(
        CourseQuestionnaire.course_id == Course.id,
        CourseQuestionnaire.stage == questionnaire.stage,
        CourseQuestionnaire.questionnaire_name.in_(names),
        _IS_ASKED,
    )
    is_default_at_end = as_default and questionnaire.stage is Stage.END
    rows = db.session.execute(
        select(Course.slug, Course.title)
        .where(or_(is_named, _ASKS_DEFAULT_AT_END) if is_default_at_end else is_named)
        .order_by(Course.title, Course.slug)
        .limit(MOST_COURSES)
    )
    return [(row[0], row[1]) for row in rows]


def _courses_by_questionnaire() -> Counter[tuple[Stage, str]]:
    """How many courses ask each questionnaire of each stage. The default is counted under an empty name."""
    rows = db.session.execute(
        select(CourseQuestionnaire.stage, CourseQuestionnaire.questionnaire_name, func.count())
        .join(Course, Course.id == CourseQuestionnaire.course_id)
        .where(_IS_ASKED)
        .group_by(CourseQuestionnaire.stage, CourseQuestionnaire.questionnaire_name)
    ).all()
    counts = Counter({(row[0], row[1]): row[2] for row in rows})
    silent = select(func.count()).select_from(Course).where(_ASKS_DEFAULT_AT_END)
    counts[Stage.END, ""] += db.session.scalar(silent) or 0
    return counts


def asked_by(course: Course) -> dict[Stage, str]:
    """The stages at which a course asks, each with the name of its questionnaire, empty for the default."""
    asked = named_by(course.id)
    if not course.is_evaluated:
        asked.pop(Stage.END, None)
    else:
        asked.setdefault(Stage.END, "")
    return asked


def asked_version(asked: Mapping[Stage, str]) -> str:
    """A text that changes whenever the course's questionnaires change."""
    return version_of({stage.value: name for stage, name in asked.items()})


def questionnaire_asked(course_id: int, stage: Stage) -> Questionnaire:
    """The version that a course asks at a stage: the one in use of the course's questionnaire or the default."""
    name = db.session.scalar(
        select(CourseQuestionnaire.questionnaire_name).where(
            CourseQuestionnaire.course_id == course_id, CourseQuestionnaire.stage == stage
        )
    )
    return (in_use(name, stage) if name else None) or default_questionnaire(stage)


def asks_before(course_id: int) -> bool:
    """Whether a course asks people before they come."""
    asked = exists().where(
        CourseQuestionnaire.course_id == course_id, CourseQuestionnaire.stage == Stage.BEFORE
    )
    return bool(db.session.scalar(select(asked)))


def named_by(course_id: int) -> dict[Stage, str]:
    """The stages for which a course has a row, each with the name of its questionnaire, empty for the default."""
    rows = db.session.execute(
        select(CourseQuestionnaire.stage, CourseQuestionnaire.questionnaire_name).where(
            CourseQuestionnaire.course_id == course_id
        )
    )
    return {row[0]: row[1] for row in rows}
