"""What people said about their courses: of everything, a course, a course date, a trainer, an agency."""

from dataclasses import replace
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, Scope, requires, scopes
from training_hub.catalogue.queries import boards, course_at, event_with_sessions
from training_hub.database import db
from training_hub.london import financial_year
from training_hub.people.models import Person
from training_hub.periods import Period, period_of
from training_hub.results.queries import breakdown as breakdown_queries
from training_hub.results.queries import counting as counting_queries
from training_hub.results.queries import results as results_queries
from training_hub.results.queries.counting import About
from training_hub.results.views.blueprint import blueprint
from training_hub.results.views.results_page import COMMENTS_OF_A_DATE, results_page

P = Permission


@blueprint.get("/results")
@requires(P.SEE_RESULTS)
def results() -> ResponseReturnValue:
    """The results of everything that the person may see, and the way to each part of it."""
    held = scopes(current_user, P.SEE_RESULTS)
    agency_id = current_user.agency_id
    if held == {Scope.AGENCY} and agency_id is not None:
        return redirect(url_for("results.agency_results", agency_id=agency_id, **_period_asked()), 303)
    now = clock.now()
    period = period_of(request.args, now=now)
    board = next((each for each in boards() if each.slug == request.args.get("board")), None)
    about = About(first=period.first, last=period.last, board_id=board.id if board else None)
    by = request.args.get("by", "")
    sees_all = Scope.ALL in held
    return results_page(
        about,
        now=now,
        period=period,
        heading="Results" if sees_all else "Results of your course dates",
        endpoint="results.results",
        arguments={"board": board.slug if board else None, "by": by or None},
        boards=boards() if sees_all else [],
        board=board,
        by=(by if by in {"trainers", "agencies"} else "courses") if sees_all else "dates",
        sees_returns=current_user.may(P.READ_REPORTS),
        own_agency=agency_id if Scope.AGENCY in held and not sees_all else None,
    )


@blueprint.get("/results/courses/<slug>")
@requires(P.SEE_RESULTS)
def course_results(slug: str) -> ResponseReturnValue:
    """The results of a course, over a period and from quarter to quarter."""
    now, course = clock.now(), course_at(slug) or abort(404)
    period = period_of(request.args, now=now)
    about = About(course_id=course.id, first=period.first, last=period.last)
    held = scopes(current_user, P.SEE_RESULTS)
    if Scope.ALL not in held and not breakdown_queries.has_dates(
        current_user, About(course_id=course.id), now=now
    ):
        abort(404)
    return results_page(
        about,
        now=now,
        period=period,
        heading=course.title,
        eyebrow="Results of a course",
        endpoint="results.course_results",
        arguments={"slug": slug},
        by="dates",
        is_over_time=True,
        course=slug,
    )


@blueprint.get("/results/dates/<int:event_id>")
@requires(P.SEE_RESULTS)
def date_results(event_id: int) -> ResponseReturnValue:
    """The results of one course date."""
    now, event = clock.now(), event_with_sessions(event_id) or abort(404)
    about = About(event_id=event_id)
    if not breakdown_queries.has_dates(current_user, about, now=now):
        abort(404)
    return results_page(
        about,
        now=now,
        period=None,
        heading=event.course.title,
        eyebrow="Results of a course date",
        event=event,
        endpoint="results.date_results",
        arguments={"event_id": event_id},
        crumbs=[(event.course.title, url_for("results.course_results", slug=event.course.slug))],
        comments_shown=COMMENTS_OF_A_DATE,
    )


@blueprint.get("/results/trainers/<int:person_id>")
@requires(P.SEE_RESULTS)
def trainer_results(person_id: int) -> ResponseReturnValue:
    """The results of the course dates that somebody trained at; to themselves, and to those who see everyone's."""
    now, person = clock.now(), db.session.get(Person, person_id) or abort(404)
    held = scopes(current_user, P.SEE_RESULTS)
    is_own = Scope.EVENT in held and person_id == current_user.id
    trained = breakdown_queries.has_dates(current_user, About(trainer_id=person_id), now=now)
    if not is_own and not (Scope.ALL in held and trained):
        abort(404)
    period = period_of(request.args, now=now)
    return results_page(
        About(trainer_id=person_id, first=period.first, last=period.last),
        now=now,
        period=period,
        heading=person.name,
        eyebrow="Results of a trainer",
        note="Where two train together, both are given all of it: the figures of trainers do not add up to the total.",
        endpoint="results.trainer_results",
        arguments={"person_id": person_id},
        by="dates",
    )


@blueprint.get("/results/agencies/<int:agency_id>")
@requires(P.SEE_RESULTS)
def agency_results(agency_id: int) -> ResponseReturnValue:
    """The results of an agency's people, as at booking."""
    now, agency = clock.now(), counting_queries.agency_seen_by(current_user, agency_id) or abort(404)
    about = About(agency_id=agency_id)
    period = period_of(request.args, now=now)
    is_whole = not results_queries.sees_few(current_user)
    if is_whole and not period.error:
        period = Period(financial_year(period.first)[0], financial_year(period.last)[1])
    return results_page(
        replace(about, first=period.first, last=period.last),
        now=now,
        period=period,
        heading=agency.name,
        eyebrow="Results of an agency",
        note="Everyone counts for the agency that they worked for when they booked. "
        "Anonymous forms belong to no agency, so they are not in these figures.",
        is_whole_years=is_whole,
        endpoint="results.agency_results",
        arguments={"agency_id": agency_id},
    )


def _period_asked() -> dict[str, Any]:
    return {name: request.args[name] for name in ("from", "to") if request.args.get(name)}
