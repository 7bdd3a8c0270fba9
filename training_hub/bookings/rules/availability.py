"""Whether a course date can be booked, by this reader and now, and what to do if not.

Plain arithmetic on counted places. The page, the action, the group booking, the feed and the email all use the
same `Availability`.
"""

import enum
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.places import Counts, Places
from training_hub.bookings.rules.terms import Terms
from training_hub.errors import Refused
from training_hub.wording import date as in_full


class NoRoom(Refused):
    """Every place is taken."""


class NotOpen(Refused):
    """The date cannot be booked."""


class HasPlaces(Protocol):
    """An event, or the part of one that counting its places needs."""

    @property
    def id(self) -> int: ...

    @property
    def capacity(self) -> int: ...


class CourseDate(HasPlaces, Protocol):
    """An event, or the part of one that shows whether it can be booked."""

    @property
    def is_called_off(self) -> bool: ...

    @property
    def is_published(self) -> bool: ...

    @property
    def is_listed(self) -> bool: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


class State(enum.Enum):
    """What a course date offers the reader. The first state that applies is used."""

    CALLED_OFF = "called off"
    DRAFT = "draft"
    OVER = "over"
    BOOKED = "booked"
    OFFERED = "offered"
    REQUESTED = "requested"
    WAITING = "waiting"
    STARTED = "started"
    UNLISTED = "unlisted"
    NOT_YET = "not yet"
    CLOSED = "closed"
    FULL = "full"
    FREE = "free"


OWN: dict[Status, State] = {
    Status.OFFERED: State.OFFERED,
    Status.REQUESTED: State.REQUESTED,
    Status.WAITING: State.WAITING,
}
TITLES: dict[State, str] = {
    State.CALLED_OFF: "This course date was called off",
    State.DRAFT: "This course date is not open for booking",
    State.OVER: "This course date is over",
    State.BOOKED: "You have a place",
    State.OFFERED: "You have been offered a place",
    State.REQUESTED: "Your request is waiting for approval",
    State.WAITING: "You are on the waiting list",
    State.STARTED: "This course date has started",
    State.UNLISTED: "This course date is not open for booking",
    State.NOT_YET: "Bookings are not open yet",
    State.CLOSED: "Bookings have closed",
    State.FULL: "This date is full",
    State.FREE: "Book a place",
}
OTHER_DATES = "Look for other dates of the course."
NEXT_STEPS: dict[State, str] = {
    State.CALLED_OFF: OTHER_DATES,
    State.OVER: OTHER_DATES,
    State.STARTED: OTHER_DATES,
    State.NOT_YET: "Come back on that day.",
    State.CLOSED: OTHER_DATES,
    State.FULL: "You can join the waiting list.",
}


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether, and how, one person can book one course date now."""

    state: State
    places: Places
    cap: int | None = None
    first: int = 0
    """How many of the people waiting get an available place before anyone new."""
    share_left: int | None = None
    """How many more bookings the person's agency may have, waiting ones included. None for no limit."""
    day: date | None = None
    """When bookings open (NOT_YET), or the last day on which they were open (CLOSED)."""

    @property
    def taken(self) -> int:
        """Places that nobody new can have: those held, and those that people waiting are about to get."""
        return min(self.places.held + self.first, max(self.places.capacity, self.places.held))

    @property
    def left(self) -> int:
        """How many more people of the agency could have a place now."""
        free = max(self.places.capacity - self.taken, 0)
        return free if self.share_left is None else min(free, self.share_left)

    @property
    def is_full(self) -> bool:
        """Whether the next person to ask would wait."""
        return not self.left

    @property
    def is_limited(self) -> bool:
        """Whether the next person would wait although there is a place, because their agency is at its limit."""
        return self.is_full and self.taken < self.places.capacity

    @property
    def is_free(self) -> bool:
        """Whether the person would get a place."""
        return self.state is State.FREE

    @property
    def title(self) -> str:
        """The state, in a few words."""
        if self.state is State.FULL and self.is_limited:
            return "Your agency is at its limit of places"
        return TITLES[self.state]

    @property
    def detail(self) -> str:
        """More about the state, in a sentence. Empty if there is no more to say."""
        if self.day is not None:
            verb = "open on" if self.state is State.NOT_YET else "closed at the end of"
            return f"They {verb} {in_full(self.day)}."
        if self.state is State.FULL and self.is_limited:
            return "People of other agencies can still book."
        return ""

    @property
    def next_step(self) -> str:
        """What the person can do next, in a sentence. Empty if there is nothing."""
        return NEXT_STEPS.get(self.state, "")

    @property
    def sentence(self) -> str:
        """The title, the detail and the next step, together."""
        return " ".join(filter(None, (f"{self.title}.", self.detail, self.next_step)))

    @property
    def is_open(self) -> bool:
        """Whether the date takes bookings, if only for its waiting list."""
        return self.state in {State.FREE, State.FULL}

    def after_place(self) -> "Availability":
        """What is left for the agency's next person, once one more of its people has a place."""
        return self._after(held=1)

    def after_turn(self) -> "Availability":
        """What is left for the agency's next person, once one more of its people is on the waiting list."""
        # A person whose agency is over its limit does not keep anyone else waiting.
        return self._after(waiting=1, first=int(self.share_left != 0))

    def _after(self, *, held: int = 0, waiting: int = 0, first: int = 0) -> "Availability":
        places = replace(self.places, held=self.places.held + held, waiting=self.places.waiting + waiting)
        left = None if self.share_left is None else max(self.share_left - 1, 0)
        found = replace(self, places=places, first=self.first + first, share_left=left)
        return replace(found, state=State.FULL) if self.is_free and found.is_full else found


def availability(
    event: CourseDate,
    terms: Terms,
    counts: Counts,
    agency_id: int | None,
    *,
    now: datetime,
    own: Status | None = None,
) -> Availability:
    """How a person of this agency can book `event`. `own` is the status of their open booking there, if any.

    An unknown agency counts as one without bookings on this date.
    """
    closed = _closed(event, terms, own, now=now)
    found = Availability(
        closed or State.FREE,
        counts.places,
        counts.cap,
        first=counts.first,
        share_left=counts.share_left(agency_id),
        day=_day(closed, terms),
    )
    return replace(found, state=State.FULL) if closed is None and found.is_full else found


def check_open(event: CourseDate, terms: Terms, *, now: datetime) -> None:
    """Raises NotOpen, with the reason and the next step, unless `event` takes bookings."""
    # The counts do not matter here: a closed date is closed whether or not it is full.
    here = availability(event, terms, Counts(Places(event.capacity, held=0, waiting=0)), None, now=now)
    if not here.is_open:
        raise NotOpen(here.sentence)


def is_open(event: CourseDate, terms: Terms, *, now: datetime) -> bool:
    """Whether `event` takes bookings, if only for its waiting list."""
    return _closed(event, terms, None, now=now) is None


def _closed(event: CourseDate, terms: Terms, own: Status | None, *, now: datetime) -> State | None:
    """The state of `event` for a person with a booking there, or the reason why nobody can book it. Otherwise None."""
    if event.is_called_off:
        return State.CALLED_OFF
    if not event.is_published:
        return State.DRAFT
    if now >= event.ends_at:
        return State.OVER
    if own is not None:
        return OWN.get(own, State.BOOKED)
    if now >= event.starts_at:
        return State.STARTED
    if not event.is_listed:
        return State.UNLISTED
    if terms.is_yet_to_open(now=now):
        return State.NOT_YET
    return State.CLOSED if now >= terms.bookings_close_at else None


def _day(closed: State | None, terms: Terms) -> date | None:
    if closed is State.NOT_YET:
        return terms.bookings_open_on
    return terms.last_booking_day if closed is State.CLOSED else None
