"""Questions that officers ask about forms: which there are, and which courses ask them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, or_, select

from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.questionnaires.models import CourseForm, FormState, Question, Questionnaire, Stage
from training_hub.questionnaires.queries.versions import MOST_LISTED, in_use

MOST_COURSES = 500


@dataclass(frozen=True, slots=True)
class ListedForm:
    """One form, as an officer's list reads it: its version in use, its draft, or both."""

    shown: Questionnaire
    """The version that stands for the form: the one in use, or the draft where none is."""
    draft: Questionnaire | None
    questions: int
    """How many `shown` asks."""
    courses: int
    """How many courses ask it."""


def listed_forms() -> dict[Stage, list[ListedForm]]:
    """The forms of each stage, the default first, then by name."""
    questions = (
        select(func.count())
        .where(Question.questionnaire_id == Questionnaire.id)
        .correlate(Questionnaire)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Questionnaire, questions)
        .where(Questionnaire.state != FormState.WITHDRAWN)
        .order_by(Questionnaire.is_default.desc(), Questionnaire.name, Questionnaire.version)
        .limit(2 * MOST_LISTED)
    ).all()
    counts = _courses_by_form()
    by_name: dict[tuple[Stage, str], dict[FormState, tuple[Questionnaire, int]]] = {}
    for row in rows:
        by_name.setdefault((row[0].stage, row[0].name), {})[row[0].state] = (row[0], row[1])
    listed: dict[Stage, list[ListedForm]] = {stage: [] for stage in Stage}
    for (stage, name), found in by_name.items():
        draft = found.get(FormState.DRAFT)
        shown, asked = found.get(FormState.IN_USE) or found[FormState.DRAFT]
        listed[stage].append(
            ListedForm(
                shown=shown,
                draft=draft[0] if draft else None,
                questions=asked,
                courses=counts[stage, name] + (counts[stage, ""] if shown.is_default else 0),
            )
        )
    return listed


def forms_in_use() -> list[Questionnaire]:
    """The version in use of every form, by name."""
    return list(
        db.session.scalars(
            select(Questionnaire)
            .where(Questionnaire.state == FormState.IN_USE)
            .order_by(Questionnaire.name, Questionnaire.id)
            .limit(MOST_LISTED)
        )
    )


def courses_asking(form: Questionnaire, *, as_default: bool) -> list[tuple[str, str]]:
    """Address and title of the courses that ask this form by its name, by title; with those that ask the default of
    its stage where `as_default`."""
    names = [form.name, ""] if as_default else [form.name]
    found = set(_pairs(_named(form.stage, names)))
    if as_default and form.stage is Stage.END:
        found |= set(_pairs(_silent()))
    return sorted(found, key=lambda course: (course[1], course[0]))


def _pairs(statement: Select[str, str]) -> Iterable[tuple[str, str]]:
    return ((row[0], row[1]) for row in db.session.execute(statement.limit(MOST_COURSES)))


def _named(stage: Stage, names: list[str]) -> Select[str, str]:
    return (
        select(Course.slug, Course.title)
        .join(CourseForm, CourseForm.course_id == Course.id)
        .where(CourseForm.stage == stage, CourseForm.form_name.in_(names), _IS_ASKED)
        .order_by(Course.title, Course.id)
    )


def _silent() -> Select[str, str]:
    return select(Course.slug, Course.title).where(*_ASKS_DEFAULT_AT_END).order_by(Course.title, Course.id)


# What a course names for the end stands still where the course is not evaluated at all.
_IS_ASKED = or_(CourseForm.stage != Stage.END, Course.is_evaluated)
_ASKS_DEFAULT_AT_END = (
    Course.is_evaluated,
    ~exists().where(CourseForm.course_id == Course.id, CourseForm.stage == Stage.END),
)


def _courses_by_form() -> Counter[tuple[Stage, str]]:
    """How many courses ask each form of each stage; those without a name ask the default."""
    rows = db.session.execute(
        select(CourseForm.stage, CourseForm.form_name, func.count())
        .join(Course, Course.id == CourseForm.course_id)
        .where(_IS_ASKED)
        .group_by(CourseForm.stage, CourseForm.form_name)
    ).all()
    counts: Counter[tuple[Stage, str]] = Counter({(row[0], row[1]): row[2] for row in rows})
    counts[Stage.END, ""] += (
        db.session.scalar(select(func.count()).select_from(Course).where(*_ASKS_DEFAULT_AT_END)) or 0
    )
    return counts


def asked_by(course: Course) -> dict[Stage, str]:
    """The stages at which a course asks, each with the name of its form, empty for the default of the stage."""
    asked = course_forms(course.id)
    if not course.is_evaluated:
        asked.pop(Stage.END, None)
    else:
        asked.setdefault(Stage.END, "")
    return asked


def form_named_by(course_id: int, stage: Stage) -> Questionnaire | None:
    """The form that a course names for a stage, in the version in use; None where it names none, or none that is."""
    name = db.session.scalar(
        select(CourseForm.form_name).where(CourseForm.course_id == course_id, CourseForm.stage == stage)
    )
    return in_use(name, stage) if name else None


def asks_before(course_id: int) -> bool:
    """Whether a course asks its people before they come."""
    asked = exists().where(CourseForm.course_id == course_id, CourseForm.stage == Stage.BEFORE)
    return bool(db.session.scalar(select(asked)))


def course_forms(course_id: int) -> dict[Stage, str]:
    """The stages for which a course has a row, each with the name of its form, empty for the default."""
    rows = db.session.execute(
        select(CourseForm.stage, CourseForm.form_name).where(CourseForm.course_id == course_id)
    )
    return {stage: name for stage, name in rows}  # noqa: C416 - a row is no pair to mypy
