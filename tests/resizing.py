"""Change only the capacity of a course date, as its page does."""

from datetime import datetime

from training_hub.bookings.actions.moved import edit_event
from training_hub.catalogue.actions import EventFacts
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import event_version, times_of


def resize(event: Event, capacity: int, *, now: datetime) -> int:
    """Set the capacity. Returns how many people on the waiting list got, or are offered, a place."""
    facts = EventFacts(
        sessions=times_of(event),
        capacity=capacity,
        is_online=event.is_online,
        venue=event.venue,
        online_link=event.online_link,
        trainers=event.trainers,
        notes=event.notes,
        reference=event.reference,
    )
    return edit_event(event, facts, seen=event_version(event), now=now).given
