"""A client that checks each page it gets, and reads its text."""

import re
from html.parser import HTMLParser
from secrets import token_hex
from typing import Any

from flask import Flask, g
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from training_hub.database import db

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """One page: its status, text, forms and faults."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.response = response
        self.status = response.status_code
        # A file, such as a PDF, has no text to read here.
        self.html = response.get_data(as_text=True) if response.mimetype.startswith("text/") else ""
        self.title = self.h1 = ""
        self.h1s: list[str] = []
        self.ids: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.links: list[tuple[str, str]] = []
        self.described: list[str] = []
        self._words: list[str] = []
        self._stack: list[str] = []
        self._capture: list[tuple[str, list[str]]] = []
        self.feed(self.html)
        self.h1 = self.h1s[0] if self.h1s else ""

    @property
    def text(self) -> str:
        """The text that a reader sees, with spaces folded."""
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            self.ids.append(given["id"])
        if "aria-describedby" in given:
            self.described += given["aria-describedby"].split()
        if tag == "form":
            self.forms.append({"attributes": given, "fields": {}})
        if tag == "label":
            self.labels.add(given.get("for", ""))
        if tag in {"input", "select", "textarea"}:
            self.inputs.append({"tag": tag, **given})
            self._field(tag, given)
        if tag in {"title", "h1", "a", "textarea", "option"}:
            self._capture.append((tag, []))
            if tag == "a":
                self.links.append((given.get("href", ""), ""))
            if tag == "option" and "selected" in given and self.forms:
                self.forms[-1]["fields"][self._select] = given.get("value", "")
            if tag == "textarea":
                self._area = given.get("name", "")
        if tag not in VOID:
            self._stack.append(tag)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        if tag == "select":
            self._select = given.get("name", "")
        if not self.forms or not given.get("name") or tag != "input":
            return
        kind = given.get("type", "text")
        if kind in {"radio", "checkbox"} and "checked" not in given:
            return
        if kind not in {"submit", "file"}:
            fields = self.forms[-1]["fields"]
            name, value = given["name"], given.get("value", "on" if kind == "checkbox" else "")
            if name in fields:
                fields[name] = [*(fields[name] if isinstance(fields[name], list) else [fields[name]]), value]
            else:
                fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag in self._stack:
            while self._stack and self._stack.pop() != tag:
                pass
        if self._capture and self._capture[-1][0] == tag:
            _tag, words = self._capture.pop()
            found = " ".join("".join(words).split())
            if tag == "title" and not self.title:
                self.title = found
            elif tag == "h1":
                self.h1s.append(found)
            elif tag == "a":
                self.links[-1] = (self.links[-1][0], found)
            elif tag == "textarea" and self.forms:
                self.forms[-1]["fields"][self._area] = "".join(words).strip()

    def handle_data(self, data: str) -> None:
        for _tag, words in self._capture:
            words.append(data)
        if not {"script", "style", "title"} & set(self._stack):
            self._words.append(data)

    def form(self, action_ends: str = "") -> dict[str, Any]:
        """What a browser would send with the first POST form whose action ends like this."""
        for form in self.forms:
            action, method = form["attributes"].get("action", ""), form["attributes"].get("method", "get")
            if (
                method.lower() == "post"
                and action.split("?")[0].endswith(action_ends)
                and "sign-out" not in action
            ):
                return dict(form["fields"])
        raise AssertionError(f"no form posts to …{action_ends} on “{self.h1}”")

    def faults(self) -> list[str]:
        """The faults of this page, in words."""
        found = []
        if len(self.h1s) != 1:
            found.append(f"{len(self.h1s)} h1 headings: {self.h1s}")
        elif not re.sub(r"^Error: ", "", self.title).startswith(self.h1):
            found.append(f"the title “{self.title}” does not begin with the heading “{self.h1}”")
        twice = sorted({given for given in self.ids if self.ids.count(given) > 1})
        if twice:
            found.append(f"ids used twice: {twice}")
        found += [f"describedby names no id: {given}" for given in self.described if given not in self.ids]
        for form in self.forms:
            if not form["attributes"].get("action"):
                found.append("a form without an action")
        for given in self.inputs:
            kind = given.get("type", "text")
            if kind in {"hidden", "submit"} or given.get("aria-label") or given.get("aria-labelledby"):
                continue
            if given.get("id", "") not in self.labels:
                found.append(f"no label for {given.get('name') or given.get('id')}")
        if re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", self.html):
            found.append("inline style or script")
        return found


class Browser(FlaskClient):
    """Flask's client, for tests that keep an application context open around its requests."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Send one request, after storing what the test has made, and without state from the request before."""
        db.session.commit()
        # A request would share the open context, and so the last user and form token.
        for name in list(g):
            g.pop(name)
        return super().open(*args, **options)


class PageClient:
    """A browser without a screen: it checks every page and sends forms, but follows nothing by itself."""

    def __init__(self, app: Flask) -> None:
        app.test_client_class = Browser
        self.http = app.test_client()
        self._secret_key = app.secret_key

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._checked(self.http.get(path))

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, token: bool = True, **options: Any
    ) -> Page:
        """Send a form, with this session's token unless `token` is False."""
        sent = dict(data or {})
        if token and "csrf_token" not in sent:
            sent["csrf_token"] = self.token()
        return self._checked(self.http.post(path, data=sent, **options))

    def send(self, page: Page, action_ends: str = "", **changes: Any) -> Page:
        """Send the form on `page` whose action ends like this, with some fields changed; follow the redirect."""
        form = next(
            form["attributes"]["action"]
            for form in page.forms
            if form["attributes"].get("method", "get").lower() == "post"
            and form["attributes"].get("action", "").split("?")[0].endswith(action_ends)
            and "sign-out" not in form["attributes"].get("action", "")
        )
        answer = self.post(form, {**page.form(action_ends), **changes})
        return self.follow(answer)

    def follow(self, page: Page) -> Page:
        """The page that a redirect leads to, or the page itself."""
        while 300 <= page.status < 400:
            page = self.get(page.response.headers["Location"])
        return page

    def token(self) -> str:
        """A CSRF token for this session, signed as Flask-WTF signs it."""
        # Opening the session ends a request, which rolls back unstored changes.
        db.session.commit()
        with self.http.session_transaction() as session:
            mine = session.setdefault("csrf_token", token_hex(20))
        return str(URLSafeTimedSerializer(self._secret_key, salt="wtf-csrf-token").dumps(mine))

    def _checked(self, response: TestResponse) -> Page:
        page = Page(response)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            assert page.faults() == []
        return page
