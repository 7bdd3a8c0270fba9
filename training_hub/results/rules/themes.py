"""The names of themes."""

from collections.abc import Sequence

from training_hub.errors import Refused
from training_hub.wording import folded

LONGEST_THEME = 80


class WrongTheme(Refused):
    """A theme cannot have the name, or be merged with the theme, that the officer chose."""


def check_theme_name(name: str, *, others: Sequence[str]) -> None:
    """Raises WrongTheme if the name is empty, too long, or one of the `others`."""
    if not name.strip():
        raise WrongTheme("Enter a name for the theme")
    if len(name) > LONGEST_THEME:
        raise WrongTheme(f"The name of a theme must be {LONGEST_THEME} characters or fewer")
    for other in others:
        if folded(other) == folded(name):
            raise WrongTheme(f"There is a theme “{other}” already. You can merge the two themes below")
