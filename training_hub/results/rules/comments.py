"""What a hub officer may do with a comment."""

from training_hub.errors import Refused
from training_hub.evaluation.models.answers import Review


def check_review(state: Review, published: str) -> None:
    """Raises Refused where a comment would be published without words."""
    if state is Review.PUBLISHED and not published.strip():
        raise Refused("Enter the words to publish, or choose another state.")
