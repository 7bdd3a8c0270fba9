"""The Flask-Mail connection: hands emails to the mail server, checks its certificate, and never waits for ever."""

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
"""Seconds the server has to accept a connection, and to give each answer."""
WHOLE = 90.0
"""Seconds to hand over one email, including the connection: less than the outbox's lease."""
NOT_LET_IN = frozenset({530, 534, 535, 538})
"""The answers that say that we are not logged in, whatever the email."""

READABLE = Charset("utf-8")
READABLE.body_encoding = QP


def init_app(app: Flask) -> None:
    """Let Flask-Mail compose messages in `app`. The connection decides where they go."""
    flask_mail.Mail(app)


def connection(settings: Settings) -> "Connection":
    """What `mail.delivery.deliver` sends with: the mail server that `settings` names."""
    if settings.mail is None:
        raise ValueError("there is no mail server to connect to")
    return Connection(settings, settings.mail)


class Message(flask_mail.Message):
    """One email to one person, as text and HTML, with a calendar entry if it has one."""

    def __init__(self, mail: OutgoingMail, settings: Settings) -> None:
        super().__init__(
            subject=_printable(mail.subject),
            # One recipient: with several, a rejected one is not reported.
            recipients=[(_printable(mail.to_name), mail.to_email)],
            body=mail.text,
            html=mail.html,
            sender=formataddr((_printable(settings.partnership_name), settings.mail_from)),
            reply_to=settings.contact_email,
            date=mail.leaves_at.timestamp(),
            extra_headers={
                # So that out-of-office replies do not come back by the hundred.
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "OOF, AutoReply",
            },
        )
        self.msgId = mail.message_id
        if mail.calendar:
            self.calendar_method = _method(mail.calendar)
            calendar = "\r\n".join(mail.calendar.splitlines()) + "\r\n"
            # Last of the alternatives, so that Outlook and Gmail show an invitation; and a file for other programs.
            self.alts["calendar"] = calendar
            self.attach("invite.ics", "application/ics", calendar.encode())

    def as_bytes(self) -> bytes:
        """The email as it is handed over."""
        message = self._message()
        # The newer policy makes two addresses of one when it folds a long foreign name with a comma in it.
        message.policy = compat32.clone(linesep="\r\n")
        # A header that knows its name leaves room for it on the first line.
        message.replace_header("Subject", Header(self.subject, header_name="Subject"))  # type: ignore[arg-type]
        return message.as_bytes()

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        if subtype == "calendar":
            # Encoded whole, as MIMEText does with UTF-8: the line ends of a calendar are part of it.
            part = MIMEText(text or "", subtype, "utf-8")
            part.set_param("method", self.calendar_method)
            return part
        # Readable, except for a few letters: the stock base64 looks suspicious to spam filters.
        return MIMEText(text or "", subtype, READABLE)  # type: ignore[arg-type]  # takes a Charset as well


class Connection(flask_mail.Connection):
    """One connection, made for the first email, kept for a run, and made again after a drop.

    The stock one has no time-out, accepts any certificate, and fails for ever once it was dropped.
    """

    host: smtplib.SMTP | None

    def __init__(
        self, settings: Settings, server: MailSettings, *, answer: float = ANSWER, whole: float = WHOLE
    ) -> None:
        # The stock settings are not used: they have neither certificates nor time-outs.
        super().__init__(flask_mail.Mail())
        self._settings, self._server = settings, server
        self._answer, self._whole = answer, whole

    def __call__(self, mail: OutgoingMail) -> None:
        """Hand over one email. Raises RefusedAddress if it will never be accepted, ServerAway if no email would be."""
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
        """Say goodbye: the server would drop a connection left open between runs."""
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
        # From here on the timer can close it.
        self.host = host
        # The name that the certificate is checked against; `connect` alone does not note it.
        host._host = server.server  # type: ignore[attr-defined]
        code, text = host.connect(server.server, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        if server.security == "starttls":
            # Raises if the server does not offer it: nothing is sent in the clear against the settings.
            host.starttls(context=context)
        if server.username and server.password:
            host.login(server.username, server.password)
        # An error in the greetings is not the fault of any email.
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
        # Servers close a connection after some emails, or some time. Find out before an email is on it.
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
        # Each answer has a time-out, but a server that sends a byte now and then would never reach it.
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
    """What the server's answer means for this email: rejected for good, or to be tried again."""
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
    """Whether we were not let in, or barred by policy (enhanced code x.7.x): a wrong setting, not a wrong address."""
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
    # Without its number, which differs from system to system.
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _method(calendar: str) -> str:
    """What a calendar text asks of its reader: REQUEST or CANCEL, or PUBLISH if it does not say."""
    for line in calendar.splitlines():
        if line.upper().startswith("METHOD:"):
            return line.partition(":")[2].strip().upper()
    return "PUBLISH"


def _printable(text: str) -> str:
    """One line, without anything that could begin a header or upset a server."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())
