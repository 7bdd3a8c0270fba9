"""Questions about what was made of evaluations: reviews of courses, actions, and what people are told of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.improvement.models import CourseAction, CourseReview
from training_hub.improvement.rules import Standing

MOST_ACTIONS = 200
MOST_REVIEWS = 20
TOLD_OF = 3
"""As many of what was done are shown to those who take the course."""


@dataclass(frozen=True, kw_only=True)
class ActionsWanted:
    """Which actions are looked for; what is empty narrows nothing."""

    standing: Standing | None = None
    """Open ones are all that are not done, the overdue among them."""
    owner: str = ""
    course_id: int | None = None


def actions_wanted(wanted: ActionsWanted, *, today: date) -> Sequence[CourseAction]:
    """The actions, those that are not done first, by the day by which they are due; done ones the latest first."""
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


def number_of_actions(wanted: ActionsWanted, *, today: date) -> int:
    """How many such actions there are."""
    statement = select(func.count(CourseAction.id)).where(*_wanted(wanted, today))
    return int(db.session.scalar(statement) or 0)


def owners() -> Sequence[str]:
    """Everyone who was ever to do something, by name."""
    return db.session.scalars(
        select(CourseAction.owner).distinct().order_by(CourseAction.owner).limit(MOST_ACTIONS)
    ).all()


def courses_acted_on() -> dict[str, str]:
    """The courses of which there is any action: the title of each by its address."""
    has_action = select(CourseAction.id).where(CourseAction.course_id == Course.id).exists()
    rows = db.session.execute(
        select(Course.slug, Course.title).where(has_action).order_by(Course.title, Course.id)
    )
    return {row[0]: row[1] for row in rows}


def action(action_id: int) -> CourseAction | None:
    """The action with this id."""
    return db.session.get(CourseAction, action_id)


def course_review(review_id: int) -> CourseReview | None:
    """The review with this id."""
    return db.session.get(CourseReview, review_id)


def course_reviews(course_id: int) -> Sequence[CourseReview]:
    """The latest reviews of a course, the latest first."""
    return db.session.scalars(
        select(CourseReview)
        .where(CourseReview.course_id == course_id)
        .order_by(CourseReview.made_at.desc(), CourseReview.id.desc())
        .limit(MOST_REVIEWS)
    ).all()


def said_and_done(course_id: int) -> Sequence[CourseAction]:
    """The latest of what was done about a course that people are told of: "You said, we did"."""
    return db.session.scalars(
        select(CourseAction)
        .where(CourseAction.course_id == course_id, CourseAction.is_published)
        .order_by(CourseAction.done_on.desc(), CourseAction.id.desc())
        .limit(TOLD_OF)
    ).all()


def _wanted(wanted: ActionsWanted, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.standing is Standing.DONE:
        found.append(CourseAction.done_on.is_not(None))
    elif wanted.standing is Standing.OPEN:
        found.append(CourseAction.done_on.is_(None))
    elif wanted.standing is Standing.OVERDUE:
        found.append(and_(CourseAction.done_on.is_(None), CourseAction.due_on < today))
    if wanted.owner:
        found.append(CourseAction.owner == wanted.owner)
    if wanted.course_id is not None:
        found.append(CourseAction.course_id == wanted.course_id)
    return found
