"""Reviewing comments: setting their themes and the words to publish."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation.actions.anonymity import hold_anonymous
from training_hub.evaluation.models.answers import Answer, AnswerTheme, Review, Theme
from training_hub.evaluation.queries.anonymity import anonymous_event_of
from training_hub.results.actions.themes import lock_themes
from training_hub.results.queries.themes import themes as all_themes
from training_hub.results.rules.themes import LONGEST_THEME
from training_hub.wording import folded


def review(answer_id: int, *, state: Review, published: str, themes: Sequence[str]) -> None:
    """Set a comment's state, published words and themes. A theme that does not exist yet is created.

    The original words stay. `published` is stored only while the state is PUBLISHED. The officer and the time are
    not stored, because they could reveal when an anonymous answer was written. Raises Refused if no words to
    publish are given, a theme's name is too long, or the comment or a theme no longer exists.
    """
    if state is Review.PUBLISHED and not published.strip():
        raise Refused("Enter the words to publish, or choose another state.")
    event_id = anonymous_event_of(answer_id)
    if event_id is not None:
        # Each new anonymous answer rewrites all of its event. Without the lock, that could undo this review.
        hold_anonymous(event_id)
    answer = db.session.get(Answer, answer_id, with_for_update=True, populate_existing=True)
    if answer is None:
        raise Refused("This comment has moved. Go back to the comments and open it again.")
    answer.review = state
    answer.published = published.strip() if state is Review.PUBLISHED else ""
    wanted = {_theme(name).id for name in themes if name.strip()}
    lock_themes(wanted)
    had = set(db.session.scalars(select(AnswerTheme.theme_id).where(AnswerTheme.answer_id == answer_id)))
    if had - wanted:
        of_answer = delete(AnswerTheme).where(AnswerTheme.answer_id == answer_id)
        db.session.execute(of_answer.where(AnswerTheme.theme_id.in_(had - wanted)))
    db.session.add_all(AnswerTheme(answer_id=answer_id, theme_id=theme_id) for theme_id in wanted - had)


def _theme(name: str) -> Theme:
    if len(name) > LONGEST_THEME:
        raise Refused(f"The name of a theme must be {LONGEST_THEME} characters or fewer.")
    for theme in all_themes():
        if folded(theme.name) == folded(name):
            return theme
    theme = Theme(name=" ".join(name.split()))
    db.session.add(theme)
    # The comment's row needs the id that the database gives the new theme.
    db.session.flush()
    return theme
