"""Shared by tests of evaluations and certificates: a completed course, and a full set of answers."""

from datetime import timedelta
from typing import Any

from tests import make
from tests.conftest import NOW
from tests.page_client import Page, PageClient
from training_hub.access import link_token
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.rules.answers import Given

SCALES = ("objectives", "relevance", "trainer", "materials", "pace")
PAIRS = ("knowledge", "skills", "confidence")

ANSWERS: dict[str, Given] = {
    **dict.fromkeys(PAIRS, Given(value=4, before=2)),
    **dict.fromkeys(SCALES, Given(value=5)),
    "pace": Given(value=3),
    "different": Given(words="Ask sooner."),
}

SENT: dict[str, Any] = {
    **dict.fromkeys(PAIRS, "4"),
    **{f"{key}_before": "2" for key in PAIRS},
    **dict.fromkeys(SCALES, "5"),
    "pace": "3",
    "different": "Ask sooner.",
    "change": "",
}


def completed(name: str = "Ann Archer", *, status: Status = Status.COMPLETED, **course: Any) -> Booking:
    """A booking at a course date that ended yesterday at 5:30pm in London."""
    event = make.event(make.course("Working Together", **course), starts_at=NOW - timedelta(days=1, hours=-1))
    booking = make.booking(event, make.person(name, email="ann@example.org"), status)
    db.session.commit()
    return booking


def invited(booking: Booking) -> Invitation:
    """The invitation sent now for this booking."""
    invitations_actions.invite_due(now=NOW)
    invitation = invitations_queries.invitation_of(booking.id)
    assert invitation is not None
    return invitation


def path(invitation: Invitation) -> str:
    """The path of the link in the mail."""
    return f"/evaluate/{link_token('evaluate', invitation.id, invitation.link_version)}"


def answer_all(client: PageClient, page: Page, **answers: str) -> Page:
    """Answer screen after screen from `answers`, until the form is sent or refused."""
    while page.status == 200 and any("screen" in form["fields"] for form in page.forms):
        page = client.send(page, **answers)
    return page


def before_sending(client: PageClient, invitation: Invitation, **answers: str) -> Page:
    """The last screen of the form, with all earlier screens answered."""
    page = client.get(path(invitation))
    while "Send my answers" not in page.text:
        page = client.send(page, **answers)
    return page
