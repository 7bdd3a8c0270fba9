"""Changes to a course date that reach the people booked on it."""

from dataclasses import dataclass
from datetime import datetime

from training_hub.bookings import queries
from training_hub.bookings.actions import hold, pass_on, set_capacity, tell_moved
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


@dataclass(frozen=True)
class Told:
    """Who hears of a change to a course date."""

    moved: int = 0
    """Those booked or waiting, if its time or place is another."""
    given: int = 0
    """Those who waited, and have or are offered a place that was added."""


def edit_event(event: Event, facts: EventFacts, *, seen: str, now: datetime) -> Told:
    """Change a course date. Everyone booked or waiting is told if its time or place is another, and places that are
    added go to those who wait.

    `seen` is the version that the officer read: Stale is raised if somebody has changed it since.
    """
    hold(event)
    check_editable(event)
    check_unchanged(event, seen)
    is_resized = facts.capacity != event.capacity
    waited = queries.places(event).waiting
    if is_resized:
        check_capacity(facts.capacity)
        try:
            set_capacity(event, facts.capacity)
        except Refused as refusal:
            raise WrongCapacity(str(refusal)) from refusal
    was, moved = times_of(event), 0
    if edit_in_catalogue(event, facts, now=now):
        # Telling holds the event and reads it again: what is not written by then would be lost.
        db.session.flush()
        moved = tell_moved(event, now=now, was=was)
    if not is_resized:
        return Told(moved)
    # Only now: whoever gets a place is told of the day, and the place, that it is moved to.
    pass_on(event, now=now)
    return Told(moved, given=waited - queries.places(event).waiting)
