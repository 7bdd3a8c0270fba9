"""What brings evaluations back, for those who read figures."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.evaluation.models.invitations import Channel
from training_hub.paper import bars as bars_paper
from training_hub.paper import svg as svg_paper
from training_hub.people.models import Person
from training_hub.periods import period_of, years
from training_hub.questionnaires.models import Stage
from training_hub.questionnaires.rules.wording import STAGES
from training_hub.results.queries import breakdown as breakdown_queries
from training_hub.results.queries import response_rates as response_rates_queries
from training_hub.results.queries import results as results_queries
from training_hub.results.queries import returns as returns_queries
from training_hub.results.queries.breakdown import Row
from training_hub.results.queries.counting import About
from training_hub.results.rules.counting import Returns, total_returns
from training_hub.results.rules.response_rates import WAYS, by_time
from training_hub.results.rules.results import Spread
from training_hub.results.rules.small_groups import FEWEST
from training_hub.results.views.blueprint import blueprint
from training_hub.wording import percentage

HOW = {
    **WAYS,
    Channel.CLASSROOM: "Answering in the room",
    Channel.INVITATION: "The first mail",
    Channel.CERTIFICATE: "The certificate page",
    Channel.SIGNED_IN: "Signing in",
}
BY = {"courses": "By course", "trainers": "By trainer", "agencies": "By agency"}


@blueprint.get("/results/returns")
@requires(Permission.READ_REPORTS)
def returns() -> tuple[str, int]:
    """By which way evaluations came back, after how long, and from whom."""
    now, actor = clock.now(), current_user._get_current_object()
    period = period_of(request.args, now=now)
    is_whole_year = not results_queries.sees_few(actor)
    if is_whole_year:
        # Of two periods that overlap the difference may be one person; of whole years none do.
        period = period.year
    about = About(first=period.first, last=period.last)
    of_stage = returns_queries.returns(actor, about, now=now)
    stages = [stage for stage in Stage if stage in of_stage]
    asked = request.args.get("stage", "").replace("-", " ")
    stage = next((each for each in stages if each.value == asked), Stage.END)
    by = request.args.get("by", "")
    by = by if by in BY else "courses"
    back = total_returns(of_stage.get(stage, {}).values())
    ways = response_rates_queries.ways(actor, about, stage, now=now)
    days = response_rates_queries.days(actor, about, stage, now=now)
    found = _rows(actor, about, of_stage.get(stage, {}), stage, by, now=now)
    rows, others = response_rates_queries.shown_rows(actor, found, adds_up=by != "trainers")

    def href(**changed: Any) -> str:
        kept = {"stage": stage.value.replace(" ", "-"), "by": by, **period.query}
        return url_for("results.returns", **{**kept, **changed})

    page = render_template(
        "results/returns.html",
        period=period,
        is_whole_year=is_whole_year,
        is_too_few=is_whole_year and back.due < FEWEST,
        years=years(period, lambda year: href(**year), now=now),
        stages=[(STAGES[each], href(stage=each.value.replace(" ", "-")), each is stage) for each in stages],
        stage=stage.value.replace(" ", "-"),
        back=back,
        ways=[(words, ways.get(way, 0)) for way, words in WAYS.items()],
        title=_title(ways, back.answered),
        chart=_chart(ways, back.answered),
        times=by_time(days),
        median=Spread(counts=days).quantile(0.5),
        copied=response_rates_queries.copied(actor, about, stage, now=now),
        by=by,
        by_tabs=[(words, f"{href(by=name)}#by", name == by) for name, words in BY.items()],
        rows=rows,
        others=others,
    )
    return page, 422 if period.error else 200


def _rows(
    actor: Person, about: About, found: Mapping[int, Returns], stage: Stage, by: str, *, now: datetime
) -> list[Row]:
    if by == "agencies":
        return breakdown_queries.by_agency(actor, about, stage, now=now)
    dates = breakdown_queries.dates(actor, about, found, now=now)
    if by == "courses":
        return breakdown_queries.by_course(dates)
    if not results_queries.sees_few(actor):
        # Who trained where is public: what one trainer has beyond another are whole course dates.
        dates = [row for row in dates if row.returns.due >= FEWEST]
    return breakdown_queries.by_trainer(dates)


def _title(ways: Mapping[Channel | None, int], answered: int) -> str:
    """What the chart says, in one sentence."""
    if not answered:
        return ""
    if 2 * ways.get(None, 0) > answered:
        return f"By which way they came back is not known of {ways[None]:,} of {answered:,}"
    order = list(WAYS)
    most = max((way for way in ways if way is not None), key=lambda way: (ways[way], -order.index(way)))
    return f"{HOW[most]} brought back the most: {ways[most]:,} of {answered:,}"


def _chart(ways: Mapping[Channel | None, int], answered: int) -> str:
    rows = [
        (words, number, f"{number:,} ({percentage(number / answered)})" if number else "0")
        for way, words in WAYS.items()
        for number in [ways.get(way, 0)]
    ]
    return svg_paper.responsive_svg(
        lambda width: bars_paper.bars(rows, width=width),
        title=_title(ways, answered),
        description="The table beneath has the same figures.",
        id_prefix="ways",
    )
