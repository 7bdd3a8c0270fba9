"""Date cards. The HTML of each is cached until something on it changes."""

from functools import lru_cache

from flask import current_app, request
from markupsafe import Markup

from training_hub.bookings.models.status import Status
from training_hub.pages.rules import DateCard

Own = tuple[str, Status]


def date_card_of(card: DateCard, own: Own | None = None, by_date: bool = False, level: int = 2) -> Markup:
    """The HTML card of one date for a reader with the booking `own`, headed by the course or, if `by_date`, the day."""
    return _drawn(request.script_root, card, own, by_date, level)


# Cached, because drawing cards takes most of the listing's time. A card depends on these arguments only.
@lru_cache(maxsize=2048)
def _drawn(_root: str, card: DateCard, own: Own | None, by_date: bool, level: int) -> Markup:
    macros = current_app.jinja_env.get_template("pages/_card.html").module
    return Markup(macros.card_of(card, own, by_date, level))  # type: ignore[attr-defined]  # noqa: S704 - the macro escapes
