"""Comments for the review of a course, by theme."""

from collections import defaultdict
from collections.abc import Sequence

from training_hub.results.queries.comments import Comment

OF_EACH_THEME = 3


def by_theme(
    counted: Sequence[tuple[int, str, int]], comments: Sequence[Comment]
) -> list[tuple[int, str, int, list[Comment]]]:
    """The themes, most frequent first: id, name, number of comments, and the latest few."""
    about: dict[str, list[Comment]] = defaultdict(list)
    for comment in comments:
        for theme in comment.themes:
            about[theme].append(comment)
    return [(key, name, number, about[name][:OF_EACH_THEME]) for key, name, number in counted]
