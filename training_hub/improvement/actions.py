"""Recording what evaluations of a course show, and the actions that follow."""

from dataclasses import asdict
from datetime import date, datetime

from training_hub.catalogue.models import Course
from training_hub.database import db
from training_hub.errors import check_version, version_of
from training_hub.improvement.models import CourseAction, CourseReview
from training_hub.improvement.rules import Plan, check_findings, check_plan, plan_of
from training_hub.london import london_date
from training_hub.people.models import Person
from training_hub.periods import check_period


def review_course(
    course: Course, first: date, last: date, findings: str, *, by: Person, now: datetime
) -> CourseReview:
    """Record findings from the evaluations of a course from `first` to `last`, both days included.

    A review is never changed, but another can be written. Raises Refused if the findings are empty or too long.
    """
    check_period(first, last)
    check_findings(findings)
    review = CourseReview(
        course_id=course.id, from_on=first, to_on=last, findings=findings.strip(), made_at=now, by_id=by.id
    )
    db.session.add(review)
    return review


def add_action(
    course: Course, plan: Plan, *, review_id: int | None = None, by: Person, now: datetime
) -> CourseAction:
    """Add an action about a course. Raises WrongAction."""
    check_plan(plan, today=london_date(now))
    action = CourseAction(course_id=course.id, review_id=review_id, made_at=now, by_id=by.id, **asdict(plan))
    db.session.add(action)
    return action


def change_action(action: CourseAction, plan: Plan, *, seen: str | None, now: datetime) -> None:
    """Change an action, including its progress and whether it is published.

    Raises Stale if the action is no longer as `seen`, and WrongAction.
    """
    db.session.refresh(action, with_for_update={"of": CourseAction})
    check_version(seen, version_of(plan_of(action)))
    check_plan(plan, today=london_date(now))
    for name, value in asdict(plan).items():
        setattr(action, name, value)
