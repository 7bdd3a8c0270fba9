"""The outbox as officers see it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import make
from tests.conftest import NOW
from tests.mail import letters
from tests.page_client import PageClient
from training_hub.access import Role
from training_hub.mail.models import MailState, Urgency

SignIn = Callable[..., PageClient]


def subjects(page: object) -> list[str]:
    return [words for href, words in page.links if href.startswith("/outbox/")]  # type: ignore[attr-defined]


def test_outbox_lists_emails_newest_first_with_state_and_error(app: Flask, signed_in: SignIn) -> None:
    letters.waiting("ann@example.org", now=NOW - timedelta(hours=2), subject="First", state=MailState.SENT)
    letters.waiting(
        "ben@example.org",
        now=NOW - timedelta(hours=1),
        subject="Second",
        state=MailState.FAILED,
        tries=3,
        error="550 No such person",
    )
    letters.waiting("cat@example.org", now=NOW, subject="Third")
    page = signed_in(make.officer()).get("/outbox")
    assert subjects(page) == ["Third", "Second", "First"]
    assert "Could not be sent 3 tries: 550 No such person" in page.text
    assert "All 3 Waiting 1 Sent 1 Could not be sent 1" in page.text


def test_emails_are_found_by_state_address_and_name(app: Flask, signed_in: SignIn) -> None:
    letters.waiting("ann@example.org", now=NOW, subject="To Ann", state=MailState.SENT)
    letters.waiting("ben_b@example.org", now=NOW, subject="To Ben", to_name="Ben Bo")
    letters.waiting("benxb@example.org", now=NOW, subject="To another", to_name="Xaver")
    officer = signed_in(make.officer())
    assert subjects(officer.get("/outbox?state=sent")) == ["To Ann"]
    assert subjects(officer.get("/outbox?q=BEN_B")) == ["To Ben"]
    assert subjects(officer.get("/outbox?q=bo&state=waiting")) == ["To Ben"]
    assert "No emails found" in officer.get("/outbox?q=100%25").text
    assert subjects(officer.get("/outbox?state=nonsense&page=-3")) == ["To another", "To Ben", "To Ann"]


def test_words_are_shown_unless_the_email_carries_a_key(app: Flask, signed_in: SignIn) -> None:
    plain = letters.waiting("ann@example.org", now=NOW, text="Come to room 5.\n<b>now</b>\n")
    secret = letters.waiting("ben@example.org", now=NOW, text="Code 417203\n", carries_key=True)
    officer = signed_in(make.officer())
    page = officer.get(f"/outbox/{plain.id}")
    assert "Come to room 5. <b>now</b>" in page.text
    page = officer.get(f"/outbox/{secret.id}")
    assert ("417203" in page.html, "The text is not shown" in page.text) == (False, True)


def test_empty_outbox_says_what_it_will_list(app: Flask, signed_in: SignIn) -> None:
    assert "No emails yet" in signed_in(make.officer()).get("/outbox").text


def test_outbox_says_that_no_mail_server_is_set_up(app: Flask, signed_in: SignIn) -> None:
    mail = letters.waiting("ann@example.org", now=NOW)
    officer = signed_in(make.officer())
    for path in ("/outbox", f"/outbox/{mail.id}"):
        assert "Emails are waiting here: no mail server is set up" in officer.get(path).text


def test_email_that_was_given_up_is_sent_again_with_one_button(app: Flask, signed_in: SignIn) -> None:
    mail = letters.waiting("ann@example.org", now=NOW, state=MailState.FAILED, tries=12, error="550")
    officer = signed_in(make.officer())
    page = officer.get(f"/outbox/{mail.id}")
    form = page.form("/send-again")
    assert [officer.post(f"/outbox/{mail.id}/send-again", form).status for _ in range(2)] == [303, 303]
    assert letters.outbox() == [("ann@example.org", MailState.WAITING, 0)]


@pytest.mark.parametrize("state", [MailState.SENT, MailState.DROPPED])
def test_sign_in_email_without_its_words_is_not_sent_again(
    app: Flask, signed_in: SignIn, state: MailState
) -> None:
    gone = {"text": "", "html": "", "urgency": int(Urgency.SIGN_IN), "carries_key": True}
    mail = letters.waiting("code@example.org", now=NOW, state=state, **gone)
    officer = signed_in(make.officer())
    assert "Send again" not in officer.get(f"/outbox/{mail.id}").text
    assert officer.post(f"/outbox/{mail.id}/send-again").status == 409
    assert letters.outbox() == [("code@example.org", state, 0)]


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.TRAINER, Role.HUB_MEMBER, Role.ADMINISTRATOR])
def test_nobody_else_reads_the_outbox(app: Flask, signed_in: SignIn, role: Role) -> None:
    mail = letters.waiting("ann@example.org", now=NOW, subject="Private matter")
    client = signed_in(make.person("Rose", role))
    for path in ("/outbox", f"/outbox/{mail.id}"):
        page = client.get(path)
        assert (page.status, "Private matter" in page.html) == (403, False)
    assert client.post(f"/outbox/{mail.id}/send-again").status == 403


def test_unknown_email_is_not_found(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in(make.officer())
    assert [officer.get(path).status for path in ("/outbox/1", "/outbox/99999999999")] == [404, 404]


def test_outbox_takes_a_fixed_number_of_queries_and_has_pages(
    app: Flask, signed_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    officer = signed_in(make.officer())
    letters.waiting("one@example.org", now=NOW, subject="One")
    one = queries(lambda: officer.get("/outbox"))
    letters.waiting("two@example.org", now=NOW, subject="Two")
    letters.waiting("three@example.org", now=NOW, subject="Three", state=MailState.SENT)
    assert queries(lambda: officer.get("/outbox")) == one
    for number in range(48):
        letters.waiting(f"more{number}@example.org", now=NOW, subject=f"More {number}")
    assert len(subjects(officer.get("/outbox"))) == 50
    assert subjects(officer.get("/outbox?page=2")) == ["One"]
