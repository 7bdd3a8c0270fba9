"""The policies, their defaults, and how a narrower policy replaces a wider one."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, get_type_hints

from training_hub.wording import in_words


class Days(enum.Enum):
    """Which days a notice counts."""

    WORKING = "working days"
    CALENDAR = "calendar days"


class Counting(enum.Enum):
    """Whether the day on which notice is given counts as one of its days."""

    CLEAR = "clear"
    """The days of notice are full days between the day on which notice is given and the course."""
    INCLUSIVE = "inclusive"
    """The day on which notice is given is the first of them."""


class WaitingList(enum.Enum):
    """How people on the waiting list get a place that becomes available."""

    OFFERS = "offers"
    """The first person is offered the place, and has some hours to accept."""
    AUTOMATIC = "automatic"
    """The first person gets the place at once."""
    MANUAL = "manual"
    """Nobody gets the place until a hub officer picks someone."""


class Approval(enum.Enum):
    """The people who must agree before a place is confirmed."""

    NOBODY = "nobody"
    MANAGER = "line manager"


@dataclass(frozen=True, kw_only=True)
class Policies:
    """Every policy, with its default. Hashable, so that results can be cached."""

    notice_days: int = 3
    """How many days' notice a cancellation needs to be on time."""
    notice_unit: Days = Days.WORKING
    notice_counting: Counting = Counting.CLEAR
    notice_skips_bank_holidays: bool = True
    """Whether an English bank holiday is not a working day."""
    opens_days: int | None = None
    """How many days before a course date its bookings open. None if they open on publication."""
    closes_working_days: int = 3
    """Bookings close at the end of this many working days before."""
    sectors: tuple[str, ...] = ()
    """The sectors whose agencies may book. Empty for all."""
    approval: Approval = Approval.NOBODY
    approval_working_days: int = 5
    """How long a line manager has to decide."""
    approval_holds_place: bool = True
    """Whether a place is held while the manager decides."""
    waiting_list: WaitingList = WaitingList.OFFERS
    offer_hours: int = 24
    agency_cap: int | None = None
    """The most places that one agency may hold at an event."""
    cap_released_days: int = 14
    """How many days before the event the cap ends."""
    reserved_released_days: int = 14
    """How many days before the event reserved places without a name are released."""
    least_people: int = 8
    least_people_working_days: int = 10
    """How many working days before the event the numbers are checked."""
    reminder_days: int | None = 14
    joining_days: int | None = 5
    copies_manager_last: bool = False
    """Whether the line manager on a booking is told when the last evaluation reminder is sent."""
    late_full_day: int = 15
    """Minutes after the start at which people can still join a full day."""
    late_half_day: int = 0
    certificate_needs_evaluation: bool = True
    """Whether a certificate waits for the evaluation, if the course asks for one."""

    @property
    def asks_manager(self) -> bool:
        """Whether a line manager has to approve a place."""
        return self.approval is Approval.MANAGER

    @property
    def notice_words(self) -> str:
        """The notice that a cancellation needs, such as "three clear working days" or "seven calendar days"."""
        unit = self.notice_unit.value if self.notice_days != 1 else self.notice_unit.value.removesuffix("s")
        counting = "clear " if self.notice_counting is Counting.CLEAR else ""
        return f"{in_words(self.notice_days)} {counting}{unit}"


DEFAULTS = Policies()
_TYPES = {
    name: kind for name, kind in get_type_hints(Policies).items() if name in DEFAULTS.__dataclass_fields__
}


def policies_of(*layers: Mapping[str, Any]) -> Policies:
    """The policies in force, from layers of differences, the widest first."""
    stored: dict[str, Any] = {}
    for layer in layers:
        stored.update(layer)
    return (
        _read(tuple(sorted((name, _hashable(value)) for name, value in stored.items())))
        if stored
        else DEFAULTS
    )


@lru_cache(maxsize=1024)
def _read(stored: tuple[tuple[str, Any], ...]) -> Policies:
    # Ignores stored policies that the code no longer has.
    return Policies(**{name: _typed(name, value) for name, value in stored if name in _TYPES})


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _typed(name: str, value: Any) -> Any:
    kind = _TYPES[name]
    return kind(value) if isinstance(kind, type) and issubclass(kind, enum.Enum) else value


def stored_value(value: Any) -> Any:
    """A policy's value as stored: a word, a number, a Boolean or a list of words."""
    if isinstance(value, enum.Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def differing(wanted: Policies, wider: Policies) -> dict[str, Any]:
    """The policies to store so that `wanted` is in force: those that differ from `wider`."""
    return {
        field.name: stored_value(getattr(wanted, field.name))
        for field in fields(Policies)
        if getattr(wanted, field.name) != getattr(wider, field.name)
    }
