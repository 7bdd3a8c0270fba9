"""The page of response rates."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.evaluation.models.invitations import Channel
from training_hub.paper.charts import bars
from training_hub.paper.svg import responsive_svg
from training_hub.periods import period_of, years
from training_hub.questionnaires.models import Stage
from training_hub.questionnaires.rules.wording import STAGES
from training_hub.results.queries import response_rates as queries
from training_hub.results.queries.counting import ResultsFilter
from training_hub.results.queries.results import sees_small_groups
from training_hub.results.rules.response_rates import CHANNELS, by_time
from training_hub.results.rules.results import Spread
from training_hub.results.views.blueprint import blueprint
from training_hub.results.views.filters import slug_of, stage_asked
from training_hub.results.views.results import BY
from training_hub.wording import percentage


@blueprint.get("/results/returns")
@requires(Permission.READ_REPORTS)
def response_rates() -> tuple[str, int]:
    """Show how many evaluations were returned, by which link and after how long, for each course, trainer or agency."""
    now, actor = clock.now(), current_user._get_current_object()
    period = period_of(request.args, now=now)
    if not sees_small_groups(actor):
        # The difference between two overlapping periods might reveal one person's answer. Whole years do not overlap.
        period = period.year
    stage, by = stage_asked() or Stage.END, request.args.get("by", "")
    by = by if by in BY else "courses"
    about = ResultsFilter(first=period.first, last=period.last)
    rates = queries.response_rates(actor, about, stage, by, now=now)
    arguments = {"stage": slug_of(stage), "by": by, **period.query}

    def href(**changed: Any) -> str:
        return url_for("results.response_rates", **{**arguments, **changed})

    page = render_template(
        "results/response_rates.html",
        period=period,
        rates=rates,
        years=years(period, lambda year: href(**year), now=now),
        stages=[(STAGES[each], href(stage=slug_of(each)), each is stage) for each in rates.stages],
        kept={"stage": slug_of(stage), "by": by},
        channels=[(label, rates.channels.get(channel, 0)) for channel, label in CHANNELS.items()],
        title=_title(rates.channels, rates.returns.answered),
        chart=_chart(rates.channels, rates.returns.answered),
        times=by_time(rates.days),
        median=Spread(counts=rates.days).median,
        by=by,
        by_tabs=[(label, f"{href(by=name)}#by", name == by) for name, label in BY.items()],
    )
    return page, 422 if period.error else 200


def _title(channels: Mapping[Channel | None, int], answered: int) -> str:
    """The message of the chart, in one sentence."""
    if not answered:
        return ""
    if 2 * channels.get(None, 0) > answered:
        unknown = "any of the" if channels[None] == answered else f"{channels[None]:,} of"
        return f"We do not know how {unknown} {answered:,} people replied"
    known = [channel for channel in CHANNELS if channel is not None and channels.get(channel)]
    most = max(known, key=lambda channel: channels[channel])
    return f"Most common: {CHANNELS[most]}, {channels[most]:,} of {answered:,} replies"


def _chart(channels: Mapping[Channel | None, int], answered: int) -> str:
    rows = [
        (label, number, f"{number:,} ({percentage(number / answered)})" if number else "0")
        for channel, label in CHANNELS.items()
        for number in [channels.get(channel, 0)]
    ]
    return responsive_svg(
        lambda width: bars(rows, width=width),
        title=_title(channels, answered),
        description="The table below has the same figures.",
        id_prefix="ways",
    )
