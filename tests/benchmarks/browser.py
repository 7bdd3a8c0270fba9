"""A browser for measuring: keeps cookies, accepts compressed pages, and sends their forms."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask_login.utils import _create_identifier

from tests.page_client import Page
from training_hub.database import db
from training_hub.people.models import Person

AGENT = "Mozilla/5.0 (benchmark)"


@dataclass(frozen=True)
class Answer:
    """The answer: status, headers, body as sent over the wire, and the time it took."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    cookies: list[str] = field(default_factory=list)

    @property
    def mimetype(self) -> str:
        """What kind of content it is."""
        return self.headers.get("Content-Type", "").partition(";")[0]

    def get_data(self, as_text: bool = True) -> str:
        """The body as it was before it was compressed."""
        plain = gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body
        return plain.decode()

    @property
    def page(self) -> Page:
        """The page that it is."""
        return Page(self)  # type: ignore[arg-type]


Send = Callable[[str, str, dict[str, str], bytes], Answer]
"""Method, path, headers and body, answered: in this process or over the wire."""


class Browser:
    """One person's browser."""

    def __init__(self, send: Send, session: str = "") -> None:
        self._send = send
        self._cookies = {"training_hub": session} if session else {}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._asked("GET", path, {}, b"")

    def post(self, path: str, form: Mapping[str, Any]) -> Answer:
        """Send a form."""
        typed = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._asked("POST", path, typed, urlencode(form, doseq=True).encode())

    def send(self, page: Page, path: str, **changes: Any) -> Answer:
        """Send the form on `page` that posts to `path`, with some answers changed."""
        return self.post(path, {**page.form(path), **changes})

    def _asked(self, method: str, path: str, more: dict[str, str], body: bytes) -> Answer:
        headers = {"User-Agent": AGENT, "Accept": "text/html", "Accept-Encoding": "gzip", **more}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = self._send(method, path, headers, body)
        for line in answer.cookies:
            self._cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return answer


def path_of(answer: Answer) -> str:
    """Where a redirect leads, without the host."""
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def session_of(app: Flask, person_id: int, address: str = "127.0.0.1") -> str:
    """The cookie of someone who has signed in with this browser, as the application would have made it."""
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        given = {"_user_id": person.get_id(), "_fresh": True}
        db.session.rollback()
    with app.test_request_context(headers={"User-Agent": AGENT}, environ_base={"REMOTE_ADDR": address}):
        given["_id"] = _create_identifier()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps(given))
