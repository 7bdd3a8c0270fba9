"""People with a new line manager: the new one is asked, and the former one's link is replaced."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW, TestClock
from tests.evaluation.answering import path
from tests.evaluation.test_stages import DAY, asking, booked, work
from tests.page_client import PageClient
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.database import db
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.models.answers import PartAnswers, Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.rules.answers import Given
from training_hub.evaluation.rules.reminders import STOPPED
from training_hub.mail.models import Mail
from training_hub.people.actions import name_manager
from training_hub.questionnaires.models import Stage

SignIn = Callable[..., PageClient]
OLD = {"manager_name": "May Manager", "manager_email": "may@example.org"}
WEEK = timedelta(days=7)


def completed() -> Booking:
    """Ann's booking of six weeks ago, which names May."""
    return booked(
        asking(Stage.MANAGER), NOW - 43 * DAY, status=Status.COMPLETED, asked_at=NOW - 60 * DAY, **OLD
    )


def the_form() -> Invitation:
    db.session.expire_all()
    return db.session.scalars(select(Invitation)).one()


def told() -> list[tuple[str, str, str]]:
    """The mails that left: name, address, and which mail."""
    rows = db.session.scalars(select(Mail).where(Mail.sent_at.is_not(None)).order_by(Mail.id))
    return [(mail.to_name, mail.to_email, mail.template.removeprefix("evaluation_")) for mail in rows]


def has_another(booking: Booking, email: str = "noor@example.org", name: str = "Noor") -> None:
    name_manager(booking.person, name=name, email=email, now=NOW + DAY)
    db.session.commit()


def test_a_new_line_manager_replaces_the_old_managers_link(app: Flask, stranger: PageClient) -> None:
    booking = completed()
    work(NOW)
    old = path(the_form())
    page = stranger.get(old)
    sent = {**page.form(""), "manager_sees": "1", "manager_worth": "5"}
    has_another(booking)
    # At once, before and after the worker looks.
    for _ in range(2):
        shut = stranger.get(old)
        assert (shut.status, shut.h1) == (410, "This link has been replaced")
        assert "Ann Archer has another line manager now, and we ask them instead." in shut.text
        assert ("Noor" in shut.text, "noor@example.org" in shut.html) == (False, False)
        assert stranger.post(old, sent).status == 410
        work(NOW + DAY)
    assert (db.session.scalars(select(Response)).all(), the_form().returned_at) == ([], None)


def test_the_new_line_manager_gets_every_mail_from_the_first(app: Flask, stranger: PageClient) -> None:
    booking = completed()
    work(NOW)
    has_another(booking)
    for day in range(1, 30):
        work(NOW + day * DAY)
    old, new = ("May Manager", "may@example.org"), ("Noor", "noor@example.org")
    mails = ["invitation", "reminder_1", "reminder_2", "reminder_3", "reminder_4"]
    assert told() == [(*old, "invitation"), *((*new, mail) for mail in mails)]
    page = stranger.get(path(the_form()))
    assert "Noor, you were named as the line manager of Ann Archer" in page.text


def test_only_the_new_line_manager_may_answer_signed_in(
    app: Flask, clock: TestClock, signed_in: SignIn
) -> None:
    booking = completed()
    work(NOW)
    has_another(booking)
    work(NOW + DAY)
    clock.now = NOW + 100 * DAY
    may, noor = (make.person(name, email=f"{name}@example.org") for name in ("may", "noor"))
    db.session.commit()
    assert [signed_in(who).get(path(the_form())).status for who in (may, noor)] == [410, 200]


def test_a_manager_named_before_the_invitation_is_asked(app: Flask) -> None:
    booking = completed()
    has_another(booking)
    work(NOW + DAY)
    assert told() == [("Noor", "noor@example.org", "invitation")]


def test_a_manager_named_on_a_newer_booking_is_asked(app: Flask) -> None:
    booking = completed()
    # As when an agency lead books them and names a line manager: the newer one counts.
    name_manager(booking.person, name="Noor", email="noor@example.org", now=booking.asked_at - DAY)
    db.session.commit()
    work(NOW)
    assert told() == [("May Manager", "may@example.org", "invitation")]


def test_a_new_manager_is_not_asked_returned_or_old_forms(app: Flask) -> None:
    booking = completed()
    work(NOW)
    has_another(booking)
    work(NOW + 91 * DAY)
    assert told() == [("May Manager", "may@example.org", "invitation")]
    the_form().returned_at = NOW
    db.session.commit()
    work(NOW + 2 * DAY)
    assert (len(told()), the_form().link_version) == (1, 1)


def test_a_new_manager_is_asked_after_the_old_one_opted_out(app: Flask) -> None:
    booking = completed()
    work(NOW)
    reminders_actions.stop_asking_manager("may@example.org")
    db.session.commit()
    work(NOW + DAY)
    has_another(booking)
    work(NOW + DAY)
    assert [email for _, email, _ in told()] == ["may@example.org", "noor@example.org"]
    # A manager who is named again is asked again.
    has_another(booking, "may@example.org", "May Manager")
    work(NOW + 6 * DAY)
    assert [email for _, email, _ in told()] == ["may@example.org", "noor@example.org", "may@example.org"]
    steps = db.session.scalars(select(ReminderSent.reminder_number).order_by(ReminderSent.id)).all()
    assert (steps, the_form().link_version) == ([0, 0, 0], 3)


def test_part_answers_of_the_old_manager_are_deleted(app: Flask, stranger: PageClient) -> None:
    booking = completed()
    work(NOW)
    answers_actions.keep_part(
        the_form(), {"manager_sees": Given(value=0), "manager_worth": Given(value=1)}, now=NOW
    )
    db.session.commit()
    assert " checked" in stranger.get(f"{path(the_form())}?screen=1").html
    has_another(booking)
    work(NOW + DAY)
    assert db.session.scalars(select(PartAnswers)).all() == []
    assert " checked" not in stranger.get(f"{path(the_form())}?screen=1").html


def stop_links() -> list[str]:
    """The paths of the links to stop the mails, one of each mail."""
    texts = db.session.scalars(select(Mail.text).order_by(Mail.id))
    return re.findall(r"http://localhost(/evaluation-mails/manager/\S+)", "\n".join(texts))


def test_a_managers_stop_link_stops_only_their_own_mails(app: Flask, stranger: PageClient) -> None:
    booking = completed()
    work(NOW)
    has_another(booking)
    work(NOW + DAY)
    mays, noors = stop_links()
    assert stranger.send(stranger.get(mays)).h1 == "We have stopped these emails"
    assert the_form().next_reminder != STOPPED
    for day in range(2, 6):
        work(NOW + day * DAY)
    assert [email for _, email, _ in told()] == ["may@example.org", "noor@example.org", "noor@example.org"]
    assert stranger.send(stranger.get(noors)).h1 == "We have stopped these emails"
    assert the_form().next_reminder == STOPPED
