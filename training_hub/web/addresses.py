"""What an address and a form may hold: what no database can compare or keep is answered before one is asked."""

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1
"""The largest number that a row can have."""


class RowNumber(IntegerConverter):
    """A number in an address. One that no row can have leads nowhere, instead of upsetting the database."""

    def __init__(self, map: Map, *, max: int = LARGEST_ID, **options: Any) -> None:
        super().__init__(map, max=max, **options)


def number_in(text: str | None) -> int | None:
    """The row number in `text`, as a link or a hidden field holds it; None where it holds none."""
    if not text or not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST_ID)):
        return None
    return int(text) if int(text) <= LARGEST_ID else None


def page_number(name: str = "page") -> int:
    """Which page of a list the address asks for; the first one where it does not say."""
    return max(number_in(request.args.get(name)) or 1, 1)


def init_app(app: Flask) -> None:
    """Watch the addresses of `app`; before it is given any."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    # No keyboard types it, and PostgreSQL keeps no text that has it.
    asked = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in text for text in asked):
        abort(400)
