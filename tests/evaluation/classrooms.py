"""Shared by tests of the classroom: a course date that is nearly over, and its open form."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.models.answers import Answer, PartAnswers, Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.limits.rules import network_of
from training_hub.mail.models import Mail
from training_hub.people.models import Person

SignIn = Callable[..., PageClient]
SENDER = network_of("127.0.0.1")


def course_date(**columns: Any) -> tuple[Event, Person]:
    """A course date that ends in half an hour, and its trainer."""
    trainer = make.person("Tia Trainer", Role.TRAINER)
    at = NOW - timedelta(hours=6, minutes=30)
    return make.event(make.course("Working Together"), starts_at=at, trainers=(trainer,), **columns), trainer


def opened() -> tuple[Event, str]:
    """That date with Ann Archer and an open classroom, and the code."""
    event, trainer = course_date()
    make.booking(event, make.person("Ann Archer", email="ann@example.org"))
    code = classroom_actions.open_classroom(event, by=trainer, now=NOW).code
    db.session.commit()
    return event, code


def start(client: PageClient, code: str, email: str, door: str = "") -> Page:
    """Type an address on the first page. Returns the next page."""
    return client.send(client.get(f"/room/{code}{door}"), f"/room/{code}{door}", email=email)


def stored() -> dict[str, int]:
    """The number of rows in each table that answering writes."""
    db.session.rollback()
    kinds = (Invitation, Response, Answer, PartAnswers)
    return {kind.__name__: db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds}


NOTHING = {"Invitation": 0, "Response": 0, "Answer": 0, "PartAnswers": 0}
ONE = {"Invitation": 1, "Response": 1, "Answer": 9, "PartAnswers": 0}


def mails() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.execute(select(Mail.template, Mail.to_email).order_by(Mail.id))
    return [(template, email) for template, email in rows]


def plain(page: Page) -> str:
    """The HTML of a page without its random tokens and the typed address."""
    words = page.html
    for form in page.forms:
        for token in ("csrf_token", "form_key", "turn"):
            words = words.replace(form["fields"].get(token, "-"), "")
    for email in ("ann@example.org", "bob@example.org"):
        words = words.replace(email, "")
    return words


def completes(event: Event, status: Status = Status.COMPLETED) -> None:
    db.session.execute(select(Booking)).scalar_one().status = status
    db.session.commit()
