"""Fixtures of the browser tests: the application on a real server, a real mail server, and Chromium."""

import logging
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)
from waitress import wasyncore
from waitress.server import create_server

from tests.conftest import TestClock
from tests.smtp_server import SmtpServer
from training_hub.config import Settings
from training_hub.database import db, transaction
from training_hub.people.models import Person
from training_hub.serving import address_of, bind
from training_hub.sign_in.actions import make_sign_in_link
from training_hub.worker import run_once, sender

PHONE, LAPTOP = 390, 1280
HERE = "127.0.0.1"
PATIENCE = 60_000
"""Milliseconds to wait for what should appear at once, before a test fails."""


def press(target: Locator, how: Callable[[Locator], None] = Locator.click) -> None:
    """Press a link or button, with a mouse or as `how` says, and wait for the next page."""
    with target.page.expect_navigation():
        how(target)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses a browser, so that -m "not browser" leaves it out."""
    for item in items:
        if "visitor" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all these tests. Each person gets a window of their own."""
    # Debian's headless build, if installed, saves half a second a window.
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """The mail server that receives every email."""
    with SmtpServer() as server:
        yield server


@pytest.fixture
def door() -> Iterator[list[socket.socket]]:
    """The application's listening sockets, on a spare port that is known before it starts."""
    sockets = bind(HERE, 0)
    yield sockets
    for one in sockets:
        one.close()


@pytest.fixture
def settings(settings: Settings, door: list[socket.socket], smtp: SmtpServer) -> Settings:
    """Settings with the address of these sockets and with this mail server."""
    return replace(settings, base_url=address_of(door, HERE), mail=smtp.settings)


@dataclass
class Site:
    """The running installation, as tests use it."""

    app: Flask
    clock: TestClock
    smtp: SmtpServer
    address: str

    def work(self) -> list[EmailMessage]:
        """Run the worker once. Returns the emails that it sent, oldest first."""
        db.session.commit()
        run_once(self.app, sender(self.app))
        return self.smtp.received()

    def sign_in(self, page: Page, person: Person, to: str = "/") -> None:
        """Sign `person` in with a new link, as support does when an email does not arrive."""
        with transaction():
            path = make_sign_in_link(person, now=self.clock.now, next_page=to)
        page.goto(path)
        press(page.get_by_role("main").get_by_role("button"))


@pytest.fixture
def site(app: Flask, clock: TestClock, smtp: SmtpServer, door: list[socket.socket]) -> Iterator[Site]:
    """The application, answering requests in threads of this process."""
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, sockets=door, threads=4, clear_untrusted_proxy_headers=True)
    thread = threading.Thread(target=server.run, name="the site")
    thread.start()
    yield Site(app, clock, smtp, address_of(door, HERE))
    # Runs in the server's thread: its loop ends when nothing is left to listen to.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets, ignore_all=True))
    thread.join()
    server.task_dispatcher.shutdown()


@dataclass
class Visitor:
    """Opens windows: `visitor(PHONE)` signed out, `visitor(LAPTOP, person, "/registers")` signed in."""

    browser: Browser
    site: Site
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self, width: int = LAPTOP, person: Person | None = None, to: str = "/", **options: Any
    ) -> Page:
        db.session.commit()
        context = self.browser.new_context(
            base_url=self.site.address,
            viewport={"width": width, "height": 800},
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if person is not None:
            self.site.sign_in(page, person, to)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        # Chromium reports every 4xx answer as an error, and tests expect some.
        if (
            message.type in {"error", "warning"}
            and "the server responded with a status of 4" not in message.text
        ):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
def visitor(chromium: Browser, site: Site, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[..., Page]]:
    """Call it to open a browser window. Browser errors, and errors that the site logs, fail the test."""
    visitors = Visitor(chromium, site)
    yield visitors
    for context in visitors.contexts:
        context.close()
    assert visitors.complaints == []
    assert [
        record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR
    ] == []
