"""The pages on which officers rename, merge and delete themes of comments."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub.access import Permission, requires
from training_hub.database import db
from training_hub.evaluation.models.answers import Theme
from training_hub.results.actions.themes import delete_theme, merge_themes, rename_theme
from training_hub.results.forms import MergeForm, ThemeForm
from training_hub.results.queries import themes as queries
from training_hub.results.rules.themes import WrongTheme
from training_hub.results.views.blueprint import blueprint

P = Permission


@blueprint.get("/themes")
@requires(P.REVIEW_COMMENTS)
def themes() -> str:
    """Every theme, with its number of comments."""
    return render_template(
        "results/themes.html",
        themes=queries.themes(),
        uses=queries.uses_of_themes(),
        saved="saved" in request.args,
    )


@blueprint.route("/themes/<int:theme_id>", methods=["GET", "POST"])
@requires(P.REVIEW_COMMENTS)
def theme(theme_id: int) -> ResponseReturnValue:
    """Rename a theme."""
    found = db.session.get(Theme, theme_id) or abort(404)
    form = ThemeForm(data={"name": found.name})
    if form.validate_on_submit():
        try:
            rename_theme(found, form.name.data or "")
        except WrongTheme as wrong:
            form.name.errors = [str(wrong)]
        else:
            return _saved()
    return _page(found, form, MergeForm(formdata=None))


@blueprint.post("/themes/<int:theme_id>/merge")
@requires(P.REVIEW_COMMENTS)
def merge_theme(theme_id: int) -> ResponseReturnValue:
    """Move a theme's comments to another theme, and delete it."""
    found = db.session.get(Theme, theme_id) or abort(404)
    form = MergeForm()
    form.offer(_others(found))
    if form.validate():
        try:
            merge_themes(found, db.session.get(Theme, int(form.into.data)))
        except WrongTheme as wrong:
            form.into.errors = [str(wrong)]
        else:
            return _saved()
    return _page(found, ThemeForm(formdata=None, data={"name": found.name}), form)


@blueprint.post("/themes/<int:theme_id>/delete")
@requires(P.REVIEW_COMMENTS)
def delete_unused_theme(theme_id: int) -> ResponseReturnValue:
    """Delete a theme without comments."""
    delete_theme(db.session.get(Theme, theme_id) or abort(404))
    return _saved()


def _saved() -> ResponseReturnValue:
    return redirect(url_for("results.themes", saved=""), 303)


def _others(theme: Theme) -> list[Theme]:
    return [other for other in queries.themes() if other.id != theme.id]


def _page(theme: Theme, form: ThemeForm, merge: MergeForm) -> tuple[str, int]:
    others = _others(theme)
    merge.offer(others)
    page = render_template(
        "results/theme.html",
        # The error summary belongs to the form that was sent.
        form=merge if merge.errors else form,
        naming=form,
        merge=merge,
        theme=theme,
        others=others,
        uses=queries.uses_of_themes().get(theme.id, 0),
    )
    return page, 422 if form.errors or merge.errors else 200
