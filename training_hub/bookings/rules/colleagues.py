"""Who counts as a colleague."""

from training_hub.people.models import Agency, Person


def is_colleague(person: Person, agency: Agency) -> bool:
    """Whether the agency can book `person`: one of its people or without an agency, with an open account."""
    return person.is_active and person.agency_id in (None, agency.id)


def is_of(person: Person | None, agency: Agency) -> bool:
    """Whether `person` is one of the agency's people. The details of others are not for it to read."""
    return person is not None and person.is_active and person.agency_id == agency.id
