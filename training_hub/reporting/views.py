"""The door to the reports."""

from datetime import date
from typing import Any

from flask import Blueprint, Flask, abort, current_app, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Select, func, select
from werkzeug.wrappers import Response

from training_hub import clock, paper
from training_hub.access import Permission, requires
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.reporting import charts, files, pdf, people_files, queries, rules, tables
from training_hub.reporting.models import Outcome, Report
from training_hub.web.addresses import LARGEST_ID
from training_hub.web.pages import download, download_file, navigation_item
from training_hub.web.periods import Period, period_of, years

blueprint = Blueprint("reporting", __name__, url_prefix="/reports")

PAGE = 50
TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PEOPLE_FILES = ("csv", "xlsx")


def init_app(app: Flask) -> None:
    """Open the door."""
    app.register_blueprint(blueprint)
    navigation_item("Report", "reporting.programme", Permission.READ_REPORTS, place=40)


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
        outcomes=Outcome,
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


@blueprint.get("/programme/people")
@requires(Permission.SEE_NAMES_BEHIND_FIGURES)
def people() -> str:
    """The people behind one figure, or behind the whole report."""
    period, figure, course_id, statement = _people_asked_for()
    asked = {"figure": figure, **_query(period.first, period.last), "course": course_id}
    number = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    pages = max(1, -(-number // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    rows = db.session.execute(statement.limit(PAGE).offset((page - 1) * PAGE)).all()
    return render_template(
        "reporting/people.html",
        figure=queries.FIGURES[figure],
        rows=rows,
        number=number,
        page=page,
        pages=pages,
        period=period,
        course=rows[0].course if rows and course_id is not None else "",
        outcome_of=rules.OUTCOME_OF,
        page_href=lambda wanted: url_for("reporting.people", **asked, page=wanted),
        files={kind: url_for("reporting.people_file", kind=kind, **asked) for kind in PEOPLE_FILES},
    )


@blueprint.get("/programme/people.<any(csv, xlsx):kind>")
@requires(Permission.SEE_NAMES_BEHIND_FIGURES)
def people_file(kind: str) -> Response:
    """The same list, whole, as a file: a row for each booking."""
    period, figure, _, statement = _people_asked_for()
    name = f"people-{figure.replace('_', '-')}-{period.first}-to-{period.last}.{kind}"
    return download_file(people_files.written(queries.in_batches(statement), kind), name, TYPES[kind])


def _people_asked_for() -> tuple[Period, str, int | None, Select[*tuple[Any, ...]]]:
    period, figure = _good_period(), request.args.get("figure", "")
    if figure not in queries.FIGURES:
        abort(404)
    course_id = request.args.get("course", type=int)
    if course_id is not None and not 0 < course_id <= LARGEST_ID:
        abort(404)
    statement = queries.people_behind(
        current_user, figure, period.first, period.last, now=clock.now(), course_id=course_id
    )
    return period, figure, course_id, statement


def _file(report: Report, kind: str) -> bytes:
    if kind == "pdf":
        settings = current_app.config["SETTINGS"]
        path = url_for("reporting.programme", **_query(report.first, report.last))
        return pdf.as_pdf(report, partnership=settings.partnership_name, twin=f"{settings.base_url}{path}")
    return {"csv": files.as_csv, "json": files.as_json, "xlsx": files.as_xlsx}[kind](report)


def _good_period() -> Period:
    period = period_of(request.args, now=clock.now())
    if period.error:
        raise Refused(period.error)
    return period


def _svg(report: Report, which: str) -> str:
    draw = getattr(charts, which)
    return paper.responsive_svg(
        lambda width: draw(report, width),
        title=getattr(charts, f"{which}_title")(report),
        description="The table on this page has the same figures.",
        id_prefix=which,
    )


def _query(first: date, last: date) -> dict[str, Any]:
    return {"from": first.isoformat(), "to": last.isoformat()}
