"""Copies to line managers after the last reminder: one mail a day to a manager, each form once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.evaluation.answering import ANSWERS
from tests.evaluation.test_at_once import at_once
from tests.evaluation.test_stages import DAY, work
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.mail.models import Mail, MailState
from training_hub.people.actions import name_manager

MAY = {"manager_name": "May Manager", "manager_email": "may@example.org"}
NOOR = {"manager_name": "Noor", "manager_email": "noor@example.org"}
COPIES = {"copies_manager_last": True}
MINUTE = timedelta(minutes=1)


def places(*of: tuple[str, str, dict[str, str]], hours: float = 1, **policies: object) -> list[Booking]:
    """Courses completed yesterday, by (person, course, line manager), whose managers are told in the end."""
    rows = []
    for name, title, manager in of:
        event = make.event(
            make.course(title), starts_at=NOW - DAY + timedelta(hours=hours), policies={**COPIES, **policies}
        )
        rows.append(make.booking(event, make.person(name), Status.COMPLETED, **manager))
    db.session.commit()
    return rows


def copies() -> list[tuple[str, str, MailState]]:
    db.session.expire_all()
    rows = db.session.scalars(
        select(Mail).where(Mail.template == "evaluation_manager_copied").order_by(Mail.id)
    )
    return [(mail.to_email, mail.subject, mail.state) for mail in rows]


def words() -> str:
    """What the last copy says."""
    latest = select(Mail.text).where(Mail.template == "evaluation_manager_copied").order_by(Mail.id.desc())
    return " ".join((db.session.scalar(latest.limit(1)) or "").split())


def answered(booking: Booking, *, now: object = NOW + 14 * DAY) -> None:
    invitation = invitations_queries.invitation_of(booking.id)
    assert invitation is not None
    answers_actions.answer(invitation, ANSWERS, now=now)  # type: ignore[arg-type]
    db.session.commit()


def told() -> list[bool]:
    """Whether the line manager was told of each form."""
    return [bool(row.copied_in) for row in db.session.scalars(select(Invitation).order_by(Invitation.id))]


def chased(days: int = 14) -> None:
    """Send the reminders of so many days. A minute later managers are told of the last ones."""
    for day in (0, 2, 6, 9, 14):
        if day <= days:
            work(NOW + day * DAY)
            work(NOW + day * DAY + MINUTE)


def last_reminders_leave() -> None:
    """Send the last reminders, and queue the mails to the managers."""
    work(NOW + 14 * DAY)
    reminders_actions.remind_due(now=NOW + 14 * DAY + MINUTE)


def test_a_manager_of_three_gets_one_mail_about_all_of_them(app: Flask) -> None:
    places(("Ann Archer", "Signs", MAY), ("Bob Baker", "Neglect", MAY), ("Cat Carter", "Neglect 2", NOOR))
    places(("Ann Archer", "Early Help", MAY), certificate_needs_evaluation=False)
    chased()
    assert copies() == [
        ("may@example.org", "3 evaluation forms from your staff are missing", MailState.SENT),
        ("noor@example.org", "An evaluation form about Neglect 2 is missing", MailState.SENT),
    ]
    mail = db.session.scalars(select(Mail.text).where(Mail.to_email == "may@example.org")).one()
    for line in (
        "Ann Archer: Signs, completed on Monday 5 May 2025. We make the certificate once we have the form.",
        "Bob Baker: Neglect, completed on Monday 5 May 2025. We make the certificate once we have the form.",
        "Ann Archer: Early Help, completed on Monday 5 May 2025.\n",
    ):
        assert (line, line in mail) == (line, True)
    assert "/evaluate/" not in mail
    chased(30)
    assert len(copies()) == 2


def test_a_second_copy_waits_for_the_next_working_day(app: Flask) -> None:
    places(("Ann Archer", "Signs", MAY))
    work(NOW)
    # Bob's register is marked two hours later.
    places(("Bob Baker", "Neglect", MAY))
    for day in (0, 2, 6, 9, 14):
        if day:
            work(NOW + day * DAY)
        work(NOW + day * DAY + MINUTE)
        work(NOW + day * DAY + timedelta(hours=2))
        work(NOW + day * DAY + timedelta(hours=2) + MINUTE)
    assert [subject for _, subject, _ in copies()] == ["An evaluation form about Signs is missing"]
    work(NOW + 15 * DAY)
    work(NOW + 16 * DAY)
    assert [subject for _, subject, _ in copies()] == [
        "An evaluation form about Signs is missing",
        "An evaluation form about Neglect is missing",
    ]


def test_a_returned_form_is_taken_out_of_a_waiting_copy(
    app: Flask,
) -> None:
    first, _ = places(("Ann Archer", "Signs", MAY), ("Bob Baker", "Neglect", MAY))
    chased(9)
    last_reminders_leave()
    assert copies() == [
        ("may@example.org", "2 evaluation forms from your staff are missing", MailState.WAITING)
    ]
    answered(first)
    work(NOW + 14 * DAY)
    assert copies() == [
        ("may@example.org", "2 evaluation forms from your staff are missing", MailState.DROPPED),
        ("may@example.org", "An evaluation form about Neglect is missing", MailState.SENT),
    ]
    assert told() == [False, True]


def test_a_corrected_register_takes_a_form_out_of_the_copy(app: Flask) -> None:
    first, _ = places(("Ann Archer", "Signs", MAY), ("Bob Baker", "Neglect", MAY))
    chased(9)
    last_reminders_leave()
    first.status = Status.PARTIAL
    db.session.commit()
    work(NOW + 14 * DAY)
    assert [(subject, state) for _, subject, state in copies()] == [
        ("2 evaluation forms from your staff are missing", MailState.DROPPED),
        ("An evaluation form about Neglect is missing", MailState.SENT),
    ]
    assert told() == [False, True]


def test_a_copy_goes_to_the_new_line_manager(
    app: Flask,
) -> None:
    first, _ = places(("Ann Archer", "Signs", MAY), ("Bob Baker", "Neglect", MAY))
    chased(9)
    last_reminders_leave()
    name_manager(first.person, name="Noor", email=NOOR["manager_email"], now=NOW + 14 * DAY)
    db.session.commit()
    work(NOW + 14 * DAY)
    assert copies() == [
        ("may@example.org", "2 evaluation forms from your staff are missing", MailState.DROPPED),
        ("may@example.org", "An evaluation form about Neglect is missing", MailState.SENT),
        ("noor@example.org", "An evaluation form about Signs is missing", MailState.SENT),
    ]


@pytest.mark.parametrize("what", ["answered", "corrected"])
def test_a_manager_who_was_told_is_not_told_again(app: Flask, what: str) -> None:
    first, _ = places(("Ann Archer", "Signs", MAY), ("Bob Baker", "Neglect", MAY))
    chased()
    assert len(copies()) == 1
    if what == "answered":
        answered(first)
    else:
        first.status = Status.PARTIAL
        db.session.commit()
        work(NOW + 15 * DAY)
        first.status = Status.COMPLETED
        db.session.commit()
    for day in (15, 16, 20, 30):
        work(NOW + day * DAY)
    assert copies() == [("may@example.org", "2 evaluation forms from your staff are missing", MailState.SENT)]
    assert "Ann Archer" in words()


@pytest.mark.postgres
def test_workers_at_once_tell_a_manager_of_each_form_once(app: Flask) -> None:
    names = ("Ann Archer", "Bob Baker", "Cat Carter")
    places(*((name, title, MAY) for name, title in zip(names, ("Signs", "Neglect", "Help"), strict=True)))
    chased(9)
    at_once(app, lambda: reminders_actions.remind_due(now=NOW + 14 * DAY))
    work(NOW + 14 * DAY)
    at_once(app, lambda: reminders_actions.remind_due(now=NOW + 14 * DAY + MINUTE))
    work(NOW + 14 * DAY + MINUTE)
    assert len(copies()) == 1
    # A form that one worker reminded while another wrote the copy is told on the next working day.
    work(NOW + 15 * DAY)
    texts = db.session.scalars(select(Mail.text).where(Mail.template == "evaluation_manager_copied")).all()
    assert {name: sum(name in text for text in texts) for name in names} == dict.fromkeys(names, 1)
