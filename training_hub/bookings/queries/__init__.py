"""Questions about places and bookings."""

from training_hub.bookings.queries.due import reminders_due
from training_hub.bookings.queries.events import bookable_event, event_within, other_dates
from training_hub.bookings.queries.lists import (
    Listed,
    booking_at,
    bookings_at,
    bookings_for,
    history_of,
    is_within,
    needs_at,
    needs_of,
    on_register,
    own_bookings,
    still_confirmed,
    to_be_told,
    trained_by,
)
from training_hub.bookings.queries.places import (
    HasPlaces,
    Places,
    first_waiting,
    last_asked_at,
    open_booking,
    places,
    places_of,
    waiting_position,
    waiting_positions,
)

__all__ = [
    "HasPlaces",
    "Listed",
    "Places",
    "bookable_event",
    "booking_at",
    "bookings_at",
    "bookings_for",
    "event_within",
    "first_waiting",
    "history_of",
    "is_within",
    "last_asked_at",
    "needs_at",
    "needs_of",
    "on_register",
    "open_booking",
    "other_dates",
    "own_bookings",
    "places",
    "places_of",
    "reminders_due",
    "still_confirmed",
    "to_be_told",
    "trained_by",
    "waiting_position",
    "waiting_positions",
]
