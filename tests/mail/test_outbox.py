"""The outbox: each queued email leaves once, in order, and none is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW
from tests.mail import letters
from training_hub.database import db, transaction
from training_hub.mail import delivery, outbox
from training_hub.mail.delivery import OutgoingMail, RefusedAddress, ServerAway, deliver
from training_hub.mail.models import Mail, MailState, Urgency
from training_hub.mail.rules import LEASE, MOST_TRIES, SERVER_AWAY, NothingToSend, wait_after

pytestmark = pytest.mark.postgres

SIGN_IN = {"urgency": int(Urgency.SIGN_IN), "carries_key": True, "template": "sign_in"}


def fails(error: Exception) -> Callable[[OutgoingMail], None]:
    def send(_mail: OutgoingMail) -> None:
        raise error

    return send


def words(email: str) -> tuple[str, str]:
    db.session.rollback()
    mail = db.session.scalars(select(Mail).where(Mail.to_email == email)).one()
    return mail.text, mail.html


def test_the_most_urgent_leaves_first_and_then_the_oldest(app: Flask) -> None:
    letters.waiting("reminder@example.org", now=NOW - timedelta(hours=1), urgency=int(Urgency.REMINDER))
    letters.waiting("second@example.org", now=NOW - timedelta(minutes=1))
    letters.waiting("first@example.org", now=NOW - timedelta(minutes=2))
    letters.waiting("code@example.org", now=NOW, **SIGN_IN)
    letters.waiting("later@example.org", now=NOW + timedelta(minutes=1))
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=NOW) == 4
    assert [mail.to_email for mail in sent] == [
        "code@example.org",
        "first@example.org",
        "second@example.org",
        "reminder@example.org",
    ]


def test_delivering_again_sends_nothing_again(app: Flask) -> None:
    letters.waiting("ann@example.org", now=NOW)
    sent: list[OutgoingMail] = []
    assert [deliver(sent.append, now=NOW) for _ in range(2)] == [1, 0]
    assert len(sent) == 1


def test_failing_email_waits_longer_and_is_given_up_at_last(app: Flask) -> None:
    letters.waiting("ann@example.org", now=NOW)
    now, waits = NOW, []
    for _ in range(MOST_TRIES):
        assert deliver(fails(OSError("Broken pipe")), now=now) == 0
        db.session.rollback()
        mail = db.session.scalars(select(Mail)).one()
        waits.append(mail.next_try_at - now)
        now = mail.next_try_at
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
    assert waits[-1] == timedelta(hours=4) == wait_after(99)
    assert (mail.state, mail.tries, mail.error) == (MailState.FAILED, MOST_TRIES, "Broken pipe")
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=now + timedelta(days=1)) == 0


def test_server_away_for_days_fails_no_email(app: Flask) -> None:
    for number in range(3):
        letters.waiting(f"person{number}@example.org", now=NOW)
    asked: list[OutgoingMail] = []

    def away(mail: OutgoingMail) -> None:
        asked.append(mail)
        raise ServerAway("No answer")

    now = NOW
    for _ in range(MOST_TRIES + 3):
        assert deliver(away, now=now) == 0
        now += SERVER_AWAY
    assert len(asked) == MOST_TRIES + 3
    assert [(state, tries) for _to, state, tries in letters.outbox()] == [(MailState.WAITING, 0)] * 3
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=now) == 3


def test_sign_in_code_leaves_first_once_the_server_is_back(app: Flask) -> None:
    letters.waiting("ann@example.org", now=NOW)
    deliver(fails(ServerAway("No answer")), now=NOW)
    letters.waiting("code@example.org", now=NOW + timedelta(seconds=1), **SIGN_IN)
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=NOW + timedelta(seconds=1)) == 1
    assert [mail.to_email for mail in sent] == ["code@example.org"]


def test_words_of_a_sent_sign_in_email_are_deleted(app: Flask) -> None:
    letters.waiting("code@example.org", now=NOW, **SIGN_IN)
    letters.waiting("ann@example.org", now=NOW)
    sent: list[OutgoingMail] = []
    deliver(sent.append, now=NOW)
    assert [mail.text for mail in sent] == ["You have a place.\n"] * 2
    assert words("code@example.org") == ("", "")
    assert words("ann@example.org") == ("You have a place.\n", "<p>You have a place.</p>\n")


def test_words_of_an_expired_sign_in_email_are_deleted(
    app: Flask,
) -> None:
    letters.waiting("code@example.org", now=NOW, expires_at=NOW + timedelta(minutes=10), **SIGN_IN)
    letters.waiting("fresh@example.org", now=NOW, expires_at=NOW + timedelta(minutes=11), **SIGN_IN)
    assert delivery.drop_what_ran_out(now=NOW + timedelta(minutes=10)) == 1
    db.session.commit()
    assert words("code@example.org") == ("", "")
    assert words("fresh@example.org") != ("", "")
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=NOW + timedelta(minutes=11)) == 0
    assert words("fresh@example.org") == ("", "")
    assert {state for _to, state, _tries in letters.outbox()} == {MailState.DROPPED}


def test_words_of_a_replaced_sign_in_email_are_deleted(app: Flask) -> None:
    code = letters.waiting("code@example.org", now=NOW, **SIGN_IN)
    other = letters.waiting("ann@example.org", now=NOW)
    outbox.drop(code.key, other.key)
    db.session.commit()
    assert words("code@example.org") == ("", "")
    assert words("ann@example.org") == ("You have a place.\n", "<p>You have a place.</p>\n")
    assert {state for _to, state, _tries in letters.outbox()} == {MailState.DROPPED}


def test_email_of_a_dead_worker_is_taken_again_after_its_lease(app: Flask) -> None:
    mail = letters.waiting("ann@example.org", now=NOW)
    mail.state, mail.next_try_at, mail.tries = MailState.SENDING, NOW + LEASE, 1
    db.session.commit()
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=NOW + LEASE - timedelta(seconds=1)) == 0
    assert deliver(sent.append, now=NOW + LEASE) == 1
    assert [each.message_id for each in sent] == [mail.message_id]
    assert letters.outbox() == [("ann@example.org", MailState.SENT, 2)]


def test_email_that_kills_every_worker_is_given_up(app: Flask) -> None:
    mail = letters.waiting("ann@example.org", now=NOW)
    mail.state, mail.tries = MailState.SENDING, MOST_TRIES
    db.session.commit()
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=NOW) == 0
    assert letters.outbox() == [("ann@example.org", MailState.FAILED, MOST_TRIES)]


def test_unsent_email_that_is_taken_back_can_be_queued_again(app: Flask) -> None:
    waits = letters.waiting("waits@example.org", now=NOW, key="booking:1:reminder")
    left = letters.waiting("left@example.org", now=NOW, key="booking:2:reminder", state=MailState.SENT)
    outbox.take_back("booking:1:reminder", "booking:2:reminder")
    db.session.commit()
    assert (waits.state, left.state, left.key) == (MailState.DROPPED, MailState.SENT, "booking:2:reminder")
    letters.waiting("waits@example.org", now=NOW, key="booking:1:reminder", message_id="<a@example.org>")
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=NOW) == 1


def test_dropped_email_can_be_queued_again_but_a_sent_one_cannot(app: Flask) -> None:
    dropped = letters.waiting("ann@example.org", now=NOW, key="booking:1:reminder", state=MailState.DROPPED)
    left = letters.waiting("left@example.org", now=NOW, key="booking:2:reminder", state=MailState.SENT)
    outbox.allow_again("booking:1:reminder", "booking:2:reminder")
    db.session.commit()
    assert (dropped.state, left.key) == (MailState.DROPPED, "booking:2:reminder")
    letters.waiting("ann@example.org", now=NOW, key="booking:1:reminder", message_id="<a@example.org>")
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=NOW) == 1


def test_sending_again_keeps_the_message_id(app: Flask) -> None:
    mail = letters.waiting("ann@example.org", now=NOW)
    code = letters.waiting("code@example.org", now=NOW, **SIGN_IN)
    deliver(fails(RefusedAddress("550 no")), now=NOW)
    db.session.rollback()
    assert mail.state is MailState.FAILED
    outbox.send_again(mail, now=NOW)
    outbox.send_again(mail, now=NOW)
    db.session.commit()
    sent: list[OutgoingMail] = []
    deliver(sent.append, now=NOW)
    assert [(each.to_email, each.message_id) for each in sent] == [("ann@example.org", mail.message_id)]
    outbox.send_again(code, now=NOW)
    db.session.commit()
    deliver(sent.append, now=NOW)
    db.session.rollback()
    with pytest.raises(NothingToSend):
        outbox.send_again(code, now=NOW)


def test_email_dropped_before_it_leaves_again_counts_as_sent(app: Flask) -> None:
    keys = ["dropped", "taken back", "run out"]
    mails = [letters.waiting(f"{key[:3]}@example.org", now=NOW, key=key) for key in keys]
    deliver(lambda mail: None, now=NOW)
    for mail in mails:
        outbox.send_again(mail, now=NOW + timedelta(hours=1))
    mails[2].expires_at = NOW + timedelta(hours=2)
    outbox.drop("dropped")
    outbox.take_back("taken back")
    db.session.commit()
    sent: list[OutgoingMail] = []
    deliver(sent.append, now=NOW + timedelta(hours=3))
    db.session.expire_all()
    assert sent == []
    assert [(mail.key, mail.state, mail.sent_at) for mail in mails] == [
        (key, MailState.SENT, NOW) for key in keys
    ]


def test_code_that_expired_with_a_dead_worker_is_not_sent(app: Flask) -> None:
    letters.waiting("code@example.org", now=NOW, expires_at=NOW + timedelta(minutes=10), **SIGN_IN)
    mail = db.session.scalars(select(Mail)).one()
    mail.state, mail.next_try_at = MailState.SENDING, NOW + LEASE
    db.session.commit()
    sent: list[OutgoingMail] = []
    assert deliver(sent.append, now=NOW + timedelta(minutes=11)) == 0
    assert (sent, words("code@example.org")) == ([], ("", ""))
    assert db.session.scalars(select(Mail.state)).all() == [MailState.DROPPED]


def test_email_dropped_while_being_sent_is_not_tried_again(app: Flask) -> None:
    key = letters.waiting("ann@example.org", now=NOW).key
    tried: list[str] = []

    def cancelled_meanwhile_and_cut_off(mail: OutgoingMail) -> None:
        tried.append(mail.to_email)
        with transaction():
            outbox.drop(key)
        raise OSError("the line was cut")

    deliver(cancelled_meanwhile_and_cut_off, now=NOW)
    deliver(cancelled_meanwhile_and_cut_off, now=NOW + timedelta(days=1))
    assert (tried, letters.outbox()) == (["ann@example.org"], [("ann@example.org", MailState.DROPPED, 1)])
