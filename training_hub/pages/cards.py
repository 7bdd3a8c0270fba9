"""Date cards, drawn once for as long as they say the same."""

from functools import lru_cache

from flask import current_app, request
from markupsafe import Markup

from training_hub.bookings.models.status import Status
from training_hub.pages.rules import DateCard

Own = tuple[str, Status]


def date_card_of(card: DateCard, own: Own | None = None, by_date: bool = False, level: int = 2) -> Markup:
    """The card of one date for someone whose booking there is `own`; headed by its course, or `by_date`."""
    return _drawn(request.script_root, card, own, by_date, level)


# Drawing the cards is most of the listing's time, and between two visits few of them change. What a card says is all in
# these arguments, so a card drawn before for the same ones is the same card: a booking makes another key.
@lru_cache(maxsize=2048)
def _drawn(_root: str, card: DateCard, own: Own | None, by_date: bool, level: int) -> Markup:
    macros = current_app.jinja_env.get_template("pages/_card.html").module
    return Markup(macros.card_of(card, own, by_date, level))  # type: ignore[attr-defined]  # noqa: S704
