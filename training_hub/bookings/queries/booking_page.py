"""All that the page of one booking shows to one reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
from training_hub.catalogue.models import Event
from training_hub.people.models import Person


@dataclass(frozen=True, kw_only=True)
class BookingPage:
    """One booking as a reader sees it: their own, one of their agency, or one at a date that is theirs."""

    booking: Booking
    event: Event
    terms: Terms
    now: datetime
    own: bool
    is_team: bool
    """Whether the reader sees how to reach the person and their manager. Trainers do not."""
    sees_event: bool
    """Whether they see everyone at the date. Training leads see their own people alone."""
    changes: dict[str, Any]
    """The bookings it came from and went to, as far as the reader may see them, and whether it can be undone."""
    missed: Sequence[tuple[str, datetime, str]]
    """What the person was not sent before the date, when that was clear, and why."""
    needs: Any
    """Their own needs. Officers and trainers see needs on the date's bookings and on the register."""
    can_say_needs: bool
    position: int | None
    """Their number on the waiting list."""
    to_come: dict[str, date | None]
    is_standing: bool
    is_asked: bool
    is_excused: bool
    can_cancel: bool
    can_change: bool
    can_take_for: bool
    can_decide: bool
    has_rebooked: bool
    can_rebook: bool
    """Whether the person, whose date was called off, has another date, or can choose one."""

    @property
    def late_admission(self) -> int:
        """How many minutes after the start people can still be let in."""
        return self.terms.late_admission(self.event.sessions[0].ends_at)

    @property
    def is_late(self) -> bool:
        """Whether cancelling now is a late cancellation."""
        return self.terms.is_late(now=self.now)


def booking_page(found: Booking, reader: Person, *, now: datetime) -> BookingPage:
    """What `reader`, who may see the booking, finds on its page."""
    event, own = found.event, found.person_id == reader.id
    terms = terms_for(event)
    is_team, is_to_come = sees_reasons(reader), now < event.starts_at
    has_rebooked, can_rebook = _rebooking(found, now=now) if own else (False, False)
    return BookingPage(
        booking=found,
        event=event,
        terms=terms,
        now=now,
        own=own,
        is_team=is_team,
        sees_event=not own and event_within(event.id, reader, Permission.SEE_BOOKINGS) is not None,
        changes=_changes(found, reader),
        missed=_missed(found, terms) if is_team else [],
        needs=needs_of(found, reader) if own else None,
        can_say_needs=own and can_say_needs(found, now=now),
        position=waiting_position(found) if found.status is Status.WAITING and is_to_come else None,
        to_come={kind.value: to_come_on(kind, terms, now=now) for kind in Reminder},
        is_standing=is_standing(found, now=now),
        is_asked=is_asked(found) and is_to_come,
        is_excused=is_excused(found) and is_to_come,
        can_cancel=_can_cancel(found, reader, now=now),
        can_change=_can_change(found, reader, now=now),
        can_take_for=not own and Scope.ALL in scopes(reader, Permission.CHANGE_BOOKINGS),
        can_decide=not own and reader.may(Permission.DECIDE_REQUESTS),
        has_rebooked=has_rebooked,
        can_rebook=can_rebook,
    )


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
    seen = {}
    for name, other in (("before", found.follows), ("after", successor(found))):
        if other is not None and is_within(other, reader, Permission.SEE_BOOKINGS):
            seen[name] = other
    can_undo = (
        bool(UNDONE.get(found.status)) and not found.is_walk_in and reader.may(Permission.UNDO_BOOKINGS)
    )
    return {**seen, "can_undo": can_undo}


def _missed(found: Booking, terms: Terms) -> list[tuple[str, datetime, str]]:
    missed = missed_by(found)
    moved_at = found.told_of_move_at
    return [
        (
            kind.value,
            at,
            why_missed(kind, terms, missed_at=at, confirmed_at=found.confirmed_at, moved_at=moved_at),
        )
        for kind, at in missed
    ]


def _rebooking(found: Booking, *, now: datetime) -> tuple[bool, bool]:
    if found.status is not Status.EVENT_CANCELLED:
        return False, False
    if taken_instead(found) is not None:
        return True, False
    return False, bool(open_dates(found.event, now=now))
