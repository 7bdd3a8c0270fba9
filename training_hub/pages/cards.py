"""Date cards, each drawn once until it changes."""

from functools import lru_cache

from flask import current_app, request
from markupsafe import Markup

from training_hub.bookings.models.status import Status
from training_hub.pages.rules import DateCard

Own = tuple[str, Status]


def date_card_of(card: DateCard, own: Own | None = None, by_date: bool = False, level: int = 2) -> Markup:
    """The card of one date for a reader with the booking `own`, headed by its course or `by_date`."""
    return _drawn(request.script_root, card, own, by_date, level)


# Drawing cards is most of the listing's time, and few change between visits. A card depends on these arguments only.
@lru_cache(maxsize=2048)
def _drawn(_root: str, card: DateCard, own: Own | None, by_date: bool, level: int) -> Markup:
    macros = current_app.jinja_env.get_template("pages/_card.html").module
    return Markup(macros.card_of(card, own, by_date, level))  # type: ignore[attr-defined]  # noqa: S704
