"""How full course dates are for whoever looks at them: while one agency can hold so many places only, that differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from training_hub.bookings.queries.places import (
    HasPlaces,
    Places,
    counted_by_agency,
    places_of,
    terms_of_each,
)
from training_hub.bookings.rules import Terms
from training_hub.bookings.rules.seats import claims_on, is_share_used
from training_hub.catalogue.models import Event


@dataclass(frozen=True, slots=True)
class RoomFor:
    """How full a course date is for the people of one agency; or, where it is not known whose, of any that has nothing
    there yet."""

    places: Places
    cap: int | None = None
    """The most places that one agency may hold; None where as many as there are."""
    claims: int = 0
    """How many of those who wait could have a free place, and so have it before whoever asks now."""
    is_share_used: bool = False
    """Whether the agency's people have, or wait for, as many places as it may hold."""

    @property
    def taken(self) -> int:
        """Places that nobody who asks now can have: those held, and those that people waiting are about to get."""
        return min(self.places.held + self.claims, max(self.places.capacity, self.places.held))

    @property
    def is_full(self) -> bool:
        """Whether the next to ask would wait."""
        return self.is_share_used or self.taken >= self.places.capacity

    @property
    def is_limited(self) -> bool:
        """Whether they would wait although there is a place, because their agency has its share."""
        return self.is_share_used and self.taken < self.places.capacity


def rooms_for(
    events: Sequence[HasPlaces], caps: Mapping[int, int | None], agency_id: int | None
) -> dict[int, RoomFor]:
    """How full each of `events`, at which an agency may hold so many places (`caps`), is for the people of the agency
    with this id, by the event's id; in one query."""
    if all(caps[event.id] is None for event in events):
        counted = places_of(events) if events else {}
        return {key: RoomFor(places, claims=places.waiting) for key, places in counted.items()}
    rooms = {}
    for event_id, (places, shares) in counted_by_agency(events).items():
        cap = caps[event_id]
        rooms[event_id] = RoomFor(
            places,
            cap,
            claims=claims_on(places.waiting, cap=cap, shares=shares),
            is_share_used=agency_id is not None and is_share_used(agency_id, cap=cap, shares=shares),
        )
    return rooms


def room_for(event: Event, terms: Terms, agency_id: int | None, *, now: datetime) -> RoomFor:
    """How full `event` is for the people of the agency with this id, as `rooms_for` says."""
    return rooms_for((event,), {event.id: terms.cap(now=now)}, agency_id)[event.id]


def rooms_at(events: Sequence[Event], agency_id: int | None, *, now: datetime) -> dict[int, RoomFor]:
    """The same for each of `events`, by its id; in two queries."""
    terms = terms_of_each(events) if events else {}
    return rooms_for(events, {key: each.cap(now=now) for key, each in terms.items()}, agency_id)
