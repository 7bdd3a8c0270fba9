"""The themes of comments: renamed, put together, deleted."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training_hub.access import Permission, requires
from training_hub.evaluation.models.answers import Theme
from training_hub.results.actions import themes as themes_actions
from training_hub.results.forms import ThemeForm, TogetherForm
from training_hub.results.queries import themes as themes_queries
from training_hub.results.rules.themes import WrongTheme
from training_hub.results.views.blueprint import blueprint
from training_hub.web.addresses import LARGEST_ID

P = Permission
UNPROCESSABLE = 422


@blueprint.get("/themes")
@requires(P.REVIEW_COMMENTS)
def themes() -> str:
    """Every theme, and how many comments are about it."""
    return render_template(
        "results/themes.html",
        themes=themes_queries.themes(),
        uses=themes_queries.uses_of_themes(),
        saved="saved" in request.args,
    )


@blueprint.route("/themes/<int:theme_id>", methods=["GET", "POST"])
@requires(P.REVIEW_COMMENTS)
def theme(theme_id: int) -> ResponseReturnValue:
    """Call a theme otherwise."""
    found = _theme(theme_id)
    form = ThemeForm(data={"name": found.name})
    if form.validate_on_submit():
        try:
            themes_actions.rename_theme(found, form.name.data or "")
        except WrongTheme as wrong:
            form.name.errors = [str(wrong)]
        else:
            return redirect(url_for("results.themes", saved=""), 303)
    return _page(found, form, TogetherForm(formdata=None))


@blueprint.post("/themes/<int:theme_id>/together")
@requires(P.REVIEW_COMMENTS)
def theme_together(theme_id: int) -> ResponseReturnValue:
    """Have its comments be about another theme, and delete it."""
    found = _theme(theme_id)
    form = TogetherForm()
    form.offer(_others(found))
    if form.validate():
        try:
            themes_actions.put_together(found, themes_queries.theme(int(form.into.data)))
        except WrongTheme as wrong:
            form.into.errors = [str(wrong)]
        else:
            return redirect(url_for("results.themes", saved=""), 303)
    return _page(found, ThemeForm(formdata=None, data={"name": found.name}), form)


@blueprint.post("/themes/<int:theme_id>/delete")
@requires(P.REVIEW_COMMENTS)
def theme_delete(theme_id: int) -> ResponseReturnValue:
    """Delete a theme about which there is no comment."""
    themes_actions.delete_theme(_theme(theme_id))
    return redirect(url_for("results.themes", saved=""), 303)


def _theme(theme_id: int) -> Theme:
    return (themes_queries.theme(theme_id) if theme_id <= LARGEST_ID else None) or abort(404)


def _others(theme: Theme) -> list[Theme]:
    return [other for other in themes_queries.themes() if other.id != theme.id]


def _page(theme: Theme, form: ThemeForm, together: TogetherForm) -> tuple[str, int]:
    others = _others(theme)
    together.offer(others)
    page = render_template(
        "results/theme.html",
        # What is wrong is said of the one that was sent.
        form=together if together.errors else form,
        naming=form,
        together=together,
        theme=theme,
        others=others,
        uses=themes_queries.uses_of_themes().get(theme.id, 0),
    )
    return page, UNPROCESSABLE if form.errors or together.errors else 200
