"""The shape of what is written about a course."""

from dataclasses import dataclass

from training_hub.catalogue.models import Level


@dataclass(frozen=True, kw_only=True)
class CourseText:
    """What the catalogue says of one course."""

    key: str
    title: str
    board: str
    level: Level
    length: str
    hours: float
    validity_months: int | None
    summary: str
    aims: str
    outcomes: tuple[str, ...]
    audience: str
