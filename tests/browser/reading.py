"""Read the text of a page, an email or a PDF."""

import io
import re
from email.message import EmailMessage
from html import unescape

from playwright.sync_api import Page, expect
from pypdf import PdfReader


def heading(page: Page) -> str:
    """The page's one h1."""
    expect(page.locator("h1")).to_have_count(1)
    return _folded(page.locator("h1").inner_text())


def facts(page: Page) -> dict[str, str]:
    """The lists of facts on a page: the value of each label."""
    pairs = page.locator("main dl.facts > div").evaluate_all(
        "rows => rows.map(row => [row.querySelector('dt').innerText, row.querySelector('dd').innerText])"
    )
    return {_folded(label): _folded(value) for label, value in pairs}


def texts(page: Page, selector: str) -> list[str]:
    """The text of everything on the page that matches `selector`, in order."""
    return [_folded(found) for found in page.locator(selector).all_inner_texts()]


def words(mail: EmailMessage) -> str:
    """The plain-text part of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def links(mail: EmailMessage) -> list[str]:
    """Every web address in an email, in any part, each once."""
    found: list[str] = []
    for part in mail.walk():
        if part.get_content_type() in {"text/plain", "text/html"}:
            found += map(unescape, re.findall(r'https?://[^\s"<>]+', part.get_content()))
    return list(dict.fromkeys(found))


def everything(mail: EmailMessage) -> str:
    """The text of every part of an email."""
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return "\n".join(part.decode() if isinstance(part, bytes) else part for part in parts)


def calendar(mail: EmailMessage) -> str:
    """The calendar invitation in an email, with its lines unfolded."""
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return re.sub(r"\r?\n[ \t]", "", str(part.get_content()))


def subjects(mails: list[EmailMessage]) -> list[tuple[str, str]]:
    """The recipient and subject of each email."""
    return [(str(mail["To"].addresses[0].addr_spec), str(mail["Subject"])) for mail in mails]


def paper(content: bytes) -> str:
    """The text of a PDF, with spaces folded."""
    return _folded(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages))


def _folded(text: str) -> str:
    return " ".join(text.split())
