"""The policies in force for an event."""

from collections.abc import Sequence

from training_hub.bookings.rules.terms import Terms, terms_of
from training_hub.catalogue.models import Event
from training_hub.policies.queries import partnership


def terms_for(event: Event) -> Terms:
    """The policies in force for `event`, and what they mean for its dates."""
    return terms_of(event.starts_at, partnership(), event.course.policies, event.policies)


def terms_of_each(events: Sequence[Event]) -> dict[int, Terms]:
    """The terms of each of `events`, by its id. Reads the partnership's policies once."""
    wide = partnership() if events else {}
    return {
        event.id: terms_of(event.starts_at, wide, event.course.policies, event.policies) for event in events
    }
