"""People who want to be told when a course runs."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.catalogue.models import Course
from training_hub.database import Base, index
from training_hub.people.models import Person


class Interest(Base):
    """A person's request to be told when a course next runs."""

    __tablename__ = "interest"
    __table_args__ = (
        index("course_id", "ended_at", "asked_at", "id", name="ix_interest_course_id"),
        index("person_id", name="ix_interest_person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    """The person's agency when they asked."""
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When they got a place on the course, or stopped asking."""

    course: Mapped[Course] = relationship(lazy="select")
    person: Mapped[Person] = relationship(lazy="select")


index(
    Interest.person_id,
    Interest.course_id,
    name="uq_interest_open",
    unique=True,
    where=Interest.ended_at.is_(None),
)


class DateTold(Base):
    """A record that a person was told about a date, because they want the course or wait at another date."""

    __tablename__ = "date_told"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]
