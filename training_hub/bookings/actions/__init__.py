"""Everything that changes a booking. Each seat decision holds the event, reads again, counts, and only then writes."""

from training_hub.bookings.actions.alerts import alert_few
from training_hub.bookings.actions.answers import answer_move
from training_hub.bookings.actions.approval import (
    approve,
    ask_another_manager,
    decline,
    lapse_requests,
    remind_managers,
)
from training_hub.bookings.actions.changes import hold, new_reference
from training_hub.bookings.actions.changing import NoRoom, NotAColleague, substitute, transfer, undo
from training_hub.bookings.actions.equivalences import (
    AlreadyCounts,
    record_equivalence,
    remove_equivalence,
)
from training_hub.bookings.actions.events import cancel_event, tell_moved
from training_hub.bookings.actions.instead import NotCalledOff, book_instead
from training_hub.bookings.actions.past import PastBooking, bring_in
from training_hub.bookings.actions.places import (
    ManagerNeeded,
    book,
    cancel,
    change_capacity,
    check_clash,
    check_eligible,
    is_room,
    pass_on,
)
from training_hub.bookings.actions.register import (
    add_walk_in,
    record_outcome,
    record_outcomes,
    remove_walk_in,
)
from training_hub.bookings.actions.reminders import forget_needs, remind_due
from training_hub.bookings.actions.waiting import (
    fill_free_places,
    lapse_offers,
    pause_list,
    pick,
    take_offer,
)

__all__ = [
    "AlreadyCounts",
    "ManagerNeeded",
    "NoRoom",
    "NotAColleague",
    "NotCalledOff",
    "PastBooking",
    "add_walk_in",
    "alert_few",
    "answer_move",
    "approve",
    "ask_another_manager",
    "book",
    "book_instead",
    "bring_in",
    "cancel",
    "cancel_event",
    "change_capacity",
    "check_clash",
    "check_eligible",
    "decline",
    "fill_free_places",
    "forget_needs",
    "hold",
    "is_room",
    "lapse_offers",
    "lapse_requests",
    "new_reference",
    "pass_on",
    "pause_list",
    "pick",
    "record_equivalence",
    "record_outcome",
    "record_outcomes",
    "remind_due",
    "remind_managers",
    "remove_equivalence",
    "remove_walk_in",
    "substitute",
    "take_offer",
    "tell_moved",
    "transfer",
    "undo",
]
