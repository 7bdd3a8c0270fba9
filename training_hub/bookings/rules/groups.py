"""Decide what happens to each person when an agency books a list."""

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.availability import Availability
from training_hub.bookings.rules.colleagues import is_colleague, is_of
from training_hub.bookings.rules.eligibility import only_for
from training_hub.bookings.rules.group_list import Entry
from training_hub.catalogue.models import Course
from training_hub.people.models import Agency, Person
from training_hub.wording import plural


class LineResult(enum.Enum):
    """What happens to one person on the list. The result page's address contains the value."""

    PLACE = "place"
    REQUEST = "request"
    """The person's line manager has to approve, and is asked."""
    TURN = "turn"
    """The person joins the waiting list."""
    BOOKED = "booked"
    """The person already has a place on this date, or is on its waiting list."""
    REPEATED = "repeated"
    CLASH = "clash"
    BARRED = "barred"
    NO_MANAGER = "no-manager"
    ELSEWHERE = "elsewhere"
    """The agency cannot book the person, or a new address has no name. Both look alike, to hide who has an account."""
    UNREADABLE = "unreadable"


NEW_BOOKINGS = frozenset({LineResult.PLACE, LineResult.REQUEST, LineResult.TURN})
LEFT_OUT: dict[LineResult, str] = {
    LineResult.CLASH: "another place at that time",
    LineResult.BARRED: "cannot book this course yet",
    LineResult.NO_MANAGER: "no line manager was named",
    LineResult.ELSEWHERE: "a new address without a name, or not one of the agency’s people",
    LineResult.UNREADABLE: "the line could not be read",
}
"""Results that book nothing, and why, in a few words."""
ON_DATE: dict[Status, str] = {
    Status.REQUESTED: "Has already asked for a place, and is waiting for approval.",
    Status.WAITING: "Is already on the waiting list.",
    Status.OFFERED: "Has already been offered a place.",
}


class Source(enum.Enum):
    """Where a person's place comes from: the agency's reserved places, or the available ones."""

    RESERVED = "reserved"
    FREE = "available"


@dataclass
class Supply:
    """The places that are left for the agency, as a list is planned line by line."""

    here: Availability
    reserved: int = 0
    """Places that the agency has reserved. They are used first, and do not count towards its limit again."""

    @property
    def next(self) -> Source | None:
        """Where the next person's place comes from. None if the person would wait."""
        if self.reserved:
            return Source.RESERVED
        return None if self.here.is_full else Source.FREE

    def use(self, source: Source) -> None:
        """Use one place. A reserved place already counted as held for the agency."""
        if source is Source.RESERVED:
            self.reserved -= 1
        else:
            self.here = self.here.after_place()

    def queue(self) -> int:
        """Put one person on the waiting list. Returns their position."""
        self.here = self.here.after_turn()
        return self.here.places.waiting


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known about the person with an address in the list."""

    person: Person | None = None
    existing: Booking | None = None
    missing: Sequence[Course] = ()
    """Courses that the person must complete first."""
    clashes: bool = False


NOBODY = Known()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the list, and what happens to it."""

    entry: Entry
    result: LineResult
    sentence: str
    source: Source | None = None
    is_limited: bool = False
    """Whether the person waits although there is a place, because the agency is at its limit."""
    known: Known = NOBODY
    is_of_agency: bool = False
    """Whether the person belongs to the agency already. For anyone else, only what was typed is shown."""

    @property
    def name(self) -> str:
        """The name to show: the stored one for the agency's own people, else the one typed."""
        own = self.known.person.name if self.is_of_agency and self.known.person is not None else ""
        return own or self.entry.name or self.entry.email or self.entry.text

    @property
    def is_new(self) -> bool:
        """Whether a booking is made from this line."""
        return self.result in NEW_BOOKINGS

    @property
    def is_left_out(self) -> bool:
        """Whether this line leads to no booking."""
        return self.result in LEFT_OUT

    @property
    def fits(self) -> bool:
        """Whether the person gets a place, now or once approved, or has one already."""
        if self.result is LineResult.BOOKED:
            return self.known.existing is not None and self.known.existing.status is not Status.WAITING
        return self.result is LineResult.REPEATED or self.source is not None


@dataclass(frozen=True, kw_only=True)
class GroupTerms:
    """The agency that books a list, and the terms."""

    agency: Agency
    sectors: Sequence[str] = ()
    needs_manager: bool = False
    holds_place: bool = True
    """Whether a place is held while the line manager decides."""
    despite_clash: bool = False
    needed: Sequence[str] = ()
    """Titles of the courses to complete first. The page does not show which of them a person has completed."""

    def manager_for(self, entry: Entry, person: Person | None) -> str:
        """The line manager's address: the one typed, else, for the agency's own people, the stored one."""
        stored = person.manager_email if person is not None and is_of(person, self.agency) else ""
        return entry.manager_email or stored

    def can_book(self, entry: Entry, person: Person | None) -> bool:
        """Whether the agency can book this person. New people need a name."""
        if person is not None and not is_colleague(person, self.agency):
            return False
        return bool(entry.name or (person is not None and is_of(person, self.agency) and person.name))


def plan(
    entries: Iterable[Entry], known: Mapping[str, Known], supply: Supply, terms: GroupTerms
) -> list[Line]:
    """What happens to each entry, in the order of the list. Uses up the places in `supply`.

    People with a clash get their places last, so that booking them despite it takes nobody else's place.
    """
    first_lines: dict[str, int] = {}
    lines = []
    for entry in entries:
        lines.append(_checked(entry, known.get(entry.email, NOBODY), terms, first_lines.get(entry.email)))
        if not entry.fault:
            first_lines.setdefault(entry.email, entry.number)
    placed = {
        number: _placed(line, supply, terms)
        for number, line in sorted(enumerate(lines), key=lambda each: each[1].known.clashes)
        if line.result is LineResult.PLACE
    }
    return [placed.get(number, line) for number, line in enumerate(lines)]


def _checked(entry: Entry, known: Known, terms: GroupTerms, first_line: int | None) -> Line:
    """The line, checked for everything except places. Its result is PLACE if nothing else prevents a place."""
    result, sentence = _barred(entry, known, terms, first_line) or (LineResult.PLACE, "")
    is_of_agency = is_of(known.person, terms.agency)
    return Line(entry=entry, result=result, sentence=sentence, known=known, is_of_agency=is_of_agency)


def _barred(
    entry: Entry, known: Known, terms: GroupTerms, first_line: int | None
) -> tuple[LineResult, str] | None:
    """Why the person gets no new booking, however many places there are. None if nothing prevents a booking."""
    if entry.fault:
        return LineResult.UNREADABLE, entry.fault
    if first_line is not None:
        return LineResult.REPEATED, f"The same person as on line {first_line}."
    if not terms.can_book(entry, known.person):
        return (
            LineResult.ELSEWHERE,
            "Write the name before the address if they are new to the hub. "
            f"We can only book people who work at {terms.agency.name}.",
        )
    if known.existing is not None:
        return LineResult.BOOKED, ON_DATE.get(known.existing.status, "Already has a place on this date.")
    if terms.sectors and terms.agency.sector.value not in terms.sectors:
        return LineResult.BARRED, only_for(terms.sectors)
    if known.missing:
        return LineResult.BARRED, f"Needs to have completed {' and '.join(terms.needed)} first."
    if terms.needs_manager and not terms.manager_for(entry, known.person):
        sentence = "A line manager has to approve. Add the manager’s address at the end of the line."
        return LineResult.NO_MANAGER, sentence
    if known.clashes and not terms.despite_clash:
        return LineResult.CLASH, "Has a place on another course at that time."
    return None


def _placed(line: Line, supply: Supply, terms: GroupTerms) -> Line:
    """The line with a place, a request or a turn on the waiting list."""
    source = supply.next
    # A reserved place is held already, so it stays held while a manager decides.
    holds = terms.holds_place or not terms.needs_manager or source is Source.RESERVED
    is_limited, cap = supply.here.is_limited, supply.here.cap
    if source is not None and holds:
        supply.use(source)
    if terms.needs_manager:
        manager = terms.manager_for(line.entry, line.known.person)
        held = "A" if source and holds else "No"
        sentence = f"We ask {manager} to approve. {held} place is held meanwhile."
        return replace(line, result=LineResult.REQUEST, source=source, sentence=sentence)
    if source is None:
        sentence = f"Number {supply.queue()} on the waiting list."
        if is_limited:
            sentence += f" One agency can hold up to {plural(cap or 0, 'place')} now."
        return replace(line, result=LineResult.TURN, is_limited=is_limited, sentence=sentence)
    return replace(line, source=source, sentence=f"One of the {source.value} places.")


def promised(lines: Sequence[Line]) -> list[int]:
    """The positions in the list, from 0, of the people who are promised a place."""
    return [number for number, line in enumerate(lines) if line.is_new and line.fits]


def is_broken(promise: Collection[int], lines: Sequence[Line]) -> bool:
    """Whether someone who was promised a place no longer gets one."""
    return any(number >= len(lines) or not lines[number].fits for number in promise)
