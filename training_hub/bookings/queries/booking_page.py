"""What the page of one booking shows to one reader."""

from datetime import datetime
from typing import Any

from training_hub.access import Permission, Scope, scopes
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.booking import is_within, sees_reasons, successor, taken_instead
from training_hub.bookings.queries.events import event_within, open_dates
from training_hub.bookings.queries.needs import can_say_needs, needs_of
from training_hub.bookings.queries.reminders import missed_by
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.queries.waiting_list import waiting_position
from training_hub.bookings.rules.cancel import is_cancellable
from training_hub.bookings.rules.claims import is_standing, is_still_mine
from training_hub.bookings.rules.moved import is_asked, is_excused
from training_hub.bookings.rules.moves import UNDONE
from training_hub.bookings.rules.reminders import Reminder, to_come_on, why_missed
from training_hub.bookings.rules.terms import Terms
from training_hub.people.models import Person


def booking_page(found: Booking, reader: Person, *, now: datetime) -> dict[str, Any]:
    """What the booking's page shows to `reader`, who may see the booking."""
    event, terms, own = found.event, terms_for(found.event), found.person_id == reader.id
    # The training team sees the addresses of the person and their manager. Trainers do not.
    is_team, is_to_come = sees_reasons(reader), now < event.starts_at
    return {
        "booking": found,
        "event": event,
        "terms": terms,
        "now": now,
        "own": own,
        "is_team": is_team,
        # Training leads see their own people, and not everyone at the date.
        "sees_event": not own and event_within(event.id, reader, Permission.SEE_BOOKINGS) is not None,
        "changes": _changes(found, reader),
        "missed": _missed(found, terms) if is_team else [],
        "position": waiting_position(found) if found.status is Status.WAITING and is_to_come else None,
        "to_come": {kind.value: to_come_on(kind, terms, now=now) for kind in Reminder},
        "late_admission": terms.late_admission(event.sessions[0].ends_at),
        "is_late": terms.is_late(now=now),
        "is_standing": is_standing(found, now=now),
        "is_asked": is_asked(found) and is_to_come,
        "is_excused": is_excused(found) and is_to_come,
        "can_cancel": _can_cancel(found, reader, now=now),
        "can_change": _can_change(found, reader, now=now),
        **(_for_person(found, reader, now=now) if own else _for_others(reader)),
    }


def _for_person(found: Booking, reader: Person, *, now: datetime) -> dict[str, Any]:
    """What only the booked person sees on this page. Officers and trainers see needs on other pages."""
    is_off = found.status is Status.EVENT_CANCELLED
    has_rebooked = is_off and taken_instead(found) is not None
    return {
        "needs": needs_of(found, reader),
        "can_say_needs": can_say_needs(found, now=now),
        "has_rebooked": has_rebooked,
        "can_rebook": is_off and not has_rebooked and bool(open_dates(found.event, now=now)),
    }


def _for_others(reader: Person) -> dict[str, bool]:
    return {
        "can_take_for": Scope.ALL in scopes(reader, Permission.CHANGE_BOOKINGS),
        "can_decide": reader.may(Permission.DECIDE_REQUESTS),
    }


def _can_cancel(found: Booking, reader: Person, *, now: datetime) -> bool:
    if not is_cancellable(found.status, found.event, now=now):
        return False
    if found.status in {Status.REQUESTED, Status.OFFERED} and not is_standing(found, now=now):
        return False
    return is_within(found, reader, Permission.CANCEL_BOOKINGS)


def _can_change(found: Booking, reader: Person, *, now: datetime) -> bool:
    is_mine = is_still_mine(found, found.event, now=now)
    return is_mine and is_within(found, reader, Permission.CHANGE_BOOKINGS)


def _changes(found: Booking, reader: Person) -> dict[str, Any]:
    """The bookings before and after this one that the reader may see, and whether a change can be undone."""
    seen = {}
    for name, other in (("before", found.follows), ("after", successor(found))):
        if other is not None and is_within(other, reader, Permission.SEE_BOOKINGS):
            seen[name] = other
    can_undo = (
        bool(UNDONE.get(found.status)) and not found.is_walk_in and reader.may(Permission.UNDO_BOOKINGS)
    )
    return {**seen, "can_undo": can_undo}


def _missed(found: Booking, terms: Terms) -> list[tuple[str, datetime, str]]:
    """The emails that the person did not get before the date, each with when this was recorded, and why."""
    since = {"confirmed_at": found.confirmed_at, "moved_at": found.told_of_move_at}
    return [(kind.value, at, why_missed(kind, terms, missed_at=at, **since)) for kind, at in missed_by(found)]
