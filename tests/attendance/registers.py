"""A course date of today, the people on its register, and their marks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.page_client import Page
from training_hub.access import Role
from training_hub.attendance.models import Attendance, MarkChange
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.models import Person

STARTED = NOW - timedelta(minutes=30)


@dataclass
class Scene:
    """One stored event, its trainer, and its bookings by first name."""

    event: Event
    trainer: Person
    bookings: dict[str, Booking]

    @property
    def path(self) -> str:
        """Where the first session's register is."""
        return f"/registers/{self.event.id}/1"

    def field(self, name: str) -> str:
        """The name of the inputs of one person."""
        return f"mark-{self.bookings[name].id}"

    def marks(self, **chosen: str) -> dict[str, str]:
        """What a form sends for these people."""
        return {self.field(name): mark for name, mark in chosen.items()}

    def statuses(self) -> dict[str, Status]:
        """Each person's status as stored."""
        db.session.expire_all()
        return {name: booking.status for name, booking in self.bookings.items()}


def scene(*names: str, days: int = 1, **columns: Any) -> Scene:
    """A course date that started half an hour ago, with these people booked."""
    trainer = make.person("Trudy Trainer", Role.TRAINER)
    columns = {"starts_at": STARTED, "days": days, "trainers": (trainer,), **columns}
    event = make.event(**columns)
    bookings = {
        name: make.booking(event, make.person(f"{name} Shah", of=make.agency(f"{name}’s School")))
        for name in names or ("Ann", "Ben", "Cat")
    }
    db.session.commit()
    return Scene(event, trainer, bookings)


def stored_marks() -> list[tuple[str, int, str]]:
    """Every mark: whose, at which session, and which."""
    db.session.expire_all()
    return [
        (db.session.get_one(Booking, row.booking_id).person.name, row.session_id, row.mark.value)
        for row in db.session.scalars(
            select(Attendance).order_by(Attendance.booking_id, Attendance.session_id)
        )
    ]


def mark_history() -> list[tuple[str, str | None, str, str, str]]:
    """Every change of a mark: person, was, became, by, why."""
    db.session.expire_all()
    return [
        (
            db.session.get_one(Booking, row.booking_id).person.name,
            row.was.value if row.was else None,
            row.became.value,
            row.by.name if row.by else "",
            row.why,
        )
        for row in db.session.scalars(select(MarkChange).order_by(MarkChange.id))
    ]


def chosen(page: Page) -> dict[str, str]:
    """Which marks a register's page shows as chosen, by field."""
    return {name: value for name, value in page.form().items() if name.startswith("mark-")}
