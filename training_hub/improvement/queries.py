"""Reviews, actions, and published actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.improvement.models import CourseAction, CourseReview
from training_hub.improvement.rules import ActionState

MOST_ACTIONS = 200
MOST_REVIEWS = 20
MOST_PUBLISHED = 3
"""How many published actions are shown with a course."""


@dataclass(frozen=True, kw_only=True)
class ActionFilter:
    """The actions to show. An empty field does not narrow the list."""

    state: ActionState | None = None
    """OPEN includes overdue actions."""
    owner: str = ""
    course_id: int | None = None


def filtered_actions(wanted: ActionFilter, *, today: date) -> Sequence[CourseAction]:
    """The actions that match: first open ones, by the day they are due, then done ones, latest first."""
    return db.session.scalars(
        select(CourseAction)
        .where(*_wanted(wanted, today))
        .order_by(
            CourseAction.done_on.is_not(None),
            CourseAction.done_on.desc(),
            CourseAction.due_on,
            CourseAction.id,
        )
        .limit(MOST_ACTIONS)
    ).all()


def number_of_actions(wanted: ActionFilter, *, today: date) -> int:
    """How many actions match."""
    statement = select(func.count(CourseAction.id)).where(*_wanted(wanted, today))
    return int(db.session.scalar(statement) or 0)


def owners() -> Sequence[str]:
    """The owners of all actions, by name."""
    return db.session.scalars(
        select(CourseAction.owner).distinct().order_by(CourseAction.owner).limit(MOST_ACTIONS)
    ).all()


def courses_acted_on() -> dict[str, str]:
    """The titles of courses with actions, by their slugs."""
    has_action = select(CourseAction.id).where(CourseAction.course_id == Course.id).exists()
    rows = db.session.execute(
        select(Course.slug, Course.title).where(has_action).order_by(Course.title, Course.id)
    )
    return {row[0]: row[1] for row in rows}


def course_reviews(course_id: int) -> Sequence[CourseReview]:
    """The latest reviews of a course, newest first."""
    return db.session.scalars(
        select(CourseReview)
        .where(CourseReview.course_id == course_id)
        .order_by(CourseReview.made_at.desc(), CourseReview.id.desc())
        .limit(MOST_REVIEWS)
    ).all()


def said_and_done(course_id: int) -> Sequence[CourseAction]:
    """The latest published actions about a course: "You said, we did"."""
    return db.session.scalars(
        select(CourseAction)
        .where(CourseAction.course_id == course_id, CourseAction.is_published)
        .order_by(CourseAction.done_on.desc(), CourseAction.id.desc())
        .limit(MOST_PUBLISHED)
    ).all()


def _wanted(wanted: ActionFilter, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state is ActionState.DONE:
        found.append(CourseAction.done_on.is_not(None))
    elif wanted.state is ActionState.OPEN:
        found.append(CourseAction.done_on.is_(None))
    elif wanted.state is ActionState.OVERDUE:
        found.append(and_(CourseAction.done_on.is_(None), CourseAction.due_on < today))
    if wanted.owner:
        found.append(CourseAction.owner == wanted.owner)
    if wanted.course_id is not None:
        found.append(CourseAction.course_id == wanted.course_id)
    return found
