"""The door to the reports."""

from flask import current_app, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.paper import svg as svg_paper
from training_hub.periods import period_of, years
from training_hub.reporting import charts, files, pdf, rules, tables
from training_hub.reporting.models import Report
from training_hub.reporting.people_files import PEOPLE_FILES
from training_hub.reporting.queries import programme as queries
from training_hub.reporting.views.blueprint import _good_period, _query, blueprint
from training_hub.tables.table import TYPES
from training_hub.web.pages import download


@blueprint.get("/programme")
@requires(Permission.READ_REPORTS)
def programme() -> tuple[str, int]:
    """The programme's figures for a period."""
    now = clock.now()
    period = period_of(request.args, now=now)
    report = queries.programme(period.first, period.last, now=now)
    page = render_template(
        "reporting/programme.html",
        report=report,
        period=period,
        reconciliation=rules.reconciliation(report.totals),
        room_identity=rules.room_identity(report.totals),
        years=years(period, lambda query: url_for("reporting.programme", **query), now=now),
        compared=rules.period_before(period.first, period.last),
        outcomes_title=charts.outcomes_title(report),
        returns_title=charts.returns_title(report),
        outcomes_chart=_svg(report, "outcomes"),
        returns_chart=_svg(report, "returns"),
        may_see_names=current_user.may(Permission.SEE_NAMES_BEHIND_FIGURES),
        files=list(TYPES),
        people_files=PEOPLE_FILES,
        definitions=tables.DEFINITIONS,
    )
    return page, 422 if period.error else 200


@blueprint.get("/programme.<any(csv, json, pdf, xlsx):kind>")
@requires(Permission.READ_REPORTS)
def programme_file(kind: str) -> Response:
    """The same figures as a file."""
    now = clock.now()
    period = _good_period()
    report = queries.programme(period.first, period.last, now=now)
    name = f"training-programme-{period.first}-to-{period.last}.{kind}"
    return download(_file(report, kind), name, TYPES[kind])


def _file(report: Report, kind: str) -> bytes:
    if kind == "pdf":
        settings = current_app.config["SETTINGS"]
        path = url_for("reporting.programme", **_query(report.first, report.last))
        return pdf.as_pdf(report, partnership=settings.partnership_name, twin=f"{settings.base_url}{path}")
    return {"csv": files.as_csv, "json": files.as_json, "xlsx": files.as_xlsx}[kind](report)


def _svg(report: Report, which: str) -> str:
    draw = getattr(charts, which)
    return svg_paper.responsive_svg(
        lambda width: draw(report, width),
        title=getattr(charts, f"{which}_title")(report),
        description="The table on this page has the same figures.",
        id_prefix=which,
    )
