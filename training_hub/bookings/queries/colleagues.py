"""People who do not belong to an agency."""

from collections.abc import Iterable

from sqlalchemy import select

from training_hub.database import db
from training_hub.people.models import Agency, Person


def not_of_agency(emails: Iterable[str], agency: Agency) -> tuple[int, int]:
    """How many of these addresses do not belong to people of the agency, and how many of those have an account."""
    asked = set(emails)
    rows = db.session.execute(
        select(Person.agency_id, Person.is_active).where(Person.email.in_(sorted(asked)))
    ).all()
    own = sum(row.is_active and row.agency_id == agency.id for row in rows)
    return len(asked) - own, len(rows) - own
