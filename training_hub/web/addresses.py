"""Check values from addresses and forms that a database cannot compare or store; and name the pages of a list."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1
"""The largest number that a row can have."""


class RowNumber(IntegerConverter):
    """A converter for row numbers in addresses. A number that is too large for any row gives a 404."""

    def __init__(self, map: Map, *, max: int = LARGEST_ID, **options: Any) -> None:
        super().__init__(map, max=max, **options)


def number_in(text: str | None) -> int | None:
    """The row number in `text`, from a link or a hidden field. None if there is none."""
    if not text or not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST_ID)):
        return None
    return int(text) if int(text) <= LARGEST_ID else None


def page_number(name: str = "page") -> int:
    """The page of a list that the address asks for. The first page if the address has none."""
    return max(number_in(request.args.get(name)) or 1, 1)


def page_href(number: int, filters: Mapping[str, str] | None = None) -> str:
    """The address of another page of the shown list, with these filters, or those of the present address."""
    asked = {
        name: value
        for name, value in (request.args if filters is None else filters).items()
        if value and name != "page"
    }
    query = urlencode({**asked, "page": number} if number > 1 else asked)
    return f"{this_page()}{'?' if query else ''}{query}"


def this_page() -> str:
    """The path of the requested page, without the query string."""
    return f"{request.script_root}{request.path}"


def init_app(app: Flask) -> None:
    """Check the addresses of `app`. Call it before any route is added."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    # PostgreSQL stores no text with this character, and no keyboard types it.
    asked = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in text for text in asked):
        abort(400)
