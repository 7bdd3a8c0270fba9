"""A real server in a process of its own, and keep-alive connections to it."""

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from time import perf_counter
from urllib.parse import urlsplit

from tests.benchmarks.browser import Answer
from training_hub.config import Settings

PATIENCE = 60.0


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    process: int
    host: str
    port: int
    seconds_to_first_page: float


@contextmanager
def serving(settings: Settings, *options: str, first_page: str = "/dates") -> Iterator[Server]:
    """`training-hub serve` on this database, which is always ended."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TRAINING_HUB_")},
        "TRAINING_HUB_DATA": str(settings.data),
        "TRAINING_HUB_DATABASE_URL": settings.database_url,
        "TRAINING_HUB_SECRET_KEY": settings.secret_key,
    }
    started = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "training_hub.commands", "serve", "--port", "0", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        # It says when it listens. Requests from then on wait until it can answer.
        words = process.stdout.readline().split()
        if not words:
            raise RuntimeError("training-hub serve did not start: try it by hand")
        address = urlsplit(words[-1])
        server = Server(process.pid, address.hostname or "", address.port or 0, 0.0)
        Wire(server).ask("GET", first_page, {}, b"")
        yield Server(process.pid, server.host, server.port, perf_counter() - started)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


class Wire:
    """One connection that is kept alive, and what has gone over it."""

    def __init__(self, server: Server) -> None:
        self._http = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
        self.requests = self.bytes_received = 0
        self.seconds = 0.0

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Send one request, and read the answer to its end."""
        started = perf_counter()
        self._http.request(method, path, body or None, headers)
        response = self._http.getresponse()
        content = response.read()
        took = perf_counter() - started
        self.requests += 1
        self.seconds += took
        # The status line, the headers with what parts them, the empty line, and the body.
        self.bytes_received += (
            17 + sum(len(n) + len(v) + 4 for n, v in response.getheaders()) + 2 + len(content)
        )
        cookies = response.headers.get_all("Set-Cookie") or []
        return Answer(response.status, dict(response.getheaders()), content, took, cookies)

    def close(self) -> None:
        """Hang up."""
        self._http.close()


def moment(seconds: float) -> None:
    """Let a process that has just been busy come to rest."""
    Event().wait(seconds)
