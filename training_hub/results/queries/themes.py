"""Themes, and how many comments each has."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from training_hub.database import db
from training_hub.evaluation.models.answers import AnswerTheme, Theme

MOST_THEMES = 200


def themes() -> Sequence[Theme]:
    """Every theme, by name. There are too few to need pages."""
    return db.session.scalars(
        select(Theme).order_by(func.lower(Theme.name), Theme.id).limit(MOST_THEMES)
    ).all()


def uses_of_themes() -> dict[int, int]:
    """The number of comments of each theme that has any, by its id."""
    rows = db.session.execute(
        select(AnswerTheme.theme_id, func.count())
        .group_by(AnswerTheme.theme_id)
        .order_by(AnswerTheme.theme_id)
        .limit(MOST_THEMES)
    )
    return {row[0]: row[1] for row in rows}


def themes_of(answer_ids: Sequence[int]) -> dict[int, list[str]]:
    """The themes of each of these comments, by name."""
    found: dict[int, list[str]] = defaultdict(list)
    if answer_ids:
        for answer_id, name in db.session.execute(
            select(AnswerTheme.answer_id, Theme.name)
            .join(Theme, AnswerTheme.theme_id == Theme.id)
            .where(AnswerTheme.answer_id.in_(answer_ids))
            .order_by(Theme.name)
        ):
            found[answer_id].append(name)
    return found
