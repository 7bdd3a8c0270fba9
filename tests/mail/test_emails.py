"""Every email: one template, from which the text and the HTML say the same."""

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import training_hub
from tests import make
from tests.conftest import NOW
from training_hub.access import link_token
from training_hub.bookings.actions.book import book
from training_hub.bookings.emails.changes import TEMPLATES as CHANGES
from training_hub.bookings.emails.reminders import REMINDERS
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.queries.terms import terms_for
from training_hub.database import db
from training_hub.evaluation.emails import TEMPLATES as EVALUATION
from training_hub.mail import outbox
from training_hub.mail.models import Mail
from training_hub.mail.outbox import Envelope
from training_hub.mail.rendering import Words, render

ROOT = Path(training_hub.__file__).parent
EMAILS = sorted(
    path.stem for path in (ROOT / "templates" / "mail").glob("*.txt") if not path.name.startswith("_")
)
WITHOUT_BUTTON = {"classroom_answered", "evaluation_manager_copied"}
HREF = "http://localhost/something-to-do"


def facts() -> dict[str, Any]:
    """Whatever an email may want to know."""
    event = make.event(make.course("Neglect & <Harm>"), starts_at=NOW + timedelta(days=30))
    booking = make.booking(event, make.person("Ann"), Status.OFFERED, decide_by=NOW + timedelta(days=1))
    db.session.commit()
    evaluation = {
        "kind": "end",
        "course": event.course,
        "event": event,
        "reminder_number": 2,
        "person": "Ben",
        "answer_by": NOW,
        "opens_until": NOW,
        "is_certificate_waiting": True,
        "who_sees": "Nobody can see who said what.",
        "href": HREF,
    }
    return {
        **evaluation,
        "items": [evaluation],
        "stop_href": "http://localhost/stop",
        "name": "Ann",
        "booking": booking,
        "turn": booking,
        "terms": terms_for(event),
        "booking_href": HREF,
        "date_href": HREF,
        "course_href": HREF,
        "agency": make.agency("Oak School"),
        "session": event.sessions[0],
        "places": places(event),
        "left": 2,
        "certificate": {"number": "7KQ2-M9XD"},
        "number": 2,
        "position": 2,
        "least": 8,
        "code": "123456",
        "expires_at": NOW,
        "by_name": "Olive Officer",
        "by_other": True,
        "reason": "Ill",
        "who": "Cat",
    }


def shown(html: str) -> str:
    """What a reader of the HTML sees, without spaces and marks."""
    return squeezed(unescape(re.sub(r"<[^>]+>", "", html.partition("<body")[2])))


def squeezed(words: str) -> str:
    return re.sub(r"\W+", "", words)


def hrefs(html: str) -> set[str]:
    return {unescape(href) for href in re.findall(r'href="([^"]+)"', html)}


def only(tag: str, html: str) -> str:
    (found,) = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", html, re.DOTALL)
    return " ".join(unescape(found).split())


@pytest.mark.parametrize("template", EMAILS)
def test_every_email_says_the_same_in_text_and_html(app: Flask, template: str) -> None:
    words = render(template, facts())
    _check_frame(words)
    for line in words.text.splitlines():
        assert squeezed(line) in shown(words.html) or line in hrefs(words.html)
    assert only("title", words.html) == words.subject
    # Its one button, and the same address in words.
    assert words.html.count("Or copy this address into your browser") == (template not in WITHOUT_BUTTON)
    if template not in WITHOUT_BUTTON:
        (label,) = re.findall(r"border-radius:4px\"><a [^>]+>(.*?)</a>", words.html)
        assert f"\n\n{label}:\nhttp://localhost" in words.text


@pytest.mark.parametrize("template", EMAILS)
def test_an_email_with_a_signed_link_says_that_it_carries_a_key(app: Flask, template: str) -> None:
    known, token = facts(), link_token("evaluate", 2**31 - 1)
    hrefs = dict.fromkeys(("href", "stop_href", "decline_href"), f"http://localhost/evaluate/{token}?by=2")
    known["items"] = [known["items"][0] | hrefs]
    for key, given in (("with", known | hrefs), ("without", known | dict.fromkeys(hrefs, HREF))):
        assert outbox.queue(template, given, Envelope(key, ("Ann", "ann@example.org")), now=NOW)
    with_link, without = db.session.scalars(select(Mail).order_by(Mail.key)).all()
    assert (with_link.carries_key, without.carries_key) == (token in with_link.text, token in without.text)


def test_an_email_with_a_link_to_decline_carries_a_key(app: Flask, signed_in: Callable[..., Any]) -> None:
    event = make.event(starts_at=NOW + timedelta(days=30))
    book(make.person("Ann"), event, by=make.officer(), now=NOW)
    mail = db.session.scalars(select(Mail).where(Mail.template == "booking_confirmed")).one()
    assert ("/refuse/" in mail.text, mail.carries_key) == (True, True)
    page = signed_in(make.officer()).get(f"/outbox/{mail.id}")
    assert (page.status, "The text is not shown" in page.text, "decline" in page.text) == (200, True, False)


def _check_frame(words: Words) -> None:
    lines = words.text.splitlines()
    assert (lines[0], lines[3:6]) == ("Training Hub", ["", "Dear Ann,", ""])
    assert lines[6] == only("h1", words.html)
    why = words.text.split(f"\n{'-' * 40}\n")[2]
    assert why.startswith("You get this")
    assert why.endswith("\n\nQuestions? Write to training@example.org.\n")
    # No value opens a tag, and none is escaped twice.
    assert "<Harm>" not in words.html
    assert "&amp;amp;" not in words.html
    assert "&amp;" not in words.text


def test_every_email_has_a_use_and_a_template(app: Flask) -> None:
    named = {*CHANGES.values(), *REMINDERS.values(), *EVALUATION}
    for path in ROOT.glob("**/emails*/**/*.py"):
        named |= _queued(path)
    for path in ROOT.glob("*/emails.py"):
        named |= _queued(path)
    assert sorted(named) == EMAILS


def _queued(path: Path) -> set[str]:
    """The templates that a module queues by name."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    firsts = [
        call.args[0]
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in {"queue", "queue_about", "queue_for", "LaterSessions"}
    ]
    # Of a choice between two, the condition names none.
    parts = [
        part
        for first in firsts
        for part in ([first.body, first.orelse] if isinstance(first, ast.IfExp) else [first])
    ]
    return {str(part.value) for part in parts if isinstance(part, ast.Constant)}


def test_a_subject_is_one_line_whatever_the_title(app: Flask) -> None:
    event = make.event(make.course("Neglect\r\nBcc: all@example.org"), starts_at=NOW)
    words = render("classroom_answered", {"course": event.course, "event": event})
    assert words.subject == "Your answers about Neglect Bcc: all@example.org have arrived"


def test_a_blank_line_ends_a_paragraph_and_a_line_break_stays(app: Flask) -> None:
    event = make.event(starts_at=NOW, notes="Bring:\na pen\n\n<b>Lunch</b> is there.")
    booking = make.booking(event)
    given = facts() | {"event": event, "booking": booking}
    words = render("joining_instructions", given)
    assert "What to know beforehand: Bring:\na pen\n\n<b>Lunch</b> is there.\n\n" in words.text
    assert "Bring:<br>\na pen</p>\n" in words.html
    assert '<p style="margin:0 0 16px">&lt;b&gt;Lunch&lt;/b&gt; is there.</p>' in words.html
