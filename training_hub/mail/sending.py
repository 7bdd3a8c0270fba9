"""The Flask-Mail connection: hands emails to the mail server, checks its certificate, and always has a time-out."""

import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.charset import QP, Charset
from email.header import Header
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import formataddr
from socket import SHUT_RDWR

import flask_mail
from flask import Flask

from training_hub.config import MailSettings, Settings
from training_hub.mail.delivery import OutgoingMail, RefusedAddress, ServerAway

ANSWER = 10.0
"""How many seconds the server has to accept a connection, and to give each answer."""
WHOLE = 90.0
"""The most seconds for handing over one email, including the connection. Must be less than the outbox's lease."""
NOT_LET_IN = frozenset({530, 534, 535, 538})
"""Codes of the server's answers that say that we are not logged in."""

READABLE = Charset("utf-8")
READABLE.body_encoding = QP


def init_app(app: Flask) -> None:
    """Let Flask-Mail compose messages in `app`. They are sent by `Connection` below."""
    flask_mail.Mail(app)


def connection(settings: Settings) -> "Connection":
    """The connection that `mail.delivery.deliver` sends with, to the mail server in `settings`."""
    if settings.mail is None:
        raise ValueError("there is no mail server to connect to")
    return Connection(settings, settings.mail)


class Message(flask_mail.Message):
    """One email to one person, as text and HTML, with a calendar entry if it has one."""

    def __init__(self, mail: OutgoingMail, settings: Settings) -> None:
        super().__init__(
            subject=_printable(mail.subject),
            # Only one recipient, because smtplib does not report a rejected one among several.
            recipients=[(_printable(mail.to_name), mail.to_email)],
            body=mail.text,
            html=mail.html,
            sender=formataddr((_printable(settings.partnership_name), settings.mail_from)),
            reply_to=settings.contact_email,
            date=mail.leaves_at.timestamp(),
            extra_headers={
                # Asks mail programs not to send out-of-office replies.
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "OOF, AutoReply",
            },
        )
        self.msgId = mail.message_id
        if mail.calendar:
            self.calendar_method = _method(mail.calendar)
            calendar = "\r\n".join(mail.calendar.splitlines()) + "\r\n"
            # Outlook and Gmail show an invitation if it is the last alternative. Other programs need a file.
            self.alts["calendar"] = calendar
            self.attach("invite.ics", "application/ics", calendar.encode())

    def as_bytes(self) -> bytes:
        """The email as bytes, as the mail server gets it."""
        message = self._message()
        # The newer policy has a fault: it turns a long foreign name with a comma into two addresses.
        message.policy = compat32.clone(linesep="\r\n")
        # Tell the header its name, so that it leaves room for the name on the first line.
        message.replace_header("Subject", Header(self.subject, header_name="Subject"))  # type: ignore[arg-type]
        return message.as_bytes()

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        if subtype == "calendar":
            # Encode the calendar as a whole, because its line ends are part of the format.
            part = MIMEText(text or "", subtype, "utf-8")
            part.set_param("method", self.calendar_method)
            return part
        # Leave most letters readable, because spam filters suspect text in base64.
        return MIMEText(text or "", subtype, READABLE)  # type: ignore[arg-type]  # takes a Charset as well


class Connection(flask_mail.Connection):
    """One connection, made for the first email, kept for a run, and made again if the server drops it.

    Flask-Mail's own connection has no time-out, accepts any certificate, and never recovers from a drop.
    """

    host: smtplib.SMTP | None

    def __init__(
        self, settings: Settings, server: MailSettings, *, answer: float = ANSWER, whole: float = WHOLE
    ) -> None:
        # Do not use Flask-Mail's settings, which have neither certificates nor time-outs.
        super().__init__(flask_mail.Mail())
        self._settings, self._server = settings, server
        self._answer, self._whole = answer, whole

    def __call__(self, mail: OutgoingMail) -> None:
        """Hand over one email. Raises RefusedAddress if it is rejected for good, ServerAway if no email can be sent."""
        if not mail.to_email.rpartition("@")[0].isascii():
            raise RefusedAddress(
                "The part of the address before the @ has letters that few mail servers accept."
            )
        message = Message(mail, self._settings)
        with self._in_time():
            self._connect()
            try:
                self.send(message, envelope_from=self._settings.mail_from)
            except smtplib.SMTPRecipientsRefused as error:
                code, text = next(iter(error.recipients.values()))
                raise _verdict(code, text, mail) from error
            except smtplib.SMTPDataError as error:
                raise _verdict(error.smtp_code, _bytes(error.smtp_error), mail) from error
            except smtplib.SMTPSenderRefused as error:
                raise _verdict_on_us(error) from error
            except (smtplib.SMTPException, OSError):
                self._drop()
                raise

    def hang_up(self) -> None:
        """Close the connection. The server would drop a connection left open between runs."""
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            self._drop()

    def configure_host(self) -> smtplib.SMTP:
        """A connection that can send: encrypted, to the server that the settings name, and logged in."""
        server = self._server
        context = ssl.create_default_context()
        if server.security == "tls":
            host: smtplib.SMTP = smtplib.SMTP_SSL(timeout=self._answer, context=context)
        else:
            host = smtplib.SMTP(timeout=self._answer)
        # From here on the timer can close the connection.
        self.host = host
        # The certificate is checked against this name, which `connect` alone does not set.
        host._host = server.server  # type: ignore[attr-defined]
        code, text = host.connect(server.server, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        if server.security == "starttls":
            # Raises if the server offers no encryption, so nothing is sent unencrypted against the settings.
            host.starttls(context=context)
        if server.username and server.password:
            host.login(server.username, server.password)
        # An error while connecting is not the fault of any email.
        host.ehlo_or_helo_if_needed()
        return host

    def _connect(self) -> None:
        if self.host is not None and self._is_alive():
            return
        self._drop()
        try:
            self.configure_host()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            where = f"{self._server.server}, port {self._server.port}"
            raise ServerAway(f"The mail server at {where} could not be used: {_words(error)}") from error

    def _is_alive(self) -> bool:
        # Servers close connections after some emails or some time. Test the connection before sending an email.
        try:
            return self.host is not None and self.host.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _drop(self) -> None:
        if self.host is not None:
            self.host.close()
            self.host = None

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        # A server that sends a byte now and then would never reach the time-out of an answer.
        watch = threading.Timer(self._whole, self._cut)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _cut(self) -> None:
        socket = getattr(self.host, "sock", None)
        if socket is not None:
            with suppress(OSError):
                socket.shutdown(SHUT_RDWR)


def _verdict(code: int, text: bytes, mail: OutgoingMail) -> Exception:
    """The error for the server's answer to this email: rejected for good, or to be tried again."""
    said = _said(code, text)
    if 500 <= code < 600 and not _is_about_us(code, text):
        return RefusedAddress(f"The mail server rejected {mail.to_email}: {said}")
    return smtplib.SMTPException(f"The mail server did not take it: {said}")


def _verdict_on_us(error: smtplib.SMTPSenderRefused) -> Exception:
    text = _bytes(error.smtp_error)
    said = _said(error.smtp_code, text)
    if _is_about_us(error.smtp_code, text):
        return ServerAway(f"The mail server accepts no email from {error.sender}: {said}")
    return smtplib.SMTPException(f"The mail server did not take it: {said}")


def _is_about_us(code: int, text: bytes) -> bool:
    """Whether the server refused us because of a setting or its policy (code x.7.x), not because of an address."""
    return code in NOT_LET_IN or text[:4] in {b"5.7.", b"4.7."}


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _said(code: int, text: bytes) -> str:
    return f"{code} {' '.join(text.decode('utf-8', 'replace').split())}"


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, _bytes(error.smtp_error))
    # Leave out the error's number, which differs between systems.
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _method(calendar: str) -> str:
    """The METHOD of a calendar text: REQUEST or CANCEL, or PUBLISH if it has none."""
    for line in calendar.splitlines():
        if line.upper().startswith("METHOD:"):
            return line.partition(":")[2].strip().upper()
    return "PUBLISH"


def _printable(text: str) -> str:
    """The text as one line, without characters that could begin a header or upset a server."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())
