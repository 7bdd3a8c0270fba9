"""Everything that changes a booking. Each seat decision holds the event, reads again, counts, and only then writes."""

from training_hub.bookings.actions.changes import hold, new_reference
from training_hub.bookings.actions.events import cancel_event, tell_moved
from training_hub.bookings.actions.past import PastBooking, bring_in
from training_hub.bookings.actions.places import book, cancel, change_capacity, promote
from training_hub.bookings.actions.register import (
    add_walk_in,
    record_outcome,
    record_outcomes,
    remove_walk_in,
)
from training_hub.bookings.actions.reminders import forget_needs, remind_due

__all__ = [
    "PastBooking",
    "add_walk_in",
    "book",
    "bring_in",
    "cancel",
    "cancel_event",
    "change_capacity",
    "forget_needs",
    "hold",
    "new_reference",
    "promote",
    "record_outcome",
    "record_outcomes",
    "remind_due",
    "remove_walk_in",
    "tell_moved",
]
