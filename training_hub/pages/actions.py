"""Changes to a course date that reach the people booked on it."""

from datetime import datetime

from training_hub.bookings.actions import change_capacity, hold, tell_moved
from training_hub.catalogue.actions import EventFacts
from training_hub.catalogue.actions import edit_event as edit_in_catalogue
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import (
    WrongCapacity,
    check_capacity,
    check_editable,
    check_unchanged,
    times_of,
)
from training_hub.database import db
from training_hub.errors import Refused


def edit_event(event: Event, facts: EventFacts, *, seen: str, now: datetime) -> int:
    """Change a course date. Everyone booked or waiting is told if its time or place is another; how many were told.

    `seen` is the version that the officer read: Stale is raised if somebody has changed it since.
    """
    hold(event)
    check_editable(event)
    check_unchanged(event, seen)
    if facts.capacity != event.capacity:
        check_capacity(facts.capacity)
        try:
            change_capacity(event, facts.capacity, now=now)
        except Refused as refusal:
            raise WrongCapacity(str(refusal)) from refusal
    was = times_of(event)
    if not edit_in_catalogue(event, facts, now=now):
        return 0
    # Telling holds the event and reads it again: what is not written by then would be lost.
    db.session.flush()
    return tell_moved(event, now=now, was=was)
