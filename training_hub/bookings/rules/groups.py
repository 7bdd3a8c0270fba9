"""What becomes of each person in a list, when an agency books several at once: plain arithmetic on what was read."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.availability import NOTHING, Share, has_room
from training_hub.bookings.rules.colleagues import is_colleague, is_of
from training_hub.bookings.rules.eligibility import only_for
from training_hub.bookings.rules.group_list import Entry
from training_hub.catalogue.models import Course
from training_hub.people.models import Agency, Person
from training_hub.wording import plural


class Fate(enum.Enum):
    """What becomes of one person of the list. The value is the letter by which an address and a form say it."""

    PLACE = "p"
    ASKED = "q"
    """Their line manager has to approve, and is asked."""
    WAITS = "w"
    HAS = "h"
    """They have a place here already, or a claim to one."""
    REPEATED = "r"
    CLASH = "c"
    BARRED = "b"
    NO_MANAGER = "m"
    ELSEWHERE = "e"
    """They are not the agency's to book, or the address is new and stands without a name: one and the same, or a list
    of addresses would tell who has an account."""
    BAD = "x"


IS_BOOKED = frozenset({Fate.PLACE, Fate.ASKED, Fate.WAITS})
"""What makes a booking."""
LEFT_OUT: dict[Fate, str] = {
    Fate.CLASH: "another place at that time",
    Fate.BARRED: "cannot book this course yet",
    Fate.NO_MANAGER: "no line manager was named",
    Fate.ELSEWHERE: "a new address without a name, or not one of the agency’s people",
    Fate.BAD: "the line could not be read",
}
"""Whom nothing happens to, and why, in a few words."""


class Seat(enum.Enum):
    """Where a place comes from."""

    RESERVED = "reserved"
    FREE = "free"


@dataclass
class Room:
    """How full an event is while a list is gone through: each place that is taken leaves one less for the next."""

    free: int
    waiting: int
    reserved: int = 0
    """Places that the agency keeps: they are used first, and are its own whatever the cap."""
    cap: int | None = None
    shares: dict[int, Share] = field(default_factory=dict)

    def seat_for(self, agency_id: int) -> Seat | None:
        """Where somebody of the agency who asks now would sit; None where they would wait."""
        if self.reserved:
            return Seat.RESERVED
        is_room = has_room(self, agency_id, cap=self.cap, shares=self.shares)
        return Seat.FREE if is_room else None

    def take(self, agency_id: int, seat: Seat) -> None:
        """Somebody of the agency sits there. A reserved place was held for the agency before."""
        if seat is Seat.RESERVED:
            self.reserved -= 1
            return
        self.free -= 1
        self._add(agency_id, held=1)

    def queue(self, agency_id: int) -> None:
        """Somebody of the agency joins the waiting list."""
        self.waiting += 1
        self._add(agency_id, waiting=1)

    def _add(self, agency_id: int, *, held: int = 0, waiting: int = 0) -> None:
        share = self.shares.get(agency_id, NOTHING)
        self.shares[agency_id] = Share(share.held + held, share.waiting + waiting)


def seats_left(room: Room, agency_id: int) -> int:
    """How many more people of the agency would have a place, beside those that it keeps. `room` is used up."""
    room.reserved = 0
    number = 0
    while (seat := room.seat_for(agency_id)) is not None:
        room.take(agency_id, seat)
        number += 1
    return number


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of whoever has an address in the list."""

    person: Person | None = None
    existing: Booking | None = None
    missing: Sequence[Course] = ()
    """Courses that they must complete first."""
    clashes: bool = False


NOBODY = Known()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the list, and what becomes of it."""

    entry: Entry
    fate: Fate
    sentence: str
    seat: Seat | None = None
    known: Known = NOBODY
    is_of_agency: bool = False
    """Whether the person is one of the agency's already: of nobody else is more shown than was typed."""

    @property
    def name(self) -> str:
        """The name to show: the one that colleagues know, else the one typed."""
        own = self.known.person.name if self.is_of_agency and self.known.person is not None else ""
        return own or self.entry.name or self.entry.email or self.entry.text

    @property
    def is_booked(self) -> bool:
        """Whether a booking is made of it."""
        return self.fate in IS_BOOKED

    @property
    def fits(self) -> bool:
        """Whether nothing is left to wish: a place, now or once it is approved, or one that they have already."""
        if self.fate is Fate.HAS:
            return self.known.existing is not None and self.known.existing.status is not Status.WAITING
        return self.fate is Fate.REPEATED or self.seat is not None


@dataclass(frozen=True, kw_only=True)
class Asking:
    """For whom and on what terms a list is gone through."""

    agency: Agency
    sectors: Sequence[str] = ()
    needs_manager: bool = False
    holds_place: bool = True
    """Whether a place is held while the line manager decides."""
    despite_clash: bool = False
    needed: Sequence[str] = ()
    """The titles of the courses that must come before: what somebody has completed of them is theirs to say."""


def plan(entries: Iterable[Entry], known: Mapping[str, Known], room: Room, asking: Asking) -> list[Line]:
    """What becomes of each entry, in the order of the list. `room` is used up.

    Whoever has another place at that time comes last, so that to book them all the same takes nobody else's place.
    """
    first_seen: dict[str, int] = {}
    lines = [_before_places(entry, known.get(entry.email, NOBODY), asking, first_seen) for entry in entries]
    done: dict[int, Line] = {}
    for clashing in (False, True):
        for number, line in enumerate(lines):
            if line.fate is Fate.PLACE and line.known.clashes is clashing:
                done[number] = _seated(line, room, asking)
    return [done.get(number, line) for number, line in enumerate(lines)]


def _before_places(entry: Entry, known: Known, asking: Asking, first_seen: dict[str, int]) -> Line:
    """What is to be said of an entry whatever the places; PLACE where nothing stands in the way of one."""
    fate, sentence = Fate.PLACE, ""
    if entry.fault:
        fate, sentence = Fate.BAD, entry.fault
    elif entry.email in first_seen:
        fate, sentence = Fate.REPEATED, f"The same person as in line {first_seen[entry.email]}."
    elif not _is_to_book(entry, known.person, asking.agency):
        # One sentence for all of them: who works where, or has an account at all, is nobody else's business.
        fate = Fate.ELSEWHERE
        sentence = (
            "Write the name before the address if they are new to the hub. "
            f"We can only book people who work at {asking.agency.name}."
        )
    elif known.existing is not None:
        fate, sentence = Fate.HAS, HAS_WORDS.get(known.existing.status, "Has a place on this date already.")
    elif asking.sectors and asking.agency.sector.value not in asking.sectors:
        fate = Fate.BARRED
        sentence = only_for(asking.sectors)
    elif known.missing:
        titles = " and ".join(asking.needed)
        fate, sentence = Fate.BARRED, f"Needs to have completed {titles} first."
    elif asking.needs_manager and not _manager(entry, known, asking.agency):
        fate = Fate.NO_MANAGER
        sentence = "A line manager has to approve. Add the manager’s address at the end of the line."
    elif known.clashes and not asking.despite_clash:
        fate, sentence = Fate.CLASH, "Has a place on another course at that time."
    if fate is not Fate.BAD:
        first_seen.setdefault(entry.email, entry.number)
    is_of_agency = is_of(known.person, asking.agency)
    return Line(entry=entry, fate=fate, sentence=sentence, known=known, is_of_agency=is_of_agency)


def _is_to_book(entry: Entry, person: Person | None, agency: Agency) -> bool:
    if person is not None and not is_colleague(person, agency):
        return False
    return bool(entry.name or (person is not None and is_of(person, agency) and person.name))


HAS_WORDS: dict[Status, str] = {
    Status.REQUESTED: "Has asked for a place already, and waits for approval.",
    Status.WAITING: "Is on the waiting list already.",
    Status.OFFERED: "Has been offered a place already.",
}


def _manager(entry: Entry, known: Known, agency: Agency) -> str:
    stored = known.person.manager_email if known.person is not None and is_of(known.person, agency) else ""
    return entry.manager_email or stored


def _seated(line: Line, room: Room, asking: Asking) -> Line:
    agency_id = asking.agency.id
    seat = room.seat_for(agency_id)
    # A reserved place was held before, and stays so while a manager decides.
    holds = asking.holds_place or not asking.needs_manager or seat is Seat.RESERVED
    if seat is not None and holds:
        room.take(agency_id, seat)
    if asking.needs_manager:
        manager = _manager(line.entry, line.known, asking.agency)
        after = "A place is held meanwhile." if seat and holds else "No place is held meanwhile."
        return replace(line, fate=Fate.ASKED, seat=seat, sentence=f"{manager} is asked to approve. {after}")
    if seat is None:
        is_limited = room.cap is not None and room.free > room.waiting
        room.queue(agency_id)
        why = f" One agency can hold up to {plural(room.cap or 0, 'place')} now." if is_limited else ""
        return replace(line, fate=Fate.WAITS, sentence=f"Number {room.waiting} on the waiting list.{why}")
    words = "One of the reserved places." if seat is Seat.RESERVED else "One of the free places."
    return replace(line, seat=seat, sentence=words)


def is_worse(lines: Sequence[Line], told: str) -> bool:
    """Whether somebody who was told that they get a place no longer does: `told` has one letter for each line."""
    if not told:
        return False
    if len(told) != len(lines):
        return True
    return any(
        letter in {Fate.PLACE.value, Fate.ASKED.value.upper()} and not line.fits
        for letter, line in zip(told, lines, strict=True)
    )


def told_of(lines: Sequence[Line]) -> str:
    """What a page has said of each line, a letter each: a large one where a request has a place in sight."""
    return "".join(
        line.fate.value.upper() if line.fate is Fate.ASKED and line.fits else line.fate.value
        for line in lines
    )
