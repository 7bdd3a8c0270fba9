"""What a hub officer may make of a comment."""

from collections.abc import Sequence

from training_hub.errors import Refused
from training_hub.evaluation.models import Review

LONGEST_THEME = 80


def check_review(state: Review, published: str) -> None:
    """Raises Refused where a comment would be published without words."""
    if state is Review.PUBLISHED and not published.strip():
        raise Refused("Enter the words to publish, or choose another answer.")


class WrongTheme(Refused):
    """A theme cannot be called so, or be put together with that."""


def check_theme_name(name: str, *, others: Sequence[str]) -> None:
    """Raises WrongTheme where a theme cannot be called so beside these others."""
    if not name.strip():
        raise WrongTheme("Enter a name for the theme")
    if len(name) > LONGEST_THEME:
        raise WrongTheme(f"The name of a theme must be {LONGEST_THEME} characters or fewer")
    for other in others:
        if theme_key(other) == theme_key(name):
            raise WrongTheme(
                f"There is a theme “{other}” already. To have one of them, put the two together below"
            )


def theme_key(name: str) -> str:
    """A theme's name as it is compared: case and repeated spaces do not make another theme."""
    return " ".join(name.split()).casefold()
