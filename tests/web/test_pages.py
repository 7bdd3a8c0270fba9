"""What surrounds every page: navigation, error pages, files to download."""

import logging
import re
import secrets
from typing import Any

import pytest
from flask import Flask, abort, render_template_string
from werkzeug.exceptions import TooManyRequests

from tests import make
from tests.page_client import PageClient
from tests.web.door import opened
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people.models import Board
from training_hub.web.pages import Entry, NavItem, download, navigation_for

pytestmark = pytest.mark.changes_the_app


def test_a_refusal_is_409_with_its_sentence_and_a_way_back(app: Flask) -> None:
    def view() -> Any:
        raise Refused("Bookings closed on Wednesday 30 April 2025.")

    opened(app, "/refuse", view, post=False)
    client = PageClient(app)
    page = pages_get(client, "/refuse", Referer="http://localhost/contact?a=1")
    assert (page.status, page.h1) == (409, "We could not do that")
    assert "Bookings closed on Wednesday 30 April 2025." in page.text
    assert ("/contact?a=1", "Go back") in page.links


def test_a_refusal_never_leads_to_another_site(app: Flask) -> None:
    def view() -> Any:
        raise Refused("No.")

    opened(app, "/refuse", view)
    client = PageClient(app)
    backs = [
        [
            href
            for href, words in pages_get(client, "/refuse", Referer=before).links
            if words.startswith("Go ")
        ]
        for before in ("https://evil.example/x", "http://localhost//evil.example/x", "javascript:alert(1)")
    ]
    assert backs == [["/"], ["/evil.example/x"], ["/"]]


def test_a_refused_request_stores_nothing(app: Flask) -> None:
    def view() -> Any:
        db.session.add(Board(name="Half made"))
        raise Refused("No.")

    app.config["WTF_CSRF_ENABLED"] = False
    opened(app, "/refuse", view, post=True)
    before = db.session.query(Board).count()
    db.session.rollback()
    page = PageClient(app).post("/refuse", token=False)
    assert (page.status, db.session.query(Board).count()) == (409, before)


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        (400, "We could not read that"),
        (403, "You cannot see this page"),
        (404, "There is no page here"),
        (413, "That is too large"),
        (429, "Wait a little, then try again"),
        (410, "We could not read that"),
    ],
)
def test_each_error_has_a_page_in_plain_english(app: Flask, code: int, heading: str) -> None:
    opened(app, "/fail", lambda: abort(code))
    page = PageClient(app).get("/fail")
    assert (page.status, page.h1) == (code, heading)


def test_an_unknown_address_is_a_404_page(stranger: PageClient) -> None:
    page = stranger.get("/no-such-page")
    assert (page.status, page.h1) == (404, "There is no page here")


def test_a_wrong_method_is_told_the_right_ones(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    page = PageClient(app).post("/privacy", token=False)
    assert (page.status, page.h1) == (405, "This page cannot be opened on its own")
    assert sorted(page.response.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]


def test_a_limit_says_how_long_to_wait(app: Flask) -> None:
    def view() -> Any:
        raise TooManyRequests(retry_after=899)

    opened(app, "/limit", view)
    page = PageClient(app).get("/limit")
    assert "You can try again in 15 minutes." in page.text
    assert (page.status, page.response.headers["Retry-After"]) == (429, "899")


def test_a_sentence_given_with_an_error_is_shown_on_its_page(app: Flask) -> None:
    opened(app, "/fail", lambda: abort(403, "Only the trainers of this date see its register."))
    assert "Only the trainers of this date see its register." in PageClient(app).get("/fail").text


def test_an_unexpected_error_shows_a_reference_from_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def view() -> Any:
        raise KeyError("a secret of the database")

    app.testing = False
    opened(app, "/break", view)
    with caplog.at_level(logging.ERROR):
        page = PageClient(app).get("/break")
    found = re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", page.text)
    assert found is not None
    assert (page.status, page.h1, "secret" in page.html) == (500, "Something went wrong on our side", False)
    assert [record.getMessage() for record in caplog.records if found[0] in record.getMessage()] == [
        f"reference {found[0]}: KeyError at GET /break"
    ]


def test_the_error_log_names_the_route_and_no_key(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def view() -> Any:
        raise KeyError("something else")

    app.testing, key = False, secrets.token_urlsafe()
    opened(app, "/evaluate-this/<token>", view)
    with caplog.at_level(logging.DEBUG):
        assert PageClient(app).get(f"/evaluate-this/{key}?next={key}").status == 500
    said = [record.getMessage().split(": ")[-1] for record in caplog.records]
    assert (said, key in caplog.text) == (
        ["the unexpected at GET /evaluate-this/<token>", "KeyError at GET /evaluate-this/<token>"],
        False,
    )


def test_the_page_for_the_unexpected_needs_no_database(app: Flask) -> None:
    def view() -> Any:
        db.session.execute(db.text("SELECT * FROM no_such_table"))

    app.testing = False
    opened(app, "/break", view)
    assert PageClient(app).get("/break").status == 500


def test_a_database_error_logs_nothing_that_people_wrote(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    needs = secrets.token_hex()

    def view() -> Any:
        db.session.execute(db.text("INSERT INTO no_such_table VALUES (:needs)"), {"needs": needs})

    app.testing = False
    opened(app, "/break", view)
    with caplog.at_level(logging.ERROR):
        assert PageClient(app).get("/break").status == 500
    assert ("no_such_table" in caplog.text, needs in caplog.text) == (True, False)


class Visitor:
    """A person who may do one thing."""

    is_authenticated = True

    def may(self, permission: str) -> bool:
        return permission == "read"


def test_navigation_shows_what_a_person_may_do_and_their_place(
    app: Flask,
) -> None:
    entries = {
        "pages.contact": Entry("Contact"),
        "pages.cookies": Entry("Reports", "read"),
        "pages.accessibility": Entry("Outbox", "write"),
        "nobody.nothing": Entry("Not built"),
        "pages.privacy": Entry("Privacy", place=10),
    }
    with app.test_request_context("/cookies/2025"):
        assert navigation_for(Visitor(), entries) == [
            NavItem("Privacy", "/privacy", False),
            NavItem("Contact", "/contact", False),
            NavItem("Reports", "/cookies", True),
        ]
        assert [item.label for item in navigation_for(None, entries)] == ["Privacy", "Contact"]


def test_a_link_is_current_on_the_pages_that_it_leads_on_to(app: Flask) -> None:
    entries = {"pages.contact": Entry("Contact", also=("pages.cookies",)), "pages.privacy": Entry("Privacy")}
    for path, current in (("/contact", True), ("/cookies/2025", True), ("/cookiesandmilk", False)):
        with app.test_request_context(path):
            assert navigation_for(None, entries) == [
                NavItem("Contact", "/contact", current),
                NavItem("Privacy", "/privacy", False),
            ]


def test_the_name_of_a_download_cannot_break_out_of_its_header(app: Flask) -> None:
    with app.test_request_context("/"):
        names = [
            download(b"x", name, "text/csv").headers["Content-Disposition"]
            for name in ("register 6 May.csv", 'a"b\r\nX: y/../c.csv', "Łódź.csv", "...")
        ]
    assert names == [
        "attachment; filename=register-6-May.csv",
        "attachment; filename=a-b-X-y-..-c.csv",
        "attachment; filename=odz.csv; filename*=UTF-8''%C5%81%C3%B3d%C5%BA.csv",
        "attachment; filename=download",
    ]


def test_a_download_is_not_kept_by_a_shared_computer(app: Flask) -> None:
    opened(app, "/file", lambda: download("a,b\n", "a.csv", "text/csv"))
    response = app.test_client().get("/file")
    assert (response.headers["Cache-Control"], response.mimetype, response.text) == (
        "no-store",
        "text/csv",
        "a,b\n",
    )


def test_a_signed_in_person_sees_their_name_and_can_sign_out(app: Flask, signed_in: Any) -> None:
    person = make.person("Siân Llŷr")
    db.session.commit()
    page = signed_in(person).get("/privacy")
    assert (page.status, "Siân Llŷr" in page.text) == (200, True)


@pytest.mark.parametrize("path", ["/privacy", "/cookies", "/accessibility", "/contact"])
def test_the_statements_are_open_to_all_and_set_no_cookie(stranger: PageClient, path: str) -> None:
    page = stranger.get(path)
    assert (page.status, page.response.headers.getlist("Set-Cookie")) == (200, [])
    assert "training@example.org" in page.html or path == "/cookies"


def test_the_privacy_page_says_who_sees_needs_and_when_they_go(stranger: PageClient) -> None:
    text = stranger.get("/privacy").text
    assert "Access and dietary needs: deleted 14 days after the course date." in text
    assert (
        "Members of the Training and Development Hub Figures, never of fewer than five people’s answers, "
        "and comments in the words that we have published Names; other comments"
    ) in text


@pytest.mark.postgres
def test_health_says_that_pages_and_database_answer(app: Flask) -> None:
    response = app.test_client().get("/health")
    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


def test_macros_render_the_same_without_a_page_around_them(app: Flask) -> None:
    words = render_template_string('{% import "macros/pieces.html" as p %}{{ p.tag("Full", "warn") }}')
    assert words == '<strong class="tag tag-warn">Full</strong>'


def pages_get(client: PageClient, path: str, **headers: str) -> Any:
    """The page at `path`, asked for with these headers."""
    return client._checked(client.http.get(path, headers=headers))
