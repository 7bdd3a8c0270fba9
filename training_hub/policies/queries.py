"""Read policies and their changes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from training_hub.database import db
from training_hub.policies.models import Over, PartnershipPolicies, PolicyChange
from training_hub.policies.rules import policies_of

# Built once: every page about a course date runs it.
_PARTNERSHIP = select(PartnershipPolicies.policies).where(PartnershipPolicies.id == 1)


IN_ROW = _PARTNERSHIP.scalar_subquery()
"""The partnership's policies as a column of another statement, which saves a query."""


def partnership() -> dict[str, Any]:
    """The partnership's policies that differ from the defaults."""
    return db.session.scalar(_PARTNERSHIP) or {}


def changes_over(over: Over, over_id: int = 0, limit: int = 20) -> Sequence[PolicyChange]:
    """The last changes of these settings, latest first."""
    return db.session.scalars(
        select(PolicyChange)
        .where(PolicyChange.over == over, PolicyChange.over_id == over_id)
        .order_by(PolicyChange.id.desc())
        .limit(limit)
    ).all()


def do_certificates_wait() -> bool:
    """Whether the partnership's policy makes certificates wait for the evaluation. A course or a date may differ."""
    return policies_of(partnership()).certificate_needs_evaluation
