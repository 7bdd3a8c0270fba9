"""Records of what else counts as a completed course."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.catalogue.models import Course
from training_hub.database import Base, index
from training_hub.people.models import Person


class Equivalence(Base):
    """A record that something else a person has done counts, or counted, as a completed course, and why."""

    __tablename__ = "equivalence"
    __table_args__ = (index("person_id", name="ix_equivalence_person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    """When the record was removed. It counts until then."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    course: Mapped[Course] = relationship(lazy="joined")
    by: Mapped[Person] = relationship(lazy="joined", foreign_keys=[by_id])
    ended_by: Mapped[Person | None] = relationship(lazy="select", foreign_keys=[ended_by_id])


index(
    Equivalence.person_id,
    Equivalence.course_id,
    name="uq_equivalence_stands",
    unique=True,
    where=Equivalence.ended_at.is_(None),
)
