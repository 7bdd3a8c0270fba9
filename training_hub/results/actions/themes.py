"""Themes of comments: their names, and which of them there are."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation.actions.anonymity import hold_anonymous
from training_hub.evaluation.models.answers import AnswerTheme, Theme
from training_hub.evaluation.queries import anonymity as anonymity_queries
from training_hub.results.queries import themes as themes_queries
from training_hub.results.rules.themes import WrongTheme, check_theme_name


def rename_theme(theme: Theme, name: str) -> None:
    """Call a theme otherwise: all comments about it follow. Raises WrongTheme."""
    others = [other.name for other in themes_queries.themes() if other.id != theme.id]
    check_theme_name(name, others=others)
    try:
        # Another officer may give this name away at this very moment: the database lets one of them through.
        with db.session.begin_nested():
            theme.name = " ".join(name.split())
    except IntegrityError:
        raise WrongTheme("Another theme has got this name a moment ago. Look at the themes again") from None


def put_together(theme: Theme, into: Theme | None) -> None:
    """Have all comments about a theme be about another instead, and delete it. Raises WrongTheme unless there is
    another."""
    if into is None or into.id == theme.id:
        raise WrongTheme("Choose the other theme")
    for event_id in anonymity_queries.anonymous_events_about(theme.id):
        # They are all written anew with each that comes: what is changed here would be lost in between.
        hold_anonymous(event_id)
    hold_themes({theme.id, into.id})
    of_it = AnswerTheme.theme_id == theme.id
    has_both = select(AnswerTheme.answer_id).where(AnswerTheme.theme_id == into.id)
    db.session.execute(delete(AnswerTheme).where(of_it, AnswerTheme.answer_id.in_(has_both)))
    db.session.execute(update(AnswerTheme).where(of_it).values(theme_id=into.id))
    db.session.delete(theme)


def delete_theme(theme: Theme) -> None:
    """Delete a theme about which there is no comment. Raises Refused where there is one, or the theme is gone."""
    hold_themes({theme.id})
    if themes_queries.is_theme_used(theme.id):
        raise Refused("There are comments about this theme now. Put it together with another one instead.")
    db.session.delete(theme)


def hold_themes(ids: Collection[int]) -> None:
    """Hold these themes until the transaction ends: no comment is put under them meanwhile, or it would be lost. Raises
    WrongTheme where another officer has taken one of them away a moment ago."""
    wanted = select(Theme.id).where(Theme.id.in_(ids)).order_by(Theme.id).with_for_update()
    if len(db.session.scalars(wanted).all()) < len(ids):
        raise WrongTheme("A theme has been taken away a moment ago. Look at the themes again")
