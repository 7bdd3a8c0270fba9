"""The comments of evaluations, to search, and one at a time to review."""

from collections.abc import Callable
from math import ceil
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.catalogue.queries import course_addresses, course_at
from training_hub.errors import Refused
from training_hub.evaluation.models.answers import Review
from training_hub.periods import period_of
from training_hub.questionnaires.models import Stage
from training_hub.results.actions import comments as comments_actions
from training_hub.results.forms import HINTS, CommentsForm, ReviewForm
from training_hub.results.queries import comments as comments_queries
from training_hub.results.queries import themes as themes_queries
from training_hub.results.queries.comments import Wanted
from training_hub.results.queries.counting import About
from training_hub.results.views.blueprint import blueprint
from training_hub.web.addresses import LARGEST_ID
from training_hub.web.forms import render_form_page

P = Permission
KEPT = ("q", "course", "theme", "state", "stage", "date", "agency", "trainer", "board", "from", "to")
"""What an address says about which comments are wanted, and a page of comments keeps."""


@blueprint.get("/comments")
@requires(P.REVIEW_COMMENTS)
def comments() -> str:
    """The comments that are looked for, those of the latest course dates first."""
    now, actor = clock.now(), current_user._get_current_object()
    about, wanted = asked_for()
    page = _page()
    total = comments_queries.number_of_comments(actor, about, wanted, now=now)
    form = CommentsForm(request.args)
    form.offer(courses=course_addresses(), themes=themes_queries.themes())
    kept = kept_query()
    return render_template(
        "results/comments.html",
        filters=form,
        chosen=len([name for name in ("q", "course", "theme", "state") if name in kept]),
        comments=comments_queries.comments(actor, about, wanted, now=now, page=page),
        total=total,
        page=page,
        pages=ceil(total / comments_queries.COMMENTS_ON_A_PAGE),
        beyond={name: value for name, value in kept.items() if name not in {"q", "course", "theme", "state"}},
        kept=kept,
        address_of=_addresses(kept),
        saved="saved" in request.args,
    )


@blueprint.route("/comments/<comment>", methods=["GET", "POST"])
@requires(P.REVIEW_COMMENTS)
def comment(comment: str) -> ResponseReturnValue:
    """One comment: what it is about, whether it is published and in which words."""
    now, actor = clock.now(), current_user._get_current_object()
    number = int(comment) if comment.isascii() and comment.isdigit() and len(comment) < 20 else 0
    found = comments_queries.comment_to_review(actor, number, now=now) or abort(404)
    kept = kept_query()
    form = ReviewForm(
        data={
            "state": (Review.READ if found.state is Review.UNREAD else found.state).value,
            "published": found.published or found.words,
            "themes": list(found.themes),
        }
    )
    form.offer(themes_queries.themes())
    if form.validate_on_submit():
        try:
            comments_actions.review(
                found.id,
                state=Review(form.state.data),
                published=form.published.data or "",
                themes=[*form.themes.data, form.new_theme.data or ""],
            )
        except Refused as refusal:
            form.published.errors = [str(refusal)]
        else:
            about, wanted = asked_for()
            following = (
                comments_queries.next_unread(actor, about, wanted, now=now)
                if "next" in request.form
                else None
            )
            if following is not None:
                return redirect(url_for("results.comment", comment=following, saved="", **kept), 303)
            return redirect(url_for("results.comments", saved="", **kept), 303)
    return render_form_page(
        "results/comment.html",
        form,
        comment=found,
        hints=HINTS,
        kept=kept,
        saved="saved" in request.args,
    )


def asked_for() -> tuple[About, Wanted]:
    """What the address asks for; what it names and does not exist narrows to nothing."""
    words, state = request.args.get("q", ""), request.args.get("state", "")
    course = course_at(request.args["course"]) if request.args.get("course") else None
    has_period = bool(request.args.get("from") or request.args.get("to"))
    period = period_of(request.args, now=clock.now()) if has_period else None
    about = About(
        course_id=(course.id if course else 0) if request.args.get("course") else None,
        event_id=_id("date"),
        agency_id=_id("agency"),
        trainer_id=_id("trainer"),
        board_id=_id("board"),
        first=period.first if period else None,
        last=period.last if period else None,
    )
    stage = request.args.get("stage", "").replace("-", " ")
    return about, Wanted(
        words=words[:200],
        theme_id=_id("theme"),
        state=Review(state) if state in [each.value for each in Review] else None,
        stage=Stage(stage) if stage in [each.value for each in Stage] else None,
    )


def kept_query() -> dict[str, Any]:
    """What of the address says which comments are wanted."""
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _id(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
    return number if number <= LARGEST_ID else 0


def _page() -> int:
    text = request.args.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _addresses(kept: dict[str, Any]) -> Callable[[int], str]:
    return lambda page: url_for("results.comments", **kept, page=page if page > 1 else None)
