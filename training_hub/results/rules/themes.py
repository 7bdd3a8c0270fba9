"""The names of themes."""

from collections.abc import Sequence

from training_hub.errors import Refused

LONGEST_THEME = 80


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
