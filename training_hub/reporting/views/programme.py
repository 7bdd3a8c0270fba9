"""The programme's figures, as a page and as files."""

from flask import current_app, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.paper.svg import responsive_svg
from training_hub.periods import Period, period_of, years
from training_hub.reporting.models import Filters
from training_hub.reporting.programme import programme_report
from training_hub.reporting.queries import programme as queries
from training_hub.reporting.rules import period_before, reconciliation, room_identity
from training_hub.reporting.views.blueprint import blueprint, good_period
from training_hub.tables.files import TABLE_TYPES, TYPES, written
from training_hub.tables.table import Picture
from training_hub.web.pages import download_file


@blueprint.get("/programme")
@requires(Permission.READ_REPORTS)
def programme() -> tuple[str, int]:
    """Show the programme's figures for a period."""
    now = clock.now()
    period = period_of(request.args, now=now)
    figures = queries.programme(current_user, _filters(period), now=now)
    report = programme_report(figures)
    page = render_template(
        "reporting/programme.html",
        programme=figures,
        report=report,
        period=period,
        proofs=[reconciliation(figures.totals), room_identity(figures.totals)],
        years=years(period, lambda query: url_for("reporting.programme", **query), now=now),
        compared=period_before(period.first, period.last),
        charts={picture.key: _svg(picture) for picture in report.pictures},
        may_see_names=current_user.may(Permission.SEE_NAMES_BEHIND_FIGURES),
        files=list(TYPES),
        people_files=TABLE_TYPES,
    )
    return page, 422 if period.error else 200


@blueprint.get("/programme.<any(csv, json, pdf, xlsx):kind>")
@requires(Permission.READ_REPORTS)
def programme_file(kind: str) -> Response:
    """Send the programme's figures for a period as a file."""
    period, settings = good_period(), current_app.config["SETTINGS"]
    report = programme_report(
        queries.programme(current_user, _filters(period), now=clock.now()),
        partnership=settings.partnership_name,
        address=settings.base_url + url_for("reporting.programme", **period.query),
    )
    name = f"training-programme-{period.first}-to-{period.last}.{kind}"
    return download_file(written(report, kind), name, TYPES[kind])


def _filters(period: Period) -> Filters:
    return Filters(first=period.first, last=period.last)


def _svg(picture: Picture) -> str:
    if picture.draw is None:
        return ""
    return responsive_svg(
        picture.draw,
        title=picture.title,
        description="The table on this page has the same figures.",
        id_prefix=picture.key,
    )
