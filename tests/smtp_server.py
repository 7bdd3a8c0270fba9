"""A real SMTP server for tests, on a spare port. It can fail as real servers do."""

import queue
import socket
import ssl
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from training_hub.config import MailSettings

PATIENCE = 20
"""Seconds to wait for what should arrive at once, before a test fails."""


class SmtpServer(Controller):
    """Takes mails and keeps them. `answers` gives an address its own answer, such as "550 5.1.1 No such person";
    `drops` hangs up on it in the middle of the message; `takes_and_drops` hangs up once it has the message."""

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None, **options: Any) -> None:
        self.answers: dict[str, str] = {}
        self.drops: set[str] = set()
        self.takes_and_drops: set[str] = set()
        self.connections = 0
        self.most_mails = 0
        self.before_taking: Callable[[EmailMessage], None] = lambda _message: None
        self._received: queue.Queue[EmailMessage] = queue.Queue()
        self._listening = socket.socket()
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listening.bind(("127.0.0.1", port))
        if tls is not None:
            options["tls_context"] = tls
        super().__init__(self, hostname="127.0.0.1", port=self._listening.getsockname()[1], **options)

    def __enter__(self) -> Self:
        self.start()
        # Starting the server makes a connection.
        self.connections = 0
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)

    @property
    def settings(self) -> MailSettings:
        """The application's settings for this server."""
        return MailSettings(server=self.hostname, port=self.port, security="none")

    def received(self) -> list[EmailMessage]:
        """The emails since the last call, oldest first."""
        found = []
        while not self._received.empty():
            found.append(self._received.get())
        return found

    def next(self) -> EmailMessage:
        """The next email, as soon as it arrives."""
        return self._received.get(timeout=PATIENCE)

    def _take(self, message: EmailMessage) -> None:
        self.before_taking(message)
        self._received.put(message)

    # The methods that aiosmtpd calls.

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        session.mails = 0  # type: ignore[attr-defined]
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        to = set(envelope.rcpt_tos)
        if to & self.drops:
            server.transport.abort()
            return "451 too late"
        content = envelope.content
        message = message_from_bytes(content if isinstance(content, bytes) else b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        # In its own thread: a test may wait here, and the server must go on.
        await self.loop.run_in_executor(None, self._take, message)
        session.mails += 1  # type: ignore[attr-defined]
        if to & self.takes_and_drops:
            server.transport.abort()
        elif session.mails == self.most_mails:  # type: ignore[attr-defined]
            self.loop.call_soon(server.transport.close)
        return "250 Taken"


def accepts_only(username: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator for SmtpServer that knows one user."""

    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        known = (given.login, given.password) == (username.encode(), password.encode())
        return AuthResult(success=known, handled=False)

    return check


class SilentServer:
    """Accepts connections and never answers."""

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        return self

    def __exit__(self, *_error: object) -> None:
        self._listening.close()

    @property
    def settings(self) -> MailSettings:
        """The application's settings for this server."""
        return MailSettings(server="127.0.0.1", port=self._listening.getsockname()[1], security="none")


class DribblingServer(SilentServer):
    """Answers one letter at a time, each just in time, and never ends the line."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._dribble)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)
        super().__exit__()

    def _dribble(self) -> None:
        caller, _address = self._listening.accept()
        with caller:
            try:
                caller.sendall(b"220 ")
                while not self._stop.wait(0.02):
                    caller.sendall(b"x")
            except OSError:
                return
