"""How long agencies can keep reserved places without a name, and when agencies are reminded."""

from datetime import datetime, time

from training_hub.bookings.rules.availability import NotOpen
from training_hub.bookings.rules.terms import OFFICES_OPEN, Terms
from training_hub.london import at_london, working_days_before

REMINDED_WORKING_DAYS = 2
"""How many working days before the release an agency is reminded."""


def released_at(terms: Terms) -> datetime:
    """When reserved places are released: the start of a London day."""
    return at_london(terms.reserved_released_on, time(0))


def reminded_at(terms: Terms) -> datetime:
    """When an agency is reminded to name people."""
    day = working_days_before(terms.reserved_released_on, REMINDED_WORKING_DAYS)
    return at_london(day, OFFICES_OPEN)


def check_reserving(terms: Terms, *, now: datetime) -> None:
    """Raises NotOpen if places reserved now would be released at once."""
    if now >= released_at(terms):
        day = terms.reserved_released_on
        raise NotOpen(
            f"You could reserve places until {day:%A} {day.day} {day:%B %Y}. Book people by name instead."
        )
