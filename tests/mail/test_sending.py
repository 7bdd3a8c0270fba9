"""Sending emails through a real SMTP server."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import NOW
from tests.mail import letters
from tests.smtp_server import DribblingServer, SilentServer, SmtpServer, accepts_only
from training_hub.config import MailSettings, Settings
from training_hub.database import db
from training_hub.mail.delivery import deliver
from training_hub.mail.models import Mail, MailState
from training_hub.mail.rules import SERVER_AWAY
from training_hub.mail.sending import Connection, connection

INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Diogelu plant – Sesiwn Ŵyn\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CERTIFICATE = Path(__file__).parent / "localhost.pem"
"""A self-signed certificate for localhost, valid until 2126. Its key protects nothing."""


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def through(settings: Settings, mail: MailSettings) -> Connection:
    return connection(replace(settings, mail=mail))


def parts(message: EmailMessage) -> list[tuple[str, str]]:
    return [
        (part.get_content_type(), part.get_payload(decode=True).decode())  # type: ignore[union-attr]
        for part in message.walk()
        if not part.is_multipart()
    ]


def headers(message: EmailMessage) -> dict[str, str]:
    return {name: str(value) for name, value in message.items() if name not in {"Content-Type", "Date"}}


def errors() -> list[tuple[str, MailState, str]]:
    db.session.rollback()
    return [(mail.to_email, mail.state, mail.error) for mail in db.session.query(Mail).order_by(Mail.id)]


def test_email_arrives_as_text_and_html_with_its_headers(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    mail = letters.waiting(
        "ann@example.org", now=NOW, text="Dear Siân,\n.\nDot\n", html="<p>Dear Siân,</p>\n"
    )
    assert deliver(through(settings, server.settings), now=NOW) == 1
    message = server.next()
    assert headers(message) == {
        "MIME-Version": "1.0",
        "Subject": "Your place on Working Together",
        "From": "Cheshire West and Chester Safeguarding Children Partnership <training@example.org>",
        "To": "Ann Shah <ann@example.org>",
        "Message-ID": mail.message_id,
        "Reply-To": "training@example.org",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    assert message["Date"].datetime == NOW
    assert parts(message) == [
        ("text/plain", "Dear Siân,\r\n.\r\nDot\r\n"),
        ("text/html", "<p>Dear Siân,</p>\r\n"),
    ]
    assert letters.outbox() == [("ann@example.org", MailState.SENT, 1)]


def test_calendar_invitation_suits_outlook_and_gmail(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    letters.waiting("ann@example.org", now=NOW, calendar=INVITATION)
    deliver(through(settings, server.settings), now=NOW)
    message = server.next()
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    entry, file = list(message.walk())[-2:]
    assert dict(entry["Content-Type"].params) == {"charset": "utf-8", "method": "REQUEST"}
    assert entry.get_payload(decode=True) == INVITATION.encode()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("invite.ics", INVITATION.encode())


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Neglect\r\nBcc: everyone@example.org", "Ann\r\nBcc: everyone@example.org"),
        ("Neglect\n\nThe body begins here", 'Ann" <everyone@example.org>, "Shah'),
        ("Neglect\u2028Bcc: everyone@example.org\x00\x1b[31m", "Ann\x85Bcc: everyone@example.org"),
    ],
)
def test_title_or_name_cannot_add_a_header_or_recipient(
    app: Flask, settings: Settings, server: SmtpServer, subject: str, name: str
) -> None:
    letters.waiting("ann@example.org", now=NOW, subject=subject.replace("\x00", ""), to_name=name)
    assert deliver(through(settings, server.settings), now=NOW) == 1
    message = server.next()
    assert set(headers(message)) == {
        "MIME-Version", "Subject", "From", "To", "Message-ID", "Reply-To", "Auto-Submitted", "X-Auto-Response-Suppress",
    }  # fmt: skip
    assert [address.addr_spec for address in message["To"].addresses] == ["ann@example.org"]
    assert parts(message)[0] == ("text/plain", "You have a place.\r\n")


def test_long_and_foreign_subjects_and_names_arrive_whole(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    subject = "Ŵythnos ddiogelu: " + "Rhywun a’i enw’n hir iawn, " * 6
    name = "Żaneta Ŷork-Łukasiewicz of the Cheshire and Wirral Partnership, Community Paediatrics"
    letters.waiting("ann@example.org", now=NOW, subject=subject, to_name=name)
    deliver(through(settings, server.settings), now=NOW)
    message = server.next()
    assert str(message["Subject"]) == subject.strip()
    [to] = message["To"].addresses
    # Python's own reader keeps the space between two encoded words, which is none.
    assert (" ".join(to.display_name.split()), to.addr_spec) == (name, "ann@example.org")


def test_rejected_address_does_not_hold_up_other_emails(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    server.answers = {
        "gone@example.org": "550 5.1.1 No such person",
        "full@example.org": "452 4.2.2 Mailbox full",
    }
    for name in ("ann", "gone", "ben", "full", "cat"):
        letters.waiting(f"{name}@example.org", now=NOW)
    assert deliver(through(settings, server.settings), now=NOW) == 3
    assert [message["To"].addresses[0].addr_spec for message in server.received()] == [
        "ann@example.org",
        "ben@example.org",
        "cat@example.org",
    ]
    assert errors() == [
        ("ann@example.org", MailState.SENT, ""),
        (
            "gone@example.org",
            MailState.FAILED,
            "The mail server rejected gone@example.org: 550 5.1.1 No such person",
        ),
        ("ben@example.org", MailState.SENT, ""),
        ("full@example.org", MailState.WAITING, "The mail server did not take it: 452 4.2.2 Mailbox full"),
        ("cat@example.org", MailState.SENT, ""),
    ]
    assert server.connections == 1


def test_address_with_letters_servers_reject_fails(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    letters.waiting("siân@example.org", now=NOW)
    assert deliver(through(settings, server.settings), now=NOW) == 0
    assert letters.outbox() == [("siân@example.org", MailState.FAILED, 1)]
    assert server.received() == []


def test_server_that_bars_us_by_policy_fails_no_email(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    server.answers = {"ann@example.org": "554 5.7.1 Relay access denied"}
    letters.waiting("ann@example.org", now=NOW)
    deliver(through(settings, server.settings), now=NOW)
    assert letters.outbox() == [("ann@example.org", MailState.WAITING, 1)]


def test_dead_server_costs_no_email_a_try(app: Flask, settings: Settings) -> None:
    with SmtpServer() as server:
        gone = server.settings
    send = through(settings, gone)
    for name in ("ann", "ben", "cat"):
        letters.waiting(f"{name}@example.org", now=NOW)
    assert deliver(send, now=NOW) == 0
    assert letters.outbox() == [
        ("ann@example.org", MailState.WAITING, 0),
        ("ben@example.org", MailState.WAITING, 0),
        ("cat@example.org", MailState.WAITING, 0),
    ]
    assert {error for _to, _state, error in errors()} == {
        f"The mail server at 127.0.0.1, port {gone.port} could not be used: Connection refused"
    }
    with SmtpServer(port=gone.port) as server:
        assert deliver(send, now=NOW) == 0
        assert deliver(send, now=NOW + SERVER_AWAY) == 3
        assert [str(message["To"]) for message in server.received()] == [
            "Ann Shah <ann@example.org>",
            "Ann Shah <ben@example.org>",
            "Ann Shah <cat@example.org>",
        ]


def test_dropped_connection_holds_up_no_other_email(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    server.drops = {"ben@example.org"}
    sent = [letters.waiting(f"{name}@example.org", now=NOW).message_id for name in ("ann", "ben", "cat")]
    send = through(settings, server.settings)
    assert deliver(send, now=NOW) == 2
    assert letters.outbox() == [
        ("ann@example.org", MailState.SENT, 1),
        ("ben@example.org", MailState.WAITING, 1),
        ("cat@example.org", MailState.SENT, 1),
    ]
    server.drops = set()
    assert deliver(send, now=NOW + SERVER_AWAY) == 1
    assert [message["Message-ID"] for message in server.received()] == [sent[0], sent[2], sent[1]]


def test_message_id_is_the_same_for_all_tries(app: Flask, settings: Settings, server: SmtpServer) -> None:
    server.takes_and_drops = {"ann@example.org"}
    message_id = letters.waiting("ann@example.org", now=NOW).message_id
    send = through(settings, server.settings)
    deliver(send, now=NOW)
    server.takes_and_drops = set()
    deliver(send, now=NOW + SERVER_AWAY)
    assert [message["Message-ID"] for message in server.received()] == [message_id, message_id]
    assert letters.outbox() == [("ann@example.org", MailState.SENT, 2)]


def test_server_that_hangs_up_often_gets_all_emails_in_one_run(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    server.most_mails = 2
    for number in range(5):
        letters.waiting(f"person{number}@example.org", now=NOW)
    assert deliver(through(settings, server.settings), now=NOW) == 5
    assert [(state, tries) for _to, state, tries in letters.outbox()] == [(MailState.SENT, 1)] * 5
    assert server.connections == 3


def test_connection_is_closed_after_each_run(app: Flask, settings: Settings, server: SmtpServer) -> None:
    send = through(settings, server.settings)
    letters.waiting("ann@example.org", now=NOW)
    deliver(send, now=NOW)
    assert send.host is None
    letters.waiting("ben@example.org", now=NOW)
    deliver(send, now=NOW)
    assert (server.connections, len(server.received())) == (2, 2)


@pytest.mark.parametrize("kind", [SilentServer, DribblingServer])
def test_server_that_never_finishes_an_answer_is_left_in_time(
    app: Flask, settings: Settings, kind: type[SilentServer]
) -> None:
    letters.waiting("ann@example.org", now=NOW)
    with kind() as server:
        assert deliver(Connection(settings, server.settings, answer=0.3, whole=0.6), now=NOW) == 0
    assert letters.outbox() == [("ann@example.org", MailState.WAITING, 0)]


def with_certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def encrypted() -> Iterator[SmtpServer]:
    with SmtpServer(tls=with_certificate(), require_starttls=True) as server:
        yield server


def test_server_with_an_untrusted_certificate_gets_no_email(
    app: Flask, settings: Settings, encrypted: SmtpServer
) -> None:
    letters.waiting("ann@example.org", now=NOW)
    mail = MailSettings(server="localhost", port=encrypted.port, security="starttls")
    assert deliver(through(settings, mail), now=NOW) == 0
    [(_to, state, error)] = errors()
    assert (state, "CERTIFICATE_VERIFY_FAILED" in error) == (MailState.WAITING, True)
    assert encrypted.received() == []


def test_trusted_server_gets_email_only_under_its_own_name(
    app: Flask, settings: Settings, encrypted: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    letters.waiting("ann@example.org", now=NOW)
    by_number = MailSettings(server="127.0.0.1", port=encrypted.port, security="starttls")
    assert deliver(through(settings, by_number), now=NOW) == 0
    by_name = MailSettings(server="localhost", port=encrypted.port, security="starttls")
    assert deliver(through(settings, by_name), now=NOW + SERVER_AWAY) == 1
    assert str(encrypted.next()["To"]) == "Ann Shah <ann@example.org>"


def test_nothing_is_sent_in_the_clear_against_the_settings(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    letters.waiting("ann@example.org", now=NOW)
    assert deliver(through(settings, replace(server.settings, security="starttls")), now=NOW) == 0
    assert errors() == [
        (
            "ann@example.org",
            MailState.WAITING,
            f"The mail server at 127.0.0.1, port {server.port} could not be used: "
            "STARTTLS extension not supported by server.",
        )
    ]


def test_wrong_password_fails_no_email(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    known = accepts_only("hub", "right")
    with SmtpServer(tls=with_certificate(), authenticator=known, auth_required=True) as server:
        nobody = MailSettings(server="localhost", port=server.port, security="starttls")
        letters.waiting("ann@example.org", now=NOW)
        assert deliver(through(settings, nobody), now=NOW) == 0
        wrong = replace(nobody, username="hub", password="wrong")
        assert deliver(through(settings, wrong), now=NOW + SERVER_AWAY) == 0
        assert letters.outbox() == [("ann@example.org", MailState.WAITING, 0)]
        assert "535 5.7.8" in errors()[0][2]
        right = replace(nobody, username="hub", password="right")
        assert deliver(through(settings, right), now=NOW + 2 * SERVER_AWAY) == 1
        assert len(server.received()) == 1
