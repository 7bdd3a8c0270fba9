"""Change policies, with a row for each change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text

from training_hub.database import db
from training_hub.errors import check_version, version_of
from training_hub.people.models import Person
from training_hub.policies.models import Over, PartnershipPolicies, PolicyChange

_MAKE_ROW = text("INSERT INTO partnership_policies (id, policies) VALUES (1, '{}') ON CONFLICT DO NOTHING")


def set_partnership_policies(
    policies: Mapping[str, Any], *, seen: str | None, by: Person, now: datetime
) -> None:
    """Set the partnership's policies that differ from the defaults. Past decisions stay.

    Raises Stale if they have changed since `seen`.
    """
    # If two officers save the first policies at once, the second waits here.
    db.session.execute(_MAKE_ROW)
    row = db.session.get_one(PartnershipPolicies, 1, with_for_update=True, populate_existing=True)
    check_version(seen, version_of(row.policies))
    note_changes(Over.PARTNERSHIP, 0, row.policies, policies, by=by, now=now)
    row.policies = dict(policies)


def note_changes(
    over: Over, over_id: int, was: Mapping[str, Any], became: Mapping[str, Any], *, by: Person, now: datetime
) -> None:
    """Record each setting that changes, with who changed it and when."""
    for policy in sorted({*was, *became}):
        old, new = was.get(policy, ""), became.get(policy, "")
        if old != new or (policy in was) != (policy in became):
            db.session.add(
                PolicyChange(
                    over=over, over_id=over_id, policy=policy, was=str(old), became=str(new), at=now, by=by
                )
            )
