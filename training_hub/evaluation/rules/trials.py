"""Two wordings of one mail compared: who gets which, and what can honestly be said about the difference."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from training_hub.errors import Refused
from training_hub.london import london_date

LONGEST_WORDING = 200
RETURNS_WITHIN = timedelta(days=7)
"""Whoever answers later than this after the mail did not answer because of its first sentence."""
STEPS: dict[int, str] = {0: "First mail", 1: "Reminder 1", 2: "Reminder 2", 3: "Reminder 3", 4: "Reminder 4"}
LETTERS = ("A", "B")
_Z = 1.959963984540054
"""Of 95 % of a normal distribution, what lies within so many standard deviations."""


class WrongWording(Refused):
    """A wording cannot stand at the head of a mail: which of the two, and why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class AlreadyCompared(WrongWording):
    """Two wordings of this mail are being compared: one comparison at a time is made of each."""

    def __init__(self, step: int) -> None:
        named = f"Two wordings of “{STEPS[step]}” are being compared already."
        super().__init__("step", f"{named} End that first, or choose another mail")


def letter_for(lot: str) -> str:
    """Which wording a person gets, by a lot that is drawn once: 64 figures from a secret key, the person and the trial.

    Nothing has to be kept, it comes out the same each time, and nobody can know or choose it beforehand.
    """
    return LETTERS[int(lot[:16], 16) % 2]


def check_wordings(step: int, wording_a: str, wording_b: str) -> None:
    """Raises WrongWording where the two cannot be compared: each is one short sentence, and they differ."""
    if step not in STEPS:
        raise WrongWording("step", "Choose which mail it is about")
    for field, words in (("wording_a", wording_a), ("wording_b", wording_b)):
        if not words.strip():
            raise WrongWording(field, f"Write wording {field[-1].upper()}")
        if len(words) > LONGEST_WORDING:
            raise WrongWording(field, f"This must be {LONGEST_WORDING} characters or fewer")
        if "\n" in words.strip():
            raise WrongWording(field, "This must be one line")
        if not words.strip().endswith((".", "?", "!")):
            raise WrongWording(field, "End the sentence with a full stop or a question mark")
        if any(mark in words.casefold() for mark in ("http:", "https:", "www.", "{", "}", "<", ">")):
            raise WrongWording(field, "Leave out web addresses and brackets. The link stands on the button")
    if " ".join(wording_a.split()).casefold() == " ".join(wording_b.split()).casefold():
        raise WrongWording("wording_b", "The two sentences must differ")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One mail of a trial about one evaluation."""

    person_id: int
    letter: str
    at: datetime
    returned_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Arm:
    """What became of one of the two wordings."""

    n: int = 0
    """How many people got it, of those whose days to answer are over."""
    returned: int = 0
    """How many of them answered within these days."""
    early: int = 0
    """How many more got it, and still have days to answer."""

    @property
    def rate(self) -> float | None:
        return self.returned / self.n if self.n else None


def arms(sent: Iterable[Sent], *, now: datetime) -> dict[str, Arm]:
    """What became of each wording. Everybody counts once, with the first mail of the trial that they got.

    Where that mail asked about several evaluations, one of them that came back in time is enough.
    """
    first: dict[int, list[Sent]] = {}
    for each in sorted(sent, key=lambda one: one.at):
        mails = first.setdefault(each.person_id, [])
        if not mails or each.at == mails[0].at:
            mails.append(each)
    found = {letter: [0, 0, 0] for letter in LETTERS}
    for mails in first.values():
        counts = found[mails[0].letter]
        if mails[0].at + RETURNS_WITHIN > now:
            counts[2] += 1
        else:
            counts[0] += 1
            counts[1] += any(_in_time(each) for each in mails)
    return {letter: Arm(n=n, returned=back, early=early) for letter, (n, back, early) in found.items()}


def _in_time(sent: Sent) -> bool:
    # Nobody is mailed who has returned already, so whatever came back came after the mail. Of an anonymous form the
    # day alone is known, as its first moment: that may lie before the mail of the same day.
    return sent.returned_at is not None and (
        sent.returned_at <= sent.at + RETURNS_WITHIN or london_date(sent.returned_at) == london_date(sent.at)
    )


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Between which two rates the true one lies, with 95 % confidence: Wilson's score interval, not corrected for
    continuity. Of nobody it may be anything."""
    if n == 0:
        return 0.0, 1.0
    rate, square = successes / n, _Z * _Z
    middle = rate + square / (2 * n)
    reach = _Z * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    whole = 1 + square / n
    return max((middle - reach) / whole, 0.0), min((middle + reach) / whole, 1.0)


def newcombe(a: Arm, b: Arm) -> tuple[float, float]:
    """Between which two values the difference of the true rates, B less A, lies with 95 % confidence.

    Newcombe's hybrid score interval, his method 10 (Statistics in Medicine 17, 1998), not corrected for continuity:
    it stays honest where there are few people, or nearly all or none of them answer.
    """
    rate_a, rate_b = a.rate, b.rate
    if rate_a is None or rate_b is None:
        return -1.0, 1.0
    (low_a, high_a), (low_b, high_b) = wilson(a.returned, a.n), wilson(b.returned, b.n)
    difference = rate_b - rate_a
    return (
        difference - math.sqrt((rate_b - low_b) ** 2 + (high_a - rate_a) ** 2),
        difference + math.sqrt((high_b - rate_b) ** 2 + (rate_a - low_a) ** 2),
    )


def verdict(a: Arm, b: Arm) -> str:
    """What can be said of the two, in one sentence."""
    low, high = newcombe(a, b)
    if low > 0:
        return "B works better than A"
    if high < 0:
        return "A works better than B"
    return "It cannot be told yet which works better"
