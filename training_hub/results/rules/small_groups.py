"""Which answers are few enough to give people away, and so are left out of every figure (domain 4.9, 6).

No difference of two pages may give a hidden answer away, so answers are kept or left out in parcels that are the same
on every page, question by question, and every figure is a sum of whole parcels, each of five answers or more:

- A course date with enough answers is a parcel. It stands on its own page and in every total that it belongs to.
- Course dates with too few are put together with the others of their course and financial year. Where there are enough
  of them together they are a parcel, which stands in the totals of whole years alone.
- By which way answers came, how soon, and from how many of each agency is told of one whole financial year at a time:
  no two of them overlap, and the agencies with too few are put together as below.
- An agency's answers in a financial year are a parcel across these. Where the agencies that have too few leave from one
  to four answers between them, the smallest of the others is left out as well; so is an agency beside which from one to
  four others answered, at all the course dates that its people answered about.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from training_hub.results.rules.counting import Tally, Topic

FEWEST = 5
"""Fewer people than this are never shown as a group to those who must not know who said what."""

TOO_FEW = "Fewer than 5 people have answered, so nothing is shown."
TOO_FEW_OF_ANY = "Too few people have answered about any one course date, so nothing is shown."

Key = TypeVar("Key", bound=Hashable)


def kept(tallies: Sequence[Tally], *, sees_few: bool, is_whole_years: bool = False) -> list[Tally]:
    """The tallies that may be shown.

    Of an anonymous form too few answers are shown to nobody. `sees_few`: to whoever may know who said what, as hub
    officers may, every other answer is shown. `is_whole_years`: everything of the courses in whole financial years is
    there, so that course dates with too few answers can be put together.
    """
    anonymous = _sizes((tally.group, tally.number) for tally in tallies if tally.is_anonymous)
    known = [tally for tally in tallies if not tally.is_anonymous or anonymous[tally.group] >= FEWEST]
    if sees_few:
        return known
    alone = _sizes((tally.group, tally.number) for tally in known)
    together = _sizes((_course_year(tally), tally.number) for tally in known if alone[tally.group] < FEWEST)
    return [
        tally
        for tally in known
        if alone[tally.group] >= FEWEST or (is_whole_years and together[_course_year(tally)] >= FEWEST)
    ]


def kept_of_agency(tallies: Sequence[Tally], agency_id: int) -> list[Tally]:
    """Those of one agency's tallies that may be shown to someone who must not know who said what. `tallies` are every
    agency's, of whole financial years."""
    known = kept(tallies, sees_few=False, is_whole_years=True)
    by_year: dict[_Year, list[Tally]] = defaultdict(list)
    for tally in known:
        by_year[tally.year, tally.topic, tally.is_pair].append(tally)
    return [
        tally
        for rows in by_year.values()
        if agency_id in shown_parts(_sizes((row.agency_id, row.number) for row in rows))
        and not _stands_out(rows, agency_id)
        for tally in rows
        if tally.agency_id == agency_id
    ]


def shown_parts(parts: Mapping[Key | None, int]) -> set[Key]:
    """Which parts of a total that is known may be shown beside it: none under 5, and never so that 1 to 4 are left.

    The part named None belongs to nobody, as answers to an anonymous form belong to no agency, and is never shown.
    """
    shown = {name: number for name, number in parts.items() if name is not None and number >= FEWEST}
    left = sum(parts.values()) - sum(shown.values())
    while 0 < left < FEWEST and shown:
        # By its name where two are equally small: whoever asks, the same one is left out.
        smallest = min(shown, key=lambda name: (shown[name], str(name)))
        left += shown.pop(smallest)
    return set(shown)


def _stands_out(rows: Sequence[Tally], agency_id: int) -> bool:
    """Whether too few others answered at the course dates that this agency's people answered about: their trainer, who
    sees what all said there, could take this agency's answers away."""
    there = {row.event_id for row in rows if row.agency_id == agency_id}
    others = sum(row.number for row in rows if row.event_id in there and row.agency_id != agency_id)
    return 0 < others < FEWEST


_Year = tuple[int, Topic, bool]


def _course_year(tally: Tally) -> tuple[int, int, Topic, bool]:
    return tally.course_id, tally.year, tally.topic, tally.is_pair


def _sizes(rows: Iterable[tuple[Key, int]]) -> Counter[Key]:
    found = Counter[Key]()
    for key, number in rows:
        found[key] += number
    return found
