"""The tables of bookings."""

from training_hub.bookings.models.beside import (
    BookingNeeds,
    Equivalence,
    Interest,
    MissedReminder,
    ReservedPlace,
)
from training_hub.bookings.models.booking import (
    AGENCY_SHARE,
    ASKED_TO_BE_TOLD,
    CANNOT_COME,
    OUTCOME_SENTENCES,
    SENTENCES,
    Booking,
    BookingChange,
)
from training_hub.bookings.models.status import (
    CAN_STILL_CHANGE,
    CLAIMS,
    FLAGS,
    HAS_PLACE,
    HOLDS_PLACE,
    IN_ROOM,
    OPEN,
    Flags,
    Status,
)

__all__ = [
    "AGENCY_SHARE",
    "ASKED_TO_BE_TOLD",
    "CANNOT_COME",
    "CAN_STILL_CHANGE",
    "CLAIMS",
    "FLAGS",
    "HAS_PLACE",
    "HOLDS_PLACE",
    "IN_ROOM",
    "OPEN",
    "OUTCOME_SENTENCES",
    "SENTENCES",
    "Booking",
    "BookingChange",
    "BookingNeeds",
    "Equivalence",
    "Flags",
    "Interest",
    "MissedReminder",
    "ReservedPlace",
    "Status",
]
