"""The worker's jobs of each minute, when one item fails."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests import make
from tests.conftest import NOW
from training_hub.bookings.actions.approval import remind_managers
from training_hub.bookings.actions.claims import lapse_claims
from training_hub.bookings.actions.reminders import remind_due as remind_of_dates
from training_hub.bookings.actions.waiting_list import fill_free_places
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.certificates.actions import issue_due
from training_hub.database import db
from training_hub.evaluation.actions.invitations import invite_due
from training_hub.evaluation.actions.reminders import remind_due as remind_of_evaluations
from training_hub.mail.models import Mail
from training_hub.people.models import Agency
from training_hub.worker import Job

pytestmark = pytest.mark.postgres


@dataclass(frozen=True)
class Due:
    """A due item of one booking, and its job."""

    job: Job
    status: Status
    starts: timedelta
    booking: dict[str, Any] = field(default_factory=dict)
    is_evaluated: bool = True
    is_asked: bool = False


IN_TEN_DAYS, YESTERDAY, LAST_WEEK = timedelta(days=10), timedelta(days=-1), timedelta(days=-7)
ASKED = {"asked_at": NOW - timedelta(days=20)}
DUE = {
    "an offer that ran out": Due(
        lapse_claims, Status.OFFERED, IN_TEN_DAYS, {"decide_by": NOW - timedelta(hours=1)}
    ),
    "a request that ran out": Due(
        lapse_claims, Status.REQUESTED, IN_TEN_DAYS, {"decide_by": NOW - timedelta(hours=1)}
    ),
    "a line manager who has not decided": Due(
        remind_managers, Status.REQUESTED, IN_TEN_DAYS, {**ASKED, "decide_by": NOW + timedelta(days=1)}
    ),
    "the reminder of a course date": Due(remind_of_dates, Status.CONFIRMED, IN_TEN_DAYS, ASKED),
    "an evaluation to be asked": Due(invite_due, Status.COMPLETED, YESTERDAY),
    "the reminder of an evaluation": Due(remind_of_evaluations, Status.COMPLETED, LAST_WEEK, is_asked=True),
    "a certificate": Due(issue_due, Status.COMPLETED, YESTERDAY, is_evaluated=False),
}


def in_a_word_nobody_knows(agency: Agency) -> Callable[[], None]:
    """Store a sector that this version cannot read, as a newer one might. Returns a function that repairs it."""

    def store(sector: str) -> None:
        db.session.execute(
            text("UPDATE agency SET sector = :sector WHERE id = :id"), {"sector": sector, "id": key}
        )
        db.session.commit()
        db.session.remove()

    key = agency.id
    store("of another age")
    return lambda: store("school")


def told() -> list[str]:
    """The recipients of queued emails, in order."""
    db.session.remove()
    return list(db.session.scalars(select(Mail.to_name).order_by(Mail.id)))


def failures(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The failures in the log."""
    return [record.getMessage() for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("what", DUE)
def test_failing_item_is_logged_and_holds_up_no_other(
    app: Flask, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    due = DUE[what]
    course = make.course(is_evaluated=due.is_evaluated)
    form, agencies, ids = make.questionnaire(), [make.agency(), make.agency()], []
    for name, agency in zip(("Fay Fails", "Wes Works"), agencies, strict=True):
        event = make.event(course, starts_at=NOW + due.starts, hours=3)
        manager = {"manager_name": name, "manager_email": "manager@example.org"}
        booking = make.booking(event, make.person(name, of=agency), due.status, **due.booking, **manager)
        if due.is_asked:
            make.returned(booking, form)
        ids.append(booking.id)
    named = _named(due, ids[0])
    mend = in_a_word_nobody_knows(agencies[0])
    with caplog.at_level(logging.ERROR):
        due.job(now=NOW)
    assert (told(), [line.split(" failed for ")[-1] for line in failures(caplog)]) == (["Wes Works"], [named])
    mend()
    due.job(now=NOW + timedelta(minutes=1))
    assert told() == ["Wes Works", "Fay Fails"]


def _named(due: Due, booking_id: int) -> str:
    if not due.is_asked:
        return str(booking_id)
    db.session.flush()
    found = text("SELECT id FROM invitation WHERE booking_id = :booking")
    return str(db.session.scalar(found, {"booking": booking_id}))


def _policies(event_id: int, policies: dict[str, Any]) -> None:
    event = db.session.get_one(Event, event_id)
    event.policies = policies
    db.session.commit()
    db.session.remove()


@pytest.mark.parametrize(
    ("job", "status", "became"),
    [
        (fill_free_places, Status.WAITING, Status.OFFERED),
        (remind_of_dates, Status.CONFIRMED, Status.CONFIRMED),
    ],
)
def test_unreadable_policies_of_one_date_hold_up_no_other(
    app: Flask, caplog: pytest.LogCaptureFixture, job: Job, status: Status, became: Status
) -> None:
    events = [make.event(starts_at=NOW + IN_TEN_DAYS) for _ in range(2)]
    for event, name in zip(events, ("Fay Fails", "Wes Works"), strict=True):
        make.booking(event, make.person(name), status, **ASKED)
    broken = events[0].id
    db.session.commit()
    _policies(broken, {"waiting_list": "by lot"})
    with caplog.at_level(logging.ERROR):
        job(now=NOW)
    assert (told(), [str(broken) in line for line in failures(caplog)]) == (["Wes Works"], [True])
    _policies(broken, {})
    job(now=NOW + timedelta(minutes=1))
    assert told() == ["Wes Works", "Fay Fails"]
    assert set(db.session.scalars(select(Booking.status))) == {became}
