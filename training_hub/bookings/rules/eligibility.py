"""Who may book a course: sector, prerequisites, and no other place at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training_hub.catalogue.models import Course
from training_hub.errors import Refused
from training_hub.people.models import Sector
from training_hub.wording import listed


@dataclass(frozen=True)
class Reason:
    """One reason why a person cannot book, in a sentence. For a missing prerequisite, with that course."""

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
    """Who may book, such as "schools and early years settings". Empty if everyone may."""
    return listed([SECTOR_WORDS.get(sector, sector) for sector in sectors])


def only_for(sectors: Sequence[str]) -> str:
    """The people that a course is for, such as "This course is open to schools only."."""
    return f"This course is open to {in_words(sectors)} only."


class NotEligible(Refused):
    """The person may not book this course. `reasons` says why, and what to do."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(" ".join(reason.sentence for reason in reasons))
        self.reasons = reasons


class Clash(Refused):
    """The person has a place elsewhere at the same time and has not confirmed that they want both."""

    def __init__(self, title: str, starts_at: datetime, reference: str) -> None:
        super().__init__(f"There is already a booking for {title} at the same time.")
        self.title, self.starts_at, self.reference = title, starts_at, reference


def bars(
    sector: Sector, sectors: Sequence[str], missing: Sequence[Course], *, agency: str = ""
) -> list[Reason]:
    """Why a person of this sector who has not completed `missing` cannot book.

    The sentences address the person, or name the `agency` if someone else books for the person.
    """
    found = []
    if sectors and sector.value not in sectors:
        found.append(Reason(f"{only_for(sectors)} {agency or 'Your agency'} is listed as “{sector.value}”."))
    needs = "They need" if agency else "You need"
    found += [Reason(f"{needs} to have completed {course.title} first.", course) for course in missing]
    return found


def check_bars(sector: Sector, sectors: Sequence[str], missing: Sequence[Course] = ()) -> None:
    """Raises NotEligible, with every reason that `bars` finds."""
    if reasons := bars(sector, sectors, missing):
        raise NotEligible(reasons)
