"""Changing policies, with a row for each change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from training_hub.database import db
from training_hub.people.models import Person
from training_hub.policies.models import PartnershipPolicies, PolicyChange


def set_partnership_policies(policies: Mapping[str, Any], *, by: Person, now: datetime) -> None:
    """Say where the partnership differs from the defaults; what is already decided stays as it is (domain 3)."""
    row = db.session.get(PartnershipPolicies, 1)
    if row is None:
        row = PartnershipPolicies(id=1, policies={})
        db.session.add(row)
    note_changes("partnership", row.policies, policies, by=by, now=now)
    row.policies = dict(policies)


def note_changes(
    over: str, was: Mapping[str, Any], became: Mapping[str, Any], *, by: Person, now: datetime
) -> None:
    """Write down each policy over this that is to be another."""
    for policy in sorted({*was, *became}):
        old, new = was.get(policy, ""), became.get(policy, "")
        if old != new or (policy in was) != (policy in became):
            db.session.add(
                PolicyChange(over=over, policy=policy, was=str(old), became=str(new), at=now, by=by)
            )
