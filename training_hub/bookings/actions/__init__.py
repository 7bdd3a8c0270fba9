"""Everything that changes a booking. Each seat decision holds the event, reads again, counts, and only then writes."""

from training_hub.bookings.actions.alerts import alert_few
from training_hub.bookings.actions.another_date import tell_of_another_date
from training_hub.bookings.actions.answers import answer_move
from training_hub.bookings.actions.approval import (
    approve,
    ask_another_manager,
    decline,
    lapse_requests,
    remind_managers,
)
from training_hub.bookings.actions.changes import hold, new_reference
from training_hub.bookings.actions.changing import NoRoom, substitute, transfer, undo
from training_hub.bookings.actions.colleagues import NotAColleague, count_naming
from training_hub.bookings.actions.equivalences import AlreadyCounts, record_equivalence, remove_equivalence
from training_hub.bookings.actions.events import cancel_event, tell_moved
from training_hub.bookings.actions.groups import NotAsTold, book_group, plan_group
from training_hub.bookings.actions.instead import NotCalledOff, book_instead
from training_hub.bookings.actions.interest import (
    ask_to_be_told,
    offer_new_dates,
    offer_to_interested,
    stop_asking,
)
from training_hub.bookings.actions.needs import say_needs
from training_hub.bookings.actions.past import PastBooking, bring_in
from training_hub.bookings.actions.places import (
    ManagerNeeded,
    book,
    cancel,
    check_eligible,
    is_room,
    pass_on,
    set_capacity,
)
from training_hub.bookings.actions.register import (
    add_walk_in,
    record_outcome,
    record_outcomes,
    remove_walk_in,
)
from training_hub.bookings.actions.reminders import forget_needs, remind_due
from training_hub.bookings.actions.reserving import (
    CannotReserve,
    give_back,
    release_reserved,
    remind_of_reserved,
    reserve,
)
from training_hub.bookings.actions.waiting import (
    fill_free_places,
    give_up_not_needed,
    give_up_of_closed,
    lapse_offers,
    pause_list,
    pick,
    take_offer,
)

__all__ = [
    "AlreadyCounts",
    "CannotReserve",
    "ManagerNeeded",
    "NoRoom",
    "NotAColleague",
    "NotAsTold",
    "NotCalledOff",
    "PastBooking",
    "add_walk_in",
    "alert_few",
    "answer_move",
    "approve",
    "ask_another_manager",
    "ask_to_be_told",
    "book",
    "book_group",
    "book_instead",
    "bring_in",
    "cancel",
    "cancel_event",
    "check_eligible",
    "count_naming",
    "decline",
    "fill_free_places",
    "forget_needs",
    "give_back",
    "give_up_not_needed",
    "give_up_of_closed",
    "hold",
    "is_room",
    "lapse_offers",
    "lapse_requests",
    "new_reference",
    "offer_new_dates",
    "offer_to_interested",
    "pass_on",
    "pause_list",
    "pick",
    "plan_group",
    "record_equivalence",
    "record_outcome",
    "record_outcomes",
    "release_reserved",
    "remind_due",
    "remind_managers",
    "remind_of_reserved",
    "remove_equivalence",
    "remove_walk_in",
    "reserve",
    "say_needs",
    "set_capacity",
    "stop_asking",
    "substitute",
    "take_offer",
    "tell_moved",
    "tell_of_another_date",
    "transfer",
    "undo",
]
