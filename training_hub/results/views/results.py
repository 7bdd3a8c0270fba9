"""Results of everything, a course, a course date, a trainer or an agency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, Scope, requires, scopes
from training_hub.catalogue.models import Event
from training_hub.catalogue.queries import boards, course_at, event_with_sessions
from training_hub.database import db
from training_hub.london import financial_year
from training_hub.paper.means import Mean, means_line
from training_hub.paper.svg import responsive_svg
from training_hub.people.models import Board, Person
from training_hub.periods import Period, period_of, years
from training_hub.questionnaires.rules.wording import STAGES
from training_hub.results.queries.breakdown import has_dates
from training_hub.results.queries.counting import ResultsFilter, agency_seen_by
from training_hub.results.queries.results import sees_small_groups
from training_hub.results.queries.results_page import OverTime, PageChoice, results_page
from training_hub.results.rules.results import WHY_ALONE, WHY_UNPAIRED
from training_hub.results.views.blueprint import blueprint
from training_hub.results.views.filters import slug_of, stage_asked
from training_hub.tables.files import TABLE_TYPES
from training_hub.wording import plural

P = Permission
BY = {"courses": "By course", "trainers": "By trainer", "agencies": "By agency"}
COMMENTS_OF_A_DATE = 100


@dataclass(frozen=True, kw_only=True)
class Head:
    """The heading of a page of results, its links, and its address."""

    heading: str
    endpoint: str
    arguments: Mapping[str, Any]
    eyebrow: str = ""
    note: str = ""
    event: Event | None = None
    boards: Sequence[Board] = ()
    board: Board | None = None
    links: Sequence[tuple[str, str]] = ()
    is_whole_years: bool = False


@blueprint.get("/results")
@requires(P.SEE_RESULTS)
def results() -> ResponseReturnValue:
    """The results of everything that the reader may see, and links to each part."""
    held, agency_id = scopes(current_user, P.SEE_RESULTS), current_user.agency_id
    if held == {Scope.AGENCY} and agency_id is not None:
        asked: dict[str, Any] = {name: request.args[name] for name in ("from", "to") if name in request.args}
        return redirect(url_for("results.agency_results", agency_id=agency_id, **asked), 303)
    period = period_of(request.args, now=clock.now())
    sees_all = Scope.ALL in held
    board = next((each for each in boards() if each.slug == request.args.get("board")), None)
    by = request.args.get("by", "")
    head = Head(
        heading="Results" if sees_all else "Results of your course dates",
        endpoint="results.results",
        arguments={"board": board.slug if board else None, "by": by or None},
        boards=boards() if sees_all else [],
        board=board,
        links=_links(period, agency_id if Scope.AGENCY in held and not sees_all else None),
    )
    if not sees_all:
        by = "dates"
    elif by not in BY:
        by = "courses"
    return _page(head, ResultsFilter(board_id=board.id if board else None), PageChoice(by=by), period)


def _links(period: Period, own_agency: int | None) -> list[tuple[str, str]]:
    links = []
    if current_user.may(P.READ_REPORTS):
        links.append(("Response rates", url_for("results.response_rates", **period.query)))
        links.append(("Actions from evaluations", url_for("improvement.actions")))
    if own_agency:
        links.append(("Results of your agency", url_for("results.agency_results", agency_id=own_agency)))
    return links


@blueprint.get("/results/courses/<slug>")
@requires(P.SEE_RESULTS)
def course_results(slug: str) -> ResponseReturnValue:
    """The results of a course, over a period and by quarter."""
    course = course_at(slug) or abort(404)
    about = ResultsFilter(course_id=course.id)
    sees_all = Scope.ALL in scopes(current_user, P.SEE_RESULTS)
    if not sees_all and not has_dates(current_user, about, now=clock.now()):
        abort(404)
    head = Head(
        heading=course.title,
        eyebrow="Results of a course",
        endpoint="results.course_results",
        arguments={"slug": slug},
    )
    choice = PageChoice(by="dates", over_time=True, question=request.args.get("question", ""))
    return _page(head, about, choice, period_of(request.args, now=clock.now()))


@blueprint.get("/results/dates/<int:event_id>")
@requires(P.SEE_RESULTS)
def date_results(event_id: int) -> ResponseReturnValue:
    """The results of one course date."""
    event, about = event_with_sessions(event_id) or abort(404), ResultsFilter(event_id=event_id)
    if not has_dates(current_user, about, now=clock.now()):
        abort(404)
    head = Head(
        heading=event.course.title,
        eyebrow="Results of a course date",
        event=event,
        endpoint="results.date_results",
        arguments={"event_id": event_id},
    )
    return _page(head, about, PageChoice(most_comments=COMMENTS_OF_A_DATE), None)


@blueprint.get("/results/trainers/<int:person_id>")
@requires(P.SEE_RESULTS)
def trainer_results(person_id: int) -> ResponseReturnValue:
    """The results of a trainer's course dates, for the trainer and for readers who see everyone's."""
    person, about = db.session.get(Person, person_id) or abort(404), ResultsFilter(trainer_id=person_id)
    held = scopes(current_user, P.SEE_RESULTS)
    is_own = Scope.EVENT in held and person_id == current_user.id
    if not is_own and not (Scope.ALL in held and has_dates(current_user, about, now=clock.now())):
        abort(404)
    head = Head(
        heading=person.name,
        eyebrow="Results of a trainer",
        note="A course date with two trainers counts in full for both, so trainers’ figures do not add up.",
        endpoint="results.trainer_results",
        arguments={"person_id": person_id},
    )
    return _page(head, about, PageChoice(by="dates"), period_of(request.args, now=clock.now()))


@blueprint.get("/results/agencies/<int:agency_id>")
@requires(P.SEE_RESULTS)
def agency_results(agency_id: int) -> ResponseReturnValue:
    """The results of an agency's people, as at booking."""
    agency = agency_seen_by(current_user, agency_id) or abort(404)
    period = period_of(request.args, now=clock.now())
    is_whole_years = not sees_small_groups(current_user)
    if is_whole_years and not period.error:
        period = Period(financial_year(period.first)[0], financial_year(period.last)[1])
    head = Head(
        heading=agency.name,
        eyebrow="Results of an agency",
        note="People count for the agency they worked for when they booked. "
        "Anonymous answers belong to no agency, so they are not included.",
        is_whole_years=is_whole_years,
        endpoint="results.agency_results",
        arguments={"agency_id": agency_id},
    )
    return _page(head, ResultsFilter(agency_id=agency_id), PageChoice(), period)


def _page(head: Head, about: ResultsFilter, choice: PageChoice, period: Period | None) -> ResponseReturnValue:
    """The page of results that every view here shows."""
    now = clock.now()
    if period:
        about = replace(about, first=period.first, last=period.last)
    page = results_page(
        current_user._get_current_object(), about, replace(choice, stage=stage_asked()), now=now
    )
    query = period.query if period else {}
    arguments = {**head.arguments, **query, "stage": slug_of(page.stage)}

    def href(**changed: Any) -> str:
        return url_for(head.endpoint, **{**arguments, **changed})

    rendered = render_template(
        "results/page.html",
        head=head,
        page=page,
        period=period,
        query=query,
        years=years(period, lambda year: href(**year), now=now) if period else [],
        action=url_for(head.endpoint, **head.arguments),
        kept={name: arguments[name] for name in ("board", "by", "stage") if arguments.get(name)},
        stages=[(STAGES[each], href(stage=slug_of(each)), each is page.stage) for each in page.stages],
        stage_label=STAGES[page.stage],
        why_unpaired=WHY_UNPAIRED,
        why_alone=WHY_ALONE,
        chart=_chart(page.over_time) if page.over_time else "",
        by_tabs=[(label, href(by=name), name == page.breakdown.by) for name, label in BY.items()],
        filtered=_filtered(about, arguments),
        file_kinds=list(TABLE_TYPES) if page.reviews else [],
    )
    return rendered, 422 if period and period.error else 200


def _filtered(about: ResultsFilter, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The query of links from a page of results to its comments and files."""
    narrowed = {
        "course": arguments.get("slug"),
        "date": about.event_id,
        "trainer": about.trainer_id,
        "agency": about.agency_id,
        "board": about.board_id,
        **{name: arguments.get(name) for name in ("stage", "from", "to")},
    }
    return {name: value for name, value in narrowed.items() if value}


def _chart(over_time: OverTime) -> str:
    means = [
        Mean(
            lines=(*quarter.label.rsplit(" ", 1), plural(quarter.n, "answer")),
            now=quarter.mean,
            before=quarter.before,
            mark=", ".join(quarter.begins),
        )
        for quarter in over_time.quarters
    ]
    chosen = over_time.chosen
    return responsive_svg(
        lambda width: means_line(means, low=chosen.low, high=chosen.high, width=width),
        title=f"{chosen.text}: {over_time.title}",
        description="The table below has the same figures.",
        id_prefix="over-time",
    )
