"""The partnership's policies, and the history of changes to settings."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.database import Base, index, words
from training_hub.people.models import Person


class PartnershipPolicies(Base):
    """The partnership's policies that differ from the defaults: one row."""

    __tablename__ = "partnership_policies"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Over(enum.Enum):
    """What a changed setting belongs to."""

    PARTNERSHIP = "partnership"
    COURSE = "course"
    EVENT = "event"
    QUESTIONNAIRE = "questionnaire"
    COURSE_QUESTIONNAIRES = "course questionnaires"
    """Which questionnaires a course uses."""
    DEFAULT_QUESTIONNAIRES = "default questionnaires"
    """Which questionnaire is the default of each stage."""


class PolicyChange(Base):
    """One change of one setting. Rows are only added, never changed."""

    __tablename__ = "policy_change"
    __table_args__ = (index("over", "over_id", "id", name="ix_policy_change_over"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    over: Mapped[Over] = mapped_column(words(Over))
    over_id: Mapped[int] = mapped_column(default=0)
    """The id of the course, date or questionnaire that the setting belongs to. 0 for the partnership."""
    policy: Mapped[str] = mapped_column(String(60))
    was: Mapped[str] = mapped_column(String(200))
    became: Mapped[str] = mapped_column(String(200))
    """The stored value. Empty if the wider policy applies."""
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship(lazy="joined")
