"""The mails about bookings."""

from training_hub.bookings.emails.changes import (
    TEMPLATES,
    ask_manager,
    ask_no_longer,
    can_be_booked_key,
    tell,
    tell_can_be_booked,
    tell_moved,
    tell_of_another_date,
    tell_runs_again,
)
from training_hub.bookings.emails.reminders import remind, reminder_key, reminder_keys
from training_hub.bookings.emails.team import (
    alert_few,
    alert_late,
    few_key,
    remind_of_reserved,
    tell_not_coming,
    tell_released,
    tell_reserved_again,
)

__all__ = [
    "TEMPLATES",
    "alert_few",
    "alert_late",
    "ask_manager",
    "ask_no_longer",
    "can_be_booked_key",
    "few_key",
    "remind",
    "remind_of_reserved",
    "reminder_key",
    "reminder_keys",
    "tell",
    "tell_can_be_booked",
    "tell_moved",
    "tell_not_coming",
    "tell_of_another_date",
    "tell_released",
    "tell_reserved_again",
    "tell_runs_again",
]
