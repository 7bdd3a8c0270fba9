"""The partnership's policies, and who changed which, and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training_hub.database import Base, index
from training_hub.people.models import Person


class PartnershipPolicies(Base):
    """The one row that says where the partnership differs from the defaults (domain 5)."""

    __tablename__ = "partnership_policies"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class PolicyChange(Base):
    """One change of one policy. Rows are added and never altered."""

    __tablename__ = "policy_change"
    __table_args__ = (index("over", "id", name="ix_policy_change_over"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    over: Mapped[str] = mapped_column(String(80))
    """For what: "partnership", "course 7" or "event 31"."""
    policy: Mapped[str] = mapped_column(String(60))
    was: Mapped[str] = mapped_column(String(200))
    became: Mapped[str] = mapped_column(String(200))
    """The value as it is stored; empty where the wider policy applies."""
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship(lazy="joined")
