"""What a hub officer may make of a comment."""

from training_hub.errors import Refused
from training_hub.evaluation.models import Review

LONGEST_THEME = 80


def check_review(state: Review, published: str) -> None:
    """Raises Refused where a comment would be published without words."""
    if state is Review.PUBLISHED and not published.strip():
        raise Refused("Enter the words to publish, or choose another answer.")


def theme_key(name: str) -> str:
    """A theme's name as it is compared: case and repeated spaces do not make another theme."""
    return " ".join(name.split()).casefold()
