"""The text of a course."""

from dataclasses import dataclass

from training_hub.catalogue.models import Level


@dataclass(frozen=True, kw_only=True)
class CourseText:
    """The catalogue's text about one course."""

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
