"""The pages for searching comments and reviewing them one at a time."""

from math import ceil

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.catalogue.queries import course_addresses
from training_hub.errors import Refused
from training_hub.evaluation.models.answers import Review
from training_hub.results.actions.comments import review
from training_hub.results.forms import HINTS, CommentsForm, ReviewForm
from training_hub.results.queries import comments as queries
from training_hub.results.queries.comments import COMMENTS_ON_A_PAGE, Comment, comment_to_review, next_unread
from training_hub.results.queries.themes import themes
from training_hub.results.views.blueprint import blueprint
from training_hub.results.views.filters import comment_filter, kept_query, results_filter
from training_hub.web.addresses import page_number
from training_hub.web.forms import render_form_page

P = Permission
IN_FORM = ("q", "course", "theme", "state")
"""The filters in the form. Other filters come from the address of the previous results page."""
LARGEST_NUMBER = 2**62
"""The largest id of a comment. Ids of comments are random numbers of up to 62 bits."""


@blueprint.get("/comments")
@requires(P.REVIEW_COMMENTS)
def comments() -> str:
    """Show a page of the comments found, the latest course dates first."""
    now, actor = clock.now(), current_user._get_current_object()
    about, wanted, page = results_filter(), comment_filter(), page_number()
    total = queries.number_of_comments(actor, about, wanted, now=now)
    form = CommentsForm(request.args, meta={"csrf": False})
    form.offer(courses=course_addresses(), themes=themes())
    kept = kept_query()
    return render_template(
        "results/comments.html",
        filters=form,
        chosen=len([name for name in IN_FORM if name in kept]),
        comments=queries.comments(actor, about, wanted, now=now, page=page),
        total=total,
        page=page,
        pages=ceil(total / COMMENTS_ON_A_PAGE),
        beyond={name: value for name, value in kept.items() if name not in IN_FORM},
        kept=kept,
        saved="saved" in request.args,
    )


@blueprint.route(f"/comments/<int(max={LARGEST_NUMBER}):comment>", methods=["GET", "POST"])
@requires(P.REVIEW_COMMENTS)
def comment(comment: int) -> ResponseReturnValue:
    """Review one comment: set its themes, its state and the words to publish."""
    now, actor = clock.now(), current_user._get_current_object()
    found = comment_to_review(actor, comment, now=now) or abort(404)
    form = _review_form(found)
    if form.validate_on_submit():
        try:
            review(
                found.id,
                state=Review(form.state.data),
                published=form.published.data or "",
                themes=[*form.themes.data, form.new_theme.data or ""],
            )
        except Refused as refusal:
            form.published.errors = [str(refusal)]
        else:
            return _next_page()
    return render_form_page(
        "results/comment.html",
        form,
        comment=found,
        hints=HINTS,
        kept=kept_query(),
        saved="saved" in request.args,
    )


def _review_form(comment: Comment) -> ReviewForm:
    state = Review.READ if comment.state is Review.UNREAD else comment.state
    words = comment.published or comment.words
    form = ReviewForm(data={"state": state.value, "published": words, "themes": list(comment.themes)})
    form.offer(themes())
    return form


def _next_page() -> ResponseReturnValue:
    """The address of the next unread comment if the officer asked for it, else of the list."""
    actor = current_user._get_current_object()
    is_next = "next" in request.form
    following = next_unread(actor, results_filter(), comment_filter(), now=clock.now()) if is_next else None
    if following is None:
        return redirect(url_for("results.comments", saved="", **kept_query()), 303)
    return redirect(url_for("results.comment", comment=following, saved="", **kept_query()), 303)
