"""Reviews of courses, and actions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.catalogue.models import Course
from training_hub.database import Base, index
from training_hub.people.models import Person


class CourseReview(Base):
    """Findings about a course from the evaluations of a period."""

    __tablename__ = "course_review"
    __table_args__ = (index("course_id", "made_at", name="ix_course_review_course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    """The last day of the period. Both days are included."""
    findings: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    course: Mapped[Course] = relationship(lazy="joined")
    by: Mapped[Person] = relationship(lazy="joined")


class CourseAction(Base):
    """An action taken on a course because of what people said, and its outcome."""

    __tablename__ = "course_action"
    __table_args__ = (index("course_id", "due_on", "id", name="ix_course_action_course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("course_review.id"))
    you_said: Mapped[str] = mapped_column(String(500))
    we_did: Mapped[str] = mapped_column(String(500), default="")
    """What was done, in words for practitioners. Shown with `you_said` once the action is published."""
    action: Mapped[str] = mapped_column(String(500))
    owner: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    """What shows that the action worked."""
    is_published: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    course: Mapped[Course] = relationship(lazy="joined")
