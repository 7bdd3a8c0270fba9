"""The checks find the faults of a badly made page."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import Site, Visitor
from tests.browser.looking import Inspector, Scales, tab_to, untied_errors

BADLY_MADE = """<!doctype html><html><head><title>Sign in</title>
<style>a:focus { outline: 0 } .wide { width: 700px } .pale { color: #bbb } .cover { position: fixed; inset: 0 }</style>
</head><body><main><h1>Sign in</h1>
<a href="#elsewhere">Elsewhere</a> <p class="pale">Enter your address.</p> <div class="wide">Wide</div>
<div class="error-summary"><ul><li>Enter your name</li><li><a href="#email">Enter your address</a></li></ul></div>
<input id="email"></main></body></html>"""


def test_faults_of_a_badly_made_page_are_found(visitor: Callable[..., Page]) -> None:
    page = visitor()
    inspector = Inspector(page)
    page.goto("about:blank")
    page.set_content(BADLY_MADE)
    assert tab_to(page, lambda page: page.get_by_role("link", name="Enter your address")) == [
        "Elsewhere: its focus does not show",
        "Enter your address: its focus does not show",
    ]
    assert untied_errors(page) == [
        "the error summary has not the focus",
        "the title does not begin with “Error: ”",
        "leads to no field: Enter your name",
        "aria-invalid: Enter your address",
        "aria-describedby: Enter your address",
    ]
    assert [fault.splitlines()[0].partition(" Fix")[0] for fault in inspector.faults()] == [
        "at 390: html-has-lang: html",
        "at 390: label: #email",
        "at 390: color-contrast: p",
        "at 320: it needs 708 pixels",
        "at 1280: color-contrast: p",
    ]


def test_browser_errors_are_collected(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/dates")
    page.evaluate("() => document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">Red</p>')")
    page.evaluate("() => console.error('something is wrong')")
    heard = [
        re.sub(".* violates the following Content Security Policy directive '(.*?'self').*", r"\1", complaint)
        for complaint in visitor.complaints
    ]
    visitor.complaints.clear()
    assert heard == ["style-src 'self'", ": something is wrong"]


def test_page_weight_is_measured_with_an_empty_cache(site: Site, visitor: Visitor) -> None:
    scales = Scales(visitor())
    with site.app.test_client() as client:
        sheet = client.get("/static/hub.css", headers={"Accept-Encoding": "gzip"})
    assert [scales.open("/dates") > len(sheet.data) for _ in range(3)] == [True] * 3
