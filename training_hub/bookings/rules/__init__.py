"""The decisions about places, as plain functions."""

from training_hub.bookings.rules.answers import Overtaken, check_answer, is_asked, is_excused
from training_hub.bookings.rules.claims import (
    Decided,
    approval_reminder_key,
    approval_version,
    check_offer,
    check_put_back,
    check_request,
    check_still_mine,
    is_kept_for,
    is_standing,
    is_still_mine,
    reminder_of_request_at,
)
from training_hub.bookings.rules.moves import MOVES, UNDONE, check_move
from training_hub.bookings.rules.opening import (
    AlreadyOver,
    NotOpen,
    TooLate,
    cancelled_status,
    check_call_off,
    check_open,
    is_cancellable,
    is_claim,
    is_coming,
    is_open,
)
from training_hub.bookings.rules.reminders import (
    Reminder,
    due_at,
    is_missed,
    is_reminded,
    overtaken_at,
    to_come_on,
    why_missed,
)
from training_hub.bookings.rules.seats import Share, has_room, is_half_empty, next_in_line
from training_hub.bookings.rules.terms import HALF_DAY, OFFICES_OPEN, Terms, last_free_day, terms_of

NEEDS_KEPT_DAYS = 14
"""For how many days after an event what people needed to take part is kept (domain 5)."""

__all__ = [
    "HALF_DAY",
    "MOVES",
    "NEEDS_KEPT_DAYS",
    "OFFICES_OPEN",
    "UNDONE",
    "AlreadyOver",
    "Decided",
    "NotOpen",
    "Overtaken",
    "Reminder",
    "Share",
    "Terms",
    "TooLate",
    "approval_reminder_key",
    "approval_version",
    "cancelled_status",
    "check_answer",
    "check_call_off",
    "check_move",
    "check_offer",
    "check_open",
    "check_put_back",
    "check_request",
    "check_still_mine",
    "due_at",
    "has_room",
    "is_asked",
    "is_cancellable",
    "is_claim",
    "is_coming",
    "is_excused",
    "is_half_empty",
    "is_kept_for",
    "is_missed",
    "is_open",
    "is_reminded",
    "is_standing",
    "is_still_mine",
    "last_free_day",
    "next_in_line",
    "overtaken_at",
    "reminder_of_request_at",
    "terms_of",
    "to_come_on",
    "why_missed",
]
