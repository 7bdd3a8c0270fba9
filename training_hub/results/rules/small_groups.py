"""Hiding answers that so few people gave that readers could work out who they were.

No difference between two pages may give a hidden answer away. So answers are shown or hidden in blocks that are the
same on every page, question by question. Every figure is a sum of whole blocks of five answers or more.
The blocks are:

- A course date with five answers or more is a block. It counts on its own page and in every total.
- The smaller dates of one course and financial year are a block together, if that makes five answers or more. It
  counts only in totals of whole years.
- Response rates, and due and returned by agency, cover one whole financial year at a time, so no two overlap.
- An agency's answers in a financial year are a block too. It is hidden if it would let readers work out a hidden block,
  as below, or if 1 to 4 other people answered at the same course dates.

Hiding the small parts of a known total is not enough. Here agencies have 9, 6 and 3 answers of 18:

    part      answers   if only Small is hidden   suppress_small_parts
    Large           9   9                         9
    Middle          6   6                         hidden
    Small           3   hidden, but 18-9-6 = 3    hidden
    others              -                         18-9 = 9 together
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from training_hub.results.rules.counting import Key, Tally, Topic, summed

FEWEST = 5
"""Groups of fewer people than this are hidden from readers who must not know who said what."""

TOO_FEW = "Fewer than 5 people have answered, so nothing is shown."
TOO_FEW_OF_ANY = "Too few people have answered about any one course date, so nothing is shown."


def suppress_small_groups(
    tallies: Sequence[Tally], *, sees_small_groups: bool, is_whole_years: bool = False
) -> list[Tally]:
    """The tallies that may be shown.

    Fewer than five answers to an anonymous questionnaire are hidden from everyone. If `sees_small_groups`, the
    reader may know who said what, and all other answers are shown. If `is_whole_years`, `tallies` are all answers of
    the courses in whole financial years, so small course dates can count together.
    """
    anonymous = summed((tally.group, tally.number) for tally in tallies if tally.is_anonymous)
    known = [tally for tally in tallies if not tally.is_anonymous or anonymous[tally.group] >= FEWEST]
    if sees_small_groups:
        return known
    alone = summed((tally.group, tally.number) for tally in known)
    together = summed((_course_year(tally), tally.number) for tally in known if alone[tally.group] < FEWEST)
    return [
        tally
        for tally in known
        if alone[tally.group] >= FEWEST or (is_whole_years and together[_course_year(tally)] >= FEWEST)
    ]


def suppress_in_agency(tallies: Sequence[Tally], agency_id: int) -> list[Tally]:
    """One agency's tallies that may be shown to a reader who must not know who said what.

    `tallies` must include every agency, in whole financial years.
    """
    known = suppress_small_groups(tallies, sees_small_groups=False, is_whole_years=True)
    by_year: dict[tuple[int, Topic, bool], list[Tally]] = defaultdict(list)
    for tally in known:
        by_year[tally.year, tally.topic, tally.is_pair].append(tally)
    return [
        tally
        for rows in by_year.values()
        if agency_id in suppress_small_parts(summed((row.agency_id, row.number) for row in rows))
        and not _stands_out(rows, agency_id)
        for tally in rows
        if tally.agency_id == agency_id
    ]


def suppress_small_parts(parts: Mapping[Key | None, int]) -> set[Key]:
    """The parts of a known total that may be shown. Hides parts under 5, and more if the hidden parts add up to 1 to 4.

    The part with the key None, such as anonymous answers, which have no agency, is never shown.
    """
    shown = {name: number for name, number in parts.items() if name is not None and number >= FEWEST}
    left = sum(parts.values()) - sum(shown.values())
    while 0 < left < FEWEST and shown:
        # Equally small parts are ordered by key, so that every reader sees the same parts.
        smallest = min(shown, key=lambda name: (shown[name], str(name)))
        left += shown.pop(smallest)
    return set(shown)


def _stands_out(rows: Sequence[Tally], agency_id: int) -> bool:
    """Whether 1 to 4 others answered at the course dates of this agency's people.

    The trainer sees everyone's answers there, and could subtract this agency's.
    """
    there = {row.event_id for row in rows if row.agency_id == agency_id}
    others = sum(row.number for row in rows if row.event_id in there and row.agency_id != agency_id)
    return 0 < others < FEWEST


def _course_year(tally: Tally) -> tuple[int, int, Topic, bool]:
    return tally.course_id, tally.year, tally.topic, tally.is_pair
