"""Everything that changes a booking. Each seat decision holds the event, reads again, counts, and only then writes."""

from training_hub.bookings.actions.approval import (
    approve,
    ask_another_manager,
    decline,
    lapse_requests,
    remind_managers,
)
from training_hub.bookings.actions.changes import hold, new_reference
from training_hub.bookings.actions.changing import NoRoom, NotAColleague, substitute, transfer, undo
from training_hub.bookings.actions.events import cancel_event, tell_moved
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
    give_up_of_closed,
    lapse_offers,
    pause_list,
    pick,
    take_offer,
)

__all__ = [
    "ManagerNeeded",
    "NoRoom",
    "NotAColleague",
    "PastBooking",
    "add_walk_in",
    "approve",
    "ask_another_manager",
    "book",
    "bring_in",
    "cancel",
    "cancel_event",
    "change_capacity",
    "check_clash",
    "check_eligible",
    "decline",
    "fill_free_places",
    "forget_needs",
    "give_up_of_closed",
    "hold",
    "is_room",
    "lapse_offers",
    "lapse_requests",
    "new_reference",
    "pass_on",
    "pause_list",
    "pick",
    "record_outcome",
    "record_outcomes",
    "remind_due",
    "remind_managers",
    "remove_walk_in",
    "substitute",
    "take_offer",
    "tell_moved",
    "transfer",
    "undo",
]
