"""Rename, merge and delete themes."""

from collections.abc import Collection

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError

from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation.actions.anonymity import hold_anonymous
from training_hub.evaluation.models.answers import AnswerTheme, Theme
from training_hub.evaluation.queries.anonymity import anonymous_events_about
from training_hub.results.queries.themes import themes
from training_hub.results.rules.themes import WrongTheme, check_theme_name


def rename_theme(theme: Theme, name: str) -> None:
    """Rename a theme. Raises WrongTheme if the name cannot be used."""
    others = [other.name for other in themes() if other.id != theme.id]
    check_theme_name(name, others=others)
    try:
        # Another officer may choose the same name at this moment. The database accepts only the first.
        with db.session.begin_nested():
            theme.name = " ".join(name.split())
    except IntegrityError:
        raise WrongTheme("Another theme was given this name a moment ago. Check the themes again") from None


def merge_themes(theme: Theme, into: Theme | None) -> None:
    """Move all comments of a theme to another, and delete the first theme. Raises WrongTheme if they are the same."""
    if into is None or into.id == theme.id:
        raise WrongTheme("Choose the other theme")
    for event_id in anonymous_events_about(theme.id):
        # Each new anonymous answer rewrites all of its event. Without the lock, that could undo this change.
        hold_anonymous(event_id)
    lock_themes({theme.id, into.id})
    has_theme = AnswerTheme.theme_id == theme.id
    has_both = select(AnswerTheme.answer_id).where(AnswerTheme.theme_id == into.id)
    db.session.execute(delete(AnswerTheme).where(has_theme, AnswerTheme.answer_id.in_(has_both)))
    db.session.execute(update(AnswerTheme).where(has_theme).values(theme_id=into.id))
    db.session.delete(theme)


def delete_theme(theme: Theme) -> None:
    """Delete a theme that has no comments. Raises Refused if the theme has comments or was deleted."""
    lock_themes({theme.id})
    if db.session.scalar(select(exists().where(AnswerTheme.theme_id == theme.id))):
        raise Refused("This theme has comments now. Merge it with another theme instead.")
    db.session.delete(theme)


def lock_themes(ids: Collection[int]) -> None:
    """Lock these themes until the transaction ends, so that no comment gets one that is being deleted.

    Raises WrongTheme if another officer has just deleted one of them.
    """
    wanted = select(Theme.id).where(Theme.id.in_(ids)).order_by(Theme.id).with_for_update()
    if len(db.session.scalars(wanted).all()) < len(ids):
        raise WrongTheme("A theme was deleted a moment ago. Check the themes again")
