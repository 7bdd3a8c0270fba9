"""Check that a person may have a place: account, eligibility, and no clash with another place."""

from training_hub.bookings.queries.eligibility import clashing, missing_prerequisites
from training_hub.bookings.rules.eligibility import Clash, check_bars
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.models import Agency, Person


def check_account(person: Person) -> None:
    """Raises Refused if the account of `person` is closed. They keep their places and get no new ones."""
    if not person.is_active:
        raise Refused("This person’s account is closed, so they cannot be booked.")


def check_eligible(person: Person, agency: Agency, event: Event, terms: Terms) -> None:
    """Raises NotEligible, with every reason, if `person` of `agency` may not book `event`."""
    missing = missing_prerequisites(person.id, event.course_id)
    check_bars(agency.sector, terms.policies.sectors, missing)


def check_clash(person: Person, event: Event, *, but: int = 0) -> None:
    """Raises Clash if `person` has a place elsewhere while `event` is on. Ignores the event with the id `but`."""
    for row in clashing(person.id, event.id, but=but):
        raise Clash(row.title, row.starts_at, row.reference)
