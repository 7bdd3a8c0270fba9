"""Reading filters from the address of a page of results or comments."""

from typing import Any

from flask import request

from training_hub import clock
from training_hub.catalogue.queries import course_at
from training_hub.evaluation.models.answers import Review
from training_hub.periods import period_of
from training_hub.questionnaires.models import Stage
from training_hub.results.queries.comments import CommentFilter
from training_hub.results.queries.counting import ResultsFilter
from training_hub.web.addresses import number_in

KEPT = ("q", "course", "theme", "state", "stage", "date", "agency", "trainer", "board", "from", "to")
"""The parts of an address that filter comments."""


def results_filter() -> ResultsFilter:
    """The results that the address asks for. A course, trainer or the like that does not exist finds nothing."""
    slug = request.args.get("course")
    course = course_at(slug) if slug else None
    has_period = request.args.get("from") or request.args.get("to")
    period = period_of(request.args, now=clock.now()) if has_period else None
    return ResultsFilter(
        course_id=(course.id if course else 0) if slug else None,
        event_id=_id("date"),
        agency_id=_id("agency"),
        trainer_id=_id("trainer"),
        board_id=_id("board"),
        first=period.first if period else None,
        last=period.last if period else None,
    )


def comment_filter() -> CommentFilter:
    """The comments that the address asks for."""
    state = request.args.get("state", "")
    return CommentFilter(
        words=request.args.get("q", "")[:200],
        theme_id=_id("theme"),
        state=Review(state) if state in {each.value for each in Review} else None,
        stage=stage_asked(),
    )


def stage_asked() -> Stage | None:
    """The stage that the address asks for."""
    return next((stage for stage in Stage if slug_of(stage) == request.args.get("stage")), None)


def slug_of(stage: Stage) -> str:
    """A stage as an address has it: "six-weeks"."""
    return stage.value.replace(" ", "-")


def kept_query() -> dict[str, Any]:
    """The parts of the address that filter comments."""
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _id(name: str) -> int | None:
    text = request.args.get(name)
    return (number_in(text) or 0) if text else None
