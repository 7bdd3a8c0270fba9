"""The parts that all pages share: navigation by role, error pages, and files to download."""

import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote, urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    has_request_context,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.templating import Environment
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, InternalServerError, TooManyRequests

from training_hub.access import Scope, scopes
from training_hub.database import db
from training_hub.errors import Refused, Stale, TooOften
from training_hub.web import addresses, filters, forms, headers, logs

PLAIN_PAGES = frozenset({400, 403, 404, 405, 413, 429})


@dataclass(frozen=True)
class NavItem:
    """One link of the navigation, as a page shows it."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Entry:
    """One link of the navigation, as a package registers it; permission None means everyone."""

    label: str
    permission: Any = None
    place: int = 50
    also: tuple[str, ...] = ()
    """Other endpoints on whose pages, and the pages below them, this link is marked as current."""
    over: Scope | None = None
    """The scope over which the permission must be held. None if any will do."""


NAVIGATION: dict[str, Entry] = {}
"""The links of the navigation, by endpoint. Each package adds its own. They are in the order of `place`."""


class Templates(Environment):
    """Flask's templates, in which `make_globals` sets the names that all of them know."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that every template knows, in one mapping. Jinja would chain two, and compare them at each import,
        which takes a tenth of a page's time."""
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask) -> None:
    """Give `app` its frame: templates, error pages, headers, protection against forged forms."""
    # Before the first template is asked for.
    app.jinja_environment = Templates
    app.jinja_env.globals["settings"] = app.config["SETTINGS"]
    app.jinja_env.globals["hidden_values"] = forms.hidden_values
    app.jinja_env.globals["has_page"] = has_page
    app.jinja_env.globals["page_href"] = addresses.page_href
    filters.init_app(app)
    headers.init_app(app)
    addresses.init_app(app)
    # A token must last as long as the session, in the forms and in the app-wide check of Flask-WTF.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    forms.csrf.init_app(app)
    app.context_processor(_frame)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(CSRFError, _sent_from_an_old_page)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _unexpected)


def navigation_for(actor: Any, entries: Mapping[str, Entry] = NAVIGATION) -> list[NavItem]:
    """The links that `actor` may follow. The current one is the longest with which the page's address begins."""
    links = [
        (entry.label, url_for(endpoint), [url_for(name) for name in (endpoint, *entry.also)])
        for endpoint, entry in sorted(entries.items(), key=lambda item: item[1].place)
        if has_page(endpoint) and _may(actor, entry.permission, entry.over)
    ]
    above = {
        start: href
        for _, href, starts in links
        for start in starts
        # Every address begins with the home page's "/", so the home page is current only on itself.
        if request.path == start or (start != "/" and request.path.startswith(f"{start}/"))
    }
    current = above[max(above, key=len)] if above else None
    return [NavItem(label, href, href == current) for label, href, _ in links]


def has_page(endpoint: str) -> bool:
    """Whether this application has a view of this name. Layouts link only to pages that exist."""
    return endpoint in current_app.view_functions


def download(data: bytes | str, filename: str, mimetype: str) -> Response:
    """A response with a file to download, named without characters that file systems or headers cannot handle."""
    body = data.encode() if isinstance(data, str) else data
    return _to_keep(current_app.response_class(body, mimetype=mimetype), filename)


def calendar_feed(data: bytes, filename: str) -> Response:
    """A calendar feed. A calendar that asks again gets a 304 while it is unchanged."""
    response = current_app.response_class(data, mimetype="text/calendar")
    response.headers.set("Content-Disposition", "inline", filename=filename)
    response.add_etag()
    response.make_conditional(request)
    return response


def download_file(file: IO[bytes], filename: str, mimetype: str) -> Response:
    """A response with an open file to download. Sends it in pieces, as it may not fit in memory, and then closes it."""
    response = current_app.response_class(_pieces(file), mimetype=mimetype)
    response.content_length = file.seek(0, os.SEEK_END)
    file.seek(0)
    # The file is closed also if the reader stops half way, or asks only for the headers.
    response.call_on_close(file.close)
    return _to_keep(response, filename)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(64 * 1024):
            yield piece


def _to_keep(response: Response, filename: str) -> Response:
    safe = re.sub(r"[^\w.,()-]+", "-", filename).strip(".-") or "download"
    # Headers are ASCII: a name with a Welsh or Polish letter is given twice, and browsers take the second.
    plain = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode()
    names = (
        {"filename": plain} if plain == safe else {"filename": plain, "filename*": f"UTF-8''{quote(safe)}"}
    )
    response.headers.set("Content-Disposition", "attachment", **names)
    # A file of people's names must not stay behind in a shared computer's cache.
    response.headers["Cache-Control"] = "no-store"
    return response


def _may(actor: Any, permission: Any, over: Scope | None = None) -> bool:
    if permission is None:
        return True
    if not getattr(actor, "is_authenticated", False):
        return False
    return bool(actor.may(permission)) if over is None else over in scopes(actor, permission)


def _frame() -> dict[str, Any]:
    # Not for emails: the worker renders them too, without a page or a reader.
    if not has_request_context():
        return {}
    has_login = hasattr(current_app, "login_manager")
    return {"navigation": navigation_for(current_user if has_login else None)}


def _undo() -> None:
    """Roll back the refused request, so that the error page does not store or read unfinished changes."""
    if "sqlalchemy" in current_app.extensions:
        db.session.rollback()


def _refused(error: Refused) -> Response:
    _undo()
    return _page("web/errors/409.html", 409, sentence=str(error), back=_page_before())


def _too_often(error: TooOften) -> Response:
    return _http_error(TooManyRequests(str(error), retry_after=int(error.wait.total_seconds()) + 1))


def _http_error(error: HTTPException) -> Response:
    _undo()
    code = error.code or 500
    shown = code if code in PLAIN_PAGES else 400
    facts: dict[str, Any] = {"sentence": "", "wait": 0}
    if isinstance(error, TooManyRequests) and isinstance(error.retry_after, int):
        facts["wait"] = max(1, -(-error.retry_after // 60))
    if error.description != type(error).description:
        # The view gave its own sentence: abort(403, "Only the trainers of this date see its register.")
        facts["sentence"] = error.description or ""
    response = _page(f"web/errors/{shown}.html", code, **facts)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _sent_from_an_old_page(_error: CSRFError) -> Response:
    """The error page for a missing or old token. It can send the form again if the form came from our own page."""
    _undo()
    kept = [
        (name, value) for name, value in request.form.items(multi=True) if not name.endswith("csrf_token")
    ]
    return _page(
        "web/errors/csrf.html",
        400,
        kept=kept if _came_from_here() else [],
        has_files=bool(request.files),
        action=request.full_path.rstrip("?"),
        back=_page_before(),
    )


def _unexpected(error: InternalServerError) -> Response:
    _undo()
    if isinstance(error.original_exception, IntegrityError):
        # Another request was a moment faster: the rules allowed the change, but the database refuses it.
        return _refused(Stale())
    reference = "-".join((secrets.token_hex(2), secrets.token_hex(2))).upper()
    cause = error.original_exception or error
    current_app.logger.error("reference %s: %s at %s", reference, type(cause).__name__, logs.asked_for())
    # Not render_template, which would read the signed-in person: the database may have caused the error.
    page = current_app.jinja_env.get_template("web/errors/500.html").render(bare=True, reference=reference)
    return make_response(page, 500)


def _page(template: str, status: int, **facts: Any) -> Response:
    return make_response(render_template(template, **facts), status)


def _page_before() -> str:
    """The page of ours that the person came from, or the home page."""
    before = urlsplit(request.referrer or "")
    # Going back to the same address helps only if that page has a form. Otherwise it shows this error again.
    is_here, adapter = before.path == request.path, current_app.create_url_adapter(request)
    has_form = request.method == "POST" and adapter is not None and adapter.test(method="GET")
    if before.netloc != request.host or (is_here and not has_form):
        return "/"
    # Only one slash in front, because an address with two names another host.
    path = f"/{before.path.lstrip('/')}"
    return f"{path}?{before.query}" if before.query else path


def _came_from_here() -> bool:
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")
