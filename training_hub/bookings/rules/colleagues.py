"""Who counts as a colleague."""

from training_hub.people.models import Agency, Person


def is_colleague(person: Person, agency: Agency) -> bool:
    """Whether the agency can book `person`: their account is open, and they belong to it or to no agency."""
    return person.is_active and person.agency_id in (None, agency.id)


def is_of(person: Person | None, agency: Agency) -> bool:
    """Whether `person` belongs to the agency, so that it may read their details."""
    return person is not None and person.is_active and person.agency_id == agency.id
