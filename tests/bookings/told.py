"""Shared by tests of bookings: what is stored, and who was told what."""

import re
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from tests import make
from tests.conftest import NOW
from tests.page_client import Page
from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.moved import tell_moved
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.mail.models import Mail
from training_hub.people.models import Person

NEXT_MONTH = NOW + timedelta(days=30)
"""Thursday 5 June 2025, 9:30am in London. Its bookings close with Monday 2 June."""
MANAGER = {"manager_name": "Max Manager", "manager_email": "max.manager@example.org"}
APPROVAL = {"approval": "line manager"}
"""The policies of a date for which the line manager has to agree."""


def stored() -> list[tuple[str, Status]]:
    """Who has which booking, in the order in which they were made."""
    db.session.expire_all()
    rows = db.session.scalars(select(Booking).order_by(Booking.id))
    return [(row.person.name, row.status) for row in rows]


def mails() -> list[tuple[str, str]]:
    """Each email and who gets it, in the order they were queued."""
    rows = db.session.execute(select(Mail.template, Mail.to_name).order_by(Mail.id))
    return [(row.template, row.to_name) for row in rows]


def mail(template: str, to: str) -> Mail:
    """The one mail of this kind to the person of this name."""
    return db.session.scalars(select(Mail).where(Mail.template == template, Mail.to_name == to)).one()


def forget_mails() -> None:
    """Remove all emails queued so far."""
    db.session.execute(delete(Mail))
    db.session.commit()


def link(letter: Mail, path: str) -> str:
    """The path of the link under `path` in an email, the same in both of its parts."""
    (found,) = set(re.findall(rf"http://localhost({path}/[^\s\"<]+)", letter.text))
    assert found in letter.html
    return str(found)


def folded(text: str) -> str:
    """The text with spaces folded."""
    return " ".join(text.split())


def history(page: Page) -> str:
    """The history on a booking's page."""
    return page.text.partition(" History ")[2].partition(" Privacy")[0]


def booked(event: Event, *names: str) -> list[Booking]:
    """Book places for people of these names, a minute apart, and remove the emails about it."""
    made = []
    for minute, name in enumerate(names):
        person = make.person(name)
        made.append(book(person, event, by=person, now=NOW + timedelta(minutes=minute)))
    forget_mails()
    return made


def asked(event: Event, name: str = "Ann", **columns: object) -> Booking:
    """Someone of this name asks for a place that their line manager has to approve."""
    person = make.person(name, **{**MANAGER, **columns})
    return book(person, event, by=person, now=NOW)


def person_named(name: str) -> Person:
    """The one person of this name."""
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def move(event: Event, to: datetime, *, now: datetime) -> None:
    """Move a date of one session of seven hours, and tell everyone."""
    (session,) = event.sessions
    event.starts_at, event.ends_at = to, to + timedelta(hours=7)
    session.starts_at, session.ends_at = event.starts_at, event.ends_at
    event.sequence += 1
    db.session.flush()
    tell_moved(event, now=now)
    db.session.commit()


def with_approval(**columns: object) -> Event:
    """A date for which the line manager has to agree."""
    given = {"policies": APPROVAL, "starts_at": NEXT_MONTH, **columns}
    return make.event(make.course("Neglect"), **given)  # type: ignore[arg-type]


def approval(booking: Booking) -> str:
    """The path of the link in the manager's mail."""
    return link(mail("approval_asked", booking.manager_name), "/approve")
