"""Who may book a course: the right sector, the course that comes first, and no other place at the same time."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training_hub.catalogue.models import Course
from training_hub.errors import Refused
from training_hub.people.models import Sector


class Bar(enum.Enum):
    """Why someone cannot book."""

    SECTOR = "sector"
    PREREQUISITE = "prerequisite"


@dataclass(frozen=True)
class Reason:
    """One reason why someone cannot book, in a sentence; and the course to take first, where that is it."""

    bar: Bar
    sentence: str
    course: Course | None = None


SECTOR_WORDS: dict[str, str] = {
    Sector.STATUTORY_PARTNER.value: "statutory partners",
    Sector.SCHOOL.value: "schools",
    Sector.EARLY_YEARS.value: "early years settings",
    Sector.HEALTH.value: "health services",
    Sector.VOLUNTARY.value: "voluntary groups",
    Sector.PRIVATE.value: "private organisations",
    Sector.OUT_OF_AREA.value: "organisations from out of the area",
    Sector.OTHER.value: "other organisations",
}


def in_words(sectors: Sequence[str]) -> str:
    """Who may book, such as "schools and early years settings"; nothing where everybody may."""
    words = [SECTOR_WORDS.get(sector, sector) for sector in sectors]
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1] if words else ""


def only_for(sectors: Sequence[str]) -> str:
    """The sentence for whom a course is, such as "This course is open to schools only."."""
    return f"This course is open to {in_words(sectors)} only."


class NotEligible(Refused):
    """The person may not book this course; `reasons` says why, each with what to do about it."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(" ".join(reason.sentence for reason in reasons))
        self.reasons = reasons


class Clash(Refused):
    """The person has a place elsewhere at the same time, and has not said that this is meant."""

    def __init__(self, title: str, starts_at: datetime, reference: str) -> None:
        super().__init__(f"There is already a booking for {title} at the same time.")
        self.title, self.starts_at, self.reference = title, starts_at, reference


def bars(
    sector: Sector, sectors: Sequence[str], missing: Sequence[Course], *, agency: str = ""
) -> list[Reason]:
    """What keeps someone of this sector, who has not completed the `missing` courses, from booking; as they read it
    themselves, or as somebody else does who acts for one of the people of `agency`, by its name."""
    found = []
    if sectors and sector.value not in sectors:
        found.append(
            Reason(
                Bar.SECTOR,
                f"{only_for(sectors)} {agency or 'Your agency'} is listed as “{sector.value}”.",
            )
        )
    needs = "Whoever comes needs" if agency else "You need"
    found += [
        Reason(Bar.PREREQUISITE, f"{needs} to have completed {course.title} first.", course)
        for course in missing
    ]
    return found
