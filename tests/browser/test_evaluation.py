"""From the mail about the evaluation to the certificate."""

import http.client
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page
from sqlalchemy import func, select

from tests import make
from tests.browser.answering import QUESTIONS, answer
from tests.browser.conftest import PHONE, Site, press
from tests.browser.reading import facts, heading, links, paper, subjects, texts
from tests.conftest import NOW
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.certificates.models import Certificate
from training_hub.database import db
from training_hub.evaluation.models.answers import Answer, Response
from training_hub.evaluation.models.invitations import Invitation


def _opened_by_a_mail_filter(mail: EmailMessage) -> dict[str, list[int]]:
    """Ask for every link in `mail` as corporate mail filters do, with HEAD and with GET: the answers to each."""
    answers: dict[str, list[int]] = {}
    for link in links(mail):
        parts = urlsplit(link)
        for method in ("HEAD", "GET"):
            connection = http.client.HTTPConnection(parts.netloc, timeout=20)
            connection.request(method, f"{parts.path}?{parts.query}", headers={"User-Agent": "SafeLinks"})
            response = connection.getresponse()
            response.read()
            answers.setdefault(link, []).append(response.status)
            connection.close()
    return answers


def _recorded() -> tuple[int, int, int]:
    """How many evaluations are back, how many have answers, and how many certificates there are."""
    db.session.rollback()
    returned = select(func.count(Invitation.returned_at))
    return tuple(
        db.session.scalar(question) or 0
        for question in (returned, select(func.count(Response.id)), select(func.count(Certificate.id)))
    )


@pytest.mark.postgres
def test_evaluation_email_leads_to_a_checkable_certificate(site: Site, visitor: Callable[..., Page]) -> None:
    course = make.course("Working Together", validity_months=36)
    event = make.event(course, starts_at=NOW - timedelta(hours=1))
    person = make.person("Łucja Owen-Nowak", email="lucja@example.org")
    booking = make.booking(event, person, Status.COMPLETED)
    site.clock.now = event.ends_at - timedelta(minutes=1)
    assert subjects(site.work()) == []
    site.clock.now = event.ends_at
    [mail] = site.work()
    assert subjects([mail]) == [
        ("lucja@example.org", "How was Working Together? Your certificate is waiting")
    ]

    # The form, five numbers that open it with the first question answered, and the way to stop such mails.
    link, *others = links(mail)
    taps = [f"{link}&tap={number}" for number in range(1, 6)]
    assert [other for other in others if "/evaluate/" in other] == taps
    assert _opened_by_a_mail_filter(mail) == {each: [200, 200] for each in (link, *others)}
    assert _recorded() == (0, 0, 0)

    site.clock.now += timedelta(hours=1)
    page = visitor(PHONE, has_touch=True, is_mobile=True)
    page.goto(link)
    assert heading(page) == "How was the course?"
    answer(page)
    assert heading(page) == "Thank you, your answers have arrived"
    assert _recorded() == (1, 1, 1)
    assert _answers(booking) == [*QUESTIONS.values(), "Ask sooner."]

    [number] = texts(page, ".confirmation strong")
    with page.expect_download() as arriving:
        page.get_by_role("link", name="Download your certificate (PDF)").tap()
    certificate = Path(arriving.value.path()).read_bytes()
    assert certificate[:5] == b"%PDF-"
    said = paper(certificate)
    assert [words in said for words in ("Łucja Owen-Nowak", "Working Together", number)] == [True] * 3

    press(page.get_by_role("link", name="certificate check page"), Locator.tap)
    assert heading(page) == "This certificate is genuine"
    assert facts(page) == {
        "Name": "Łucja Owen-Nowak",
        "Course": "Working Together",
        "Date": "6 May 2025",
        "Length": "One day",
        "Issued on": "6 May 2025",
        "Valid until": "6 May 2028",
    }

    page.goto(link)
    assert heading(page) == "You have already answered this form"
    assert _recorded() == (1, 1, 1)
    assert subjects(site.work()) == [("lucja@example.org", "Your certificate for Working Together")]


def _answers(booking: Booking) -> list[object]:
    """What was stored, in the order of the questions, as it was answered."""
    rows = db.session.scalars(
        select(Answer)
        .join(Response)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .where(Invitation.booking_id == booking.id)
        .order_by(Answer.question_id)
    )
    return [row.text or ((row.before, row.value) if row.before is not None else row.value) for row in rows]
