"""Mails as they travel, through a real SMTP server."""

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
from training_hub.mail.models import Mail, MailState
from training_hub.mail.outbox import deliver
from training_hub.mail.rules import SERVER_AWAY
from training_hub.mail.sending import Connection, connection

INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Diogelu plant – Sesiwn Ŵyn\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CERTIFICATE = Path(__file__).parent / "localhost.pem"
"""For localhost, until 2126, signed by nobody; its key guards nothing."""


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


def test_a_mail_arrives_as_text_and_as_a_page_with_all_its_headers(
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


def test_an_invitation_travels_as_outlook_and_gmail_want_it_and_as_a_file(
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
def test_a_title_or_a_name_cannot_add_a_header_or_a_recipient(
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


def test_a_refused_address_fails_alone_while_the_others_leave(
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
            "The mail server refused gone@example.org: 550 5.1.1 No such person",
        ),
        ("ben@example.org", MailState.SENT, ""),
        ("full@example.org", MailState.WAITING, "The mail server did not take it: 452 4.2.2 Mailbox full"),
        ("cat@example.org", MailState.SENT, ""),
    ]
    assert server.connections == 1


def test_an_address_that_cannot_be_written_to_is_given_up(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    letters.waiting("siân@example.org", now=NOW)
    assert deliver(through(settings, server.settings), now=NOW) == 0
    assert letters.outbox() == [("siân@example.org", MailState.FAILED, 1)]
    assert server.received() == []


def test_a_server_that_bars_us_by_policy_makes_no_mail_fail_for_good(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    server.answers = {"ann@example.org": "554 5.7.1 Relay access denied"}
    letters.waiting("ann@example.org", now=NOW)
    deliver(through(settings, server.settings), now=NOW)
    assert letters.outbox() == [("ann@example.org", MailState.WAITING, 1)]


def test_a_dead_server_loses_nothing_and_costs_no_mail_a_try(app: Flask, settings: Settings) -> None:
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


def test_a_server_that_drops_the_line_in_the_middle_holds_up_no_other_mail(
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


def test_a_mail_keeps_one_message_id_through_all_its_tries(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    server.takes_and_drops = {"ann@example.org"}
    message_id = letters.waiting("ann@example.org", now=NOW).message_id
    send = through(settings, server.settings)
    deliver(send, now=NOW)
    server.takes_and_drops = set()
    deliver(send, now=NOW + SERVER_AWAY)
    assert [message["Message-ID"] for message in server.received()] == [message_id, message_id]
    assert letters.outbox() == [("ann@example.org", MailState.SENT, 2)]


def test_a_server_that_hangs_up_after_every_second_mail_still_gets_them_all_at_once(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    server.most_mails = 2
    for number in range(5):
        letters.waiting(f"person{number}@example.org", now=NOW)
    assert deliver(through(settings, server.settings), now=NOW) == 5
    assert [(state, tries) for _to, state, tries in letters.outbox()] == [(MailState.SENT, 1)] * 5
    assert server.connections == 3


def test_no_connection_is_kept_from_one_run_to_the_next(
    app: Flask, settings: Settings, server: SmtpServer
) -> None:
    send = through(settings, server.settings)
    letters.waiting("ann@example.org", now=NOW)
    deliver(send, now=NOW)
    assert send.host is None
    letters.waiting("ben@example.org", now=NOW)
    deliver(send, now=NOW)
    assert (server.connections, len(server.received())) == (2, 2)


@pytest.mark.parametrize("kind", [SilentServer, DribblingServer])
def test_a_server_that_never_comes_to_the_point_is_left_in_time(
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


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_mail(
    app: Flask, settings: Settings, encrypted: SmtpServer
) -> None:
    letters.waiting("ann@example.org", now=NOW)
    mail = MailSettings(server="localhost", port=encrypted.port, security="starttls")
    assert deliver(through(settings, mail), now=NOW) == 0
    [(_to, state, error)] = errors()
    assert (state, "CERTIFICATE_VERIFY_FAILED" in error) == (MailState.WAITING, True)
    assert encrypted.received() == []


def test_a_trusted_server_gets_mail_over_an_encrypted_line_under_its_own_name_only(
    app: Flask, settings: Settings, encrypted: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    letters.waiting("ann@example.org", now=NOW)
    by_number = MailSettings(server="127.0.0.1", port=encrypted.port, security="starttls")
    assert deliver(through(settings, by_number), now=NOW) == 0
    by_name = MailSettings(server="localhost", port=encrypted.port, security="starttls")
    assert deliver(through(settings, by_name), now=NOW + SERVER_AWAY) == 1
    assert str(encrypted.next()["To"]) == "Ann Shah <ann@example.org>"


def test_nothing_is_sent_in_the_clear_where_the_settings_ask_for_encryption(
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


def test_a_wrong_password_makes_no_mail_fail_and_the_right_one_lets_them_leave(
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
