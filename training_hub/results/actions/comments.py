"""Reviewing comments: what they are about, and which words of them may be published."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation.actions.anonymity import hold_anonymous
from training_hub.evaluation.models.answers import Answer, AnswerTheme, Review, Theme
from training_hub.evaluation.queries import anonymity as anonymity_queries
from training_hub.results.actions.themes import hold_themes
from training_hub.results.queries import themes as themes_queries
from training_hub.results.rules.comments import check_review
from training_hub.results.rules.themes import LONGEST_THEME, theme_key


def review(answer_id: int, *, state: Review, published: str, themes: Sequence[str]) -> None:
    """Say what becomes of a comment and what it is about. A theme that is not there yet is made.

    What was said stays as it was; `published` are the words that others may read, and are kept only while they may.
    Nothing says who reviewed it or when: an anonymous form's answers leave no such trace (domain 6). Raises Refused
    where it would be published without words, a theme's name is too long, or the comment or a theme is there no more.
    """
    check_review(state, published)
    event_id = anonymity_queries.anonymous_event_of(answer_id)
    if event_id is not None:
        # They are all written anew with each that comes: what is decided here would be lost in between.
        hold_anonymous(event_id)
    answer = db.session.get(Answer, answer_id, with_for_update=True, populate_existing=True)
    if answer is None:
        raise Refused("This comment has a new number now. Go back to the comments, and open it again.")
    answer.review = state
    answer.published = published.strip() if state is Review.PUBLISHED else ""
    wanted = {_theme(name).id for name in themes if name.strip()}
    hold_themes(wanted)
    had = set(db.session.scalars(select(AnswerTheme.theme_id).where(AnswerTheme.answer_id == answer_id)))
    if had - wanted:
        db.session.execute(
            delete(AnswerTheme).where(
                AnswerTheme.answer_id == answer_id, AnswerTheme.theme_id.in_(had - wanted)
            )
        )
    db.session.add_all(AnswerTheme(answer_id=answer_id, theme_id=theme_id) for theme_id in wanted - had)


def _theme(name: str) -> Theme:
    if len(name) > LONGEST_THEME:
        raise Refused(f"The name of a theme must be {LONGEST_THEME} characters or fewer.")
    for theme in themes_queries.themes():
        if theme_key(theme.name) == theme_key(name):
            return theme
    theme = Theme(name=" ".join(name.split()))
    db.session.add(theme)
    # The comment that it is of names it by the id that the database gives.
    db.session.flush()
    return theme
