"""Whether an event can be called off."""

from datetime import datetime

from training_hub.catalogue.models import Event
from training_hub.errors import Refused


def check_call_off(event: Event, *, now: datetime) -> None:
    """Raises Refused, with what to do instead, if `event` cannot be called off."""
    if event.is_called_off:
        raise Refused("This course date has already been called off.")
    if not event.is_published:
        raise Refused("This course date was never published. Delete the draft instead.")
    if now >= event.starts_at:
        raise Refused("This course date has started, so it can no longer be called off.")
