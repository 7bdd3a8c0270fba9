"""What every response carries."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from tests import make
from tests.page_client import PageClient
from tests.web.door import opened
from training_hub.web.headers import POLICY, static_url

pytestmark = pytest.mark.changes_the_app


def test_every_page_has_the_strict_content_policy(app: Flask) -> None:
    client = app.test_client()
    for path in ("/privacy", "/no-such-page", "/health"):
        headers = client.get(path).headers
        assert (
            headers["Content-Security-Policy"],
            headers["X-Content-Type-Options"],
            headers["Referrer-Policy"],
            "Strict-Transport-Security" in headers,
        ) == (POLICY, "nosniff", "same-origin", False)


def test_the_content_policy_allows_nothing_inline_or_foreign() -> None:
    assert sorted(set(re.findall(r"'[a-z-]+'|\bdata:|\bhttps?:|\*", POLICY))) == ["'none'", "'self'", "data:"]


def test_https_is_required_only_where_it_is_used(app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], base_url="https://training.example.org")
    assert app.test_client().get("/privacy").headers["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains"
    )


def test_only_public_pages_may_be_cached(app: Flask) -> None:
    client = app.test_client()
    public = client.get("/privacy").headers["Cache-Control"]
    with client.session_transaction() as session:
        session["csrf_token"] = "anything"
    assert [public, client.get("/privacy").headers["Cache-Control"]] == ["no-cache", "no-store"]


def test_a_page_without_an_open_door_is_never_stored(app: Flask) -> None:
    assert app.test_client().get("/no-such-page").headers["Cache-Control"] == "no-store"


def test_a_static_file_is_cached_for_a_year_under_its_hash(app: Flask) -> None:
    with app.test_request_context("/"):
        address = static_url("hub.css")
    assert re.fullmatch(r"/static/hub\.css\?v=[0-9a-f]{10}", address) is not None
    client = app.test_client()
    assert [client.get(path).headers["Cache-Control"] for path in (address, "/static/hub.css")] == [
        "public, max-age=31536000, immutable",
        "public, max-age=3600",
    ]
    assert client.get("/static/nothing.css?v=1").headers["Cache-Control"] == "no-store"


def test_pages_and_stylesheets_are_compressed_on_request(app: Flask) -> None:
    client = app.test_client()
    for path in ("/privacy", "/static/hub.css"):
        plain = client.get(path)
        small = client.get(path, headers={"Accept-Encoding": "br, gzip"})
        assert gzip.decompress(small.data) == plain.data
        assert (plain.headers.get("Content-Encoding"), small.headers["Content-Encoding"]) == (None, "gzip")
        assert int(small.headers["Content-Length"]) == len(small.data)
        assert "Accept-Encoding" in small.headers["Vary"]


def test_small_or_unwanted_answers_are_not_compressed(app: Flask) -> None:
    client = app.test_client()
    answers = [
        client.get("/health", headers={"Accept-Encoding": "gzip"}),
        client.get("/privacy", headers={"Accept-Encoding": "gzip;q=0"}),
    ]
    assert [answer.headers.get("Content-Encoding") for answer in answers] == [None, None]


def test_an_unchanged_stylesheet_is_not_sent_again(app: Flask) -> None:
    client = app.test_client()
    first = client.get("/static/hub.css", headers={"Accept-Encoding": "gzip"})
    again = client.get(
        "/static/hub.css",
        headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]},
        buffered=True,
    )
    assert (again.status_code, again.data) == (304, b"")


def test_a_whole_page_with_its_look_stays_under_40_kilobytes(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/privacy", headers={"Accept-Encoding": "gzip"})
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', gzip.decompress(page.data).decode())
    sizes = [len(client.get(file, headers={"Accept-Encoding": "gzip"}).data) for file in dict.fromkeys(files)]
    assert len(page.data) + sum(sizes) < 16 * 1024


def test_a_page_with_its_own_cache_header_keeps_it(app: Flask) -> None:
    opened(app, "/feed", lambda: ("BEGIN:VCALENDAR", {"Cache-Control": "max-age=600"}))
    assert PageClient(app).http.get("/feed").headers["Cache-Control"] == "max-age=600"


def test_the_length_of_a_page_with_secrets_says_nothing(
    app: Flask, signed_in: Callable[..., PageClient]
) -> None:
    packed = [
        client.http.get("/privacy", headers={"Accept-Encoding": "gzip"}).data
        for client in (PageClient(app), signed_in(make.person("Ann")))
    ]
    # The fourth byte says whether a name, of a length drawn by chance, follows.
    assert [page[3] for page in packed] == [0, 8]
    for page in packed:
        assert gzip.decompress(page).rstrip().endswith(b"</html>")


def test_more_than_any_form_holds_is_refused_unread(app: Flask) -> None:
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="large"\r\n\r\n'
    body = head + b"x" * 3_000_000 + b"\r\n--B--\r\n"
    answer = app.test_client().post("/sign-in", data=body, content_type="multipart/form-data; boundary=B")
    assert (answer.status_code, "That is too large" in answer.text) == (413, True)
