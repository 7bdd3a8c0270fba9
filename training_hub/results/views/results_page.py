"""The one page of results, whoever and whatever they are of: figures, comments, quarters, and ways to look closer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from training_hub.paper import means as means_paper
from training_hub.paper import svg as svg_paper
from training_hub.people.models import Person
from training_hub.periods import Period, years
from training_hub.questionnaires.models import QuestionKind, Stage
from training_hub.questionnaires.rules.wording import STAGES
from training_hub.results.queries import breakdown as breakdown_queries
from training_hub.results.queries import comments as comments_queries
from training_hub.results.queries import response_rates as response_rates_queries
from training_hub.results.queries import results as results_queries
from training_hub.results.queries import returns as returns_queries
from training_hub.results.queries.breakdown import DateRow, Row
from training_hub.results.queries.counting import About
from training_hub.results.queries.results import Reading
from training_hub.results.rules.counting import Topic
from training_hub.results.rules.over_time import Quarter, quarters
from training_hub.results.rules.results import WHY_ALONE, WHY_UNPAIRED, Result
from training_hub.results.rules.small_groups import TOO_FEW, TOO_FEW_OF_ANY
from training_hub.tables.files import TABLE_TYPES

CHARTED = (QuestionKind.BEFORE_NOW, QuestionKind.SCALE)
"""The kinds that have a mean to draw, and which is drawn first."""
COMMENTS_BESIDE, COMMENTS_OF_A_DATE, DATES_LISTED = 8, 100, 60
YEARS_BACK, MOST_COLUMNS = 3, 3


def results_page(
    about: About,
    *,
    now: datetime,
    period: Period | None,
    endpoint: str,
    arguments: dict[str, Any],
    course: str = "",
    comments_shown: int = COMMENTS_BESIDE,
    by: str = "",
    is_over_time: bool = False,
    **facts: Any,
) -> tuple[str, int]:
    """The results of what is asked about; `facts` are for the top of the page, `by` says how its end divides them."""
    actor = current_user._get_current_object()
    read = results_queries.reading(actor, about, now=now)
    stage = _stage(read)
    found = read.results(stage)
    query = period.query if period else {}

    def href(**changed: Any) -> str:
        return url_for(endpoint, **{**arguments, **query, "stage": _slug(stage), **changed})

    reviews = results_queries.sees_few(actor)
    has_comments = reviews or about.agency_id is None
    wanted = comments_queries.Wanted(stage=stage)
    dates = breakdown_queries.dates(actor, about, read.by_event.get(stage, {}), now=now) if by else []
    narrowed = {
        "course": course,
        "date": about.event_id,
        "trainer": about.trainer_id,
        "agency": about.agency_id,
        "board": about.board_id,
        "stage": _slug(stage),
        **query,
    }
    filtered = {name: value for name, value in narrowed.items() if value}
    rows = _rows(actor, about, read, dates, by, stage, now=now)
    others, year = None, None
    if by == "agencies" and not reviews and period:
        # Of two periods that overlap the difference may be one person of an agency, and so it may of one board and all;
        # of whole years none do.
        year = period.year
        of_year = replace(about, first=year.first, last=year.last, board_id=None)
        found_rows = breakdown_queries.by_agency(actor, of_year, stage, now=now)
        shown, others = response_rates_queries.shown_rows(actor, found_rows, adds_up=True)
        rows = [(row, {}) for row in shown]
    page = render_template(
        "results/page.html",
        **facts,
        period=period,
        years=years(period, lambda year: href(**year), now=now) if period else [],
        action=url_for(endpoint, **arguments),
        arguments={name: value for name, value in arguments.items() if name in {"board", "by"} and value},
        stages=[(STAGES[each], href(stage=_slug(each)), each is stage) for each in read.stages],
        stage=stage,
        stage_slug=_slug(stage),
        stage_words=STAGES[stage],
        returns=read.returns.get(stage),
        is_untold=stage in read.untold,
        results=found,
        sections=_sections(found),
        pairs=[result for result in found if result.shift],
        left_out=_same_left_out(found),
        is_too_few=bool(found) and not any(result.n for result in found),
        too_few=TOO_FEW if about.event_id else TOO_FEW_OF_ANY,
        why_unpaired=WHY_UNPAIRED,
        why_alone=WHY_ALONE,
        alone=returns_queries.before_alone(actor, about, now=now) if stage is Stage.BEFORE else {},
        charts=_over_time(actor, about, found, now=now, href=href) if is_over_time else None,
        by=by,
        columns=_columns(found),
        rows=rows,
        others=others,
        year=year,
        dates=dates[:DATES_LISTED] if by == "dates" else [],
        dates_left=max(len(dates) - DATES_LISTED, 0) if by == "dates" else 0,
        by_tabs=[
            (label, href(by=name), by == name)
            for name, label in (
                ("courses", "By course"),
                ("trainers", "By trainer"),
                ("agencies", "By agency"),
            )
        ],
        query=query,
        comments=comments_queries.comments(actor, about, wanted, now=now, limit=comments_shown)
        if has_comments
        else [],
        comments_in_all=comments_queries.number_of_comments(actor, about, wanted, now=now)
        if has_comments
        else 0,
        themes=comments_queries.theme_counts(actor, about, wanted, now=now) if reviews else [],
        reviews=reviews,
        filtered=filtered,
        files=[(kind, url_for("results.results_file", kind=kind, **filtered)) for kind in TABLE_TYPES]
        if reviews
        else [],
    )
    return page, 422 if period and period.error else 200


def _stage(read: Reading) -> Stage:
    """The stage that is asked for; else the end, or the first of which there is anything."""
    asked = request.args.get("stage", "")
    for stage in Stage:
        if _slug(stage) == asked:
            return stage
    return Stage.END if Stage.END in read.stages or not read.stages else read.stages[0]


def _slug(stage: Stage) -> str:
    return stage.value.replace(" ", "-")


def _sections(found: Sequence[Result]) -> list[tuple[str, list[Result]]]:
    """The results under the headings of the form, in its order."""
    sections: dict[str, list[Result]] = {}
    for result in found:
        sections.setdefault(result.section, []).append(result)
    return list(sections.items())


def _same_left_out(found: Sequence[Result]) -> int | None:
    """How many answers are left out, where it is as many of every question; None where they differ."""
    numbers = {result.left_out for result in found}
    return numbers.pop() if len(numbers) == 1 else None if numbers else 0


def _columns(found: Sequence[Result]) -> list[Result]:
    """What courses are compared by: how far people moved; where nothing says so, the first means."""
    pairs = [result for result in found if result.shift]
    return (pairs or [result for result in found if result.mean is not None])[:MOST_COLUMNS]


def _rows(
    actor: Person,
    about: About,
    read: Reading,
    dates: Sequence[DateRow],
    by: str,
    stage: Stage,
    *,
    now: datetime,
) -> list[tuple[Row, dict[Topic, Result]]]:
    """What the results can be divided into: a course with its before-and-now pairs, a trainer or an agency."""
    if by == "courses":
        return [
            (row, {each.topic: each for each in read.of_course(row.course_id, stage)})
            for row in breakdown_queries.by_course(dates)
        ]
    if by == "trainers":
        return [(row, {}) for row in breakdown_queries.by_trainer(dates)]
    return (
        [(row, {}) for row in breakdown_queries.by_agency(actor, about, stage, now=now)]
        if by == "agencies"
        else []
    )


def _over_time(
    actor: Person, about: About, found: Sequence[Result], *, now: datetime, href: Any
) -> dict[str, Any] | None:
    """One question's means from quarter to quarter, up to the end of the period, and the questions to choose from."""
    charted = sorted(
        (each for each in found if each.kind in CHARTED), key=lambda each: CHARTED.index(each.kind)
    )
    if not charted or about.first is None:
        return None
    chosen = next((each for each in charted if each.topic.key == request.args.get("question")), charted[0])
    since = replace(about, first=about.first.replace(year=about.first.year - YEARS_BACK, day=1))
    rows = quarters(chosen.topic, *results_queries.over_time(actor, since, now=now))
    if not rows:
        return None
    return {
        "chosen": chosen,
        "choices": [(each.topic.key, each.text) for each in charted],
        "rows": rows,
        "has_versions": any(row.begins for row in rows),
        "title": _over_time_title(rows),
        "svg": svg_paper.responsive_svg(
            lambda width: means_paper.means_line(
                [_mean(row) for row in rows], low=chosen.low, high=chosen.high, width=width
            ),
            title=f"{chosen.text}: {_over_time_title(rows)}",
            description="The table beneath has the same figures.",
            id_prefix="over-time",
        ),
    }


def _mean(row: Quarter) -> means_paper.Mean:
    months, year = row.label.rsplit(" ", 1)
    return means_paper.Mean(
        lines=(months, year, f"{row.n:,} answers" if row.n != 1 else "1 answer"),
        now=row.mean,
        before=row.before,
        mark=", ".join(row.begins),
    )


def _over_time_title(rows: Sequence[Quarter]) -> str:
    """What the line says, in one sentence."""
    known = [row for row in rows if row.mean is not None]
    if not known:
        return "Too few answers in any quarter to show"
    first, last = known[0], known[-1]
    if first is last:
        return f"{last.mean:.1f} of 5 in {last.label}"
    return f"{first.mean:.1f} of 5 in {first.label}, {last.mean:.1f} in {last.label}"
