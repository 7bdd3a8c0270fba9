"""Serve the pages with waitress, next to the background worker, in one process or in several."""

import errno
import gc
import logging
import socket
from collections.abc import Callable
from functools import partial

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from training_hub.config import Settings
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.processes import Job, stop_on_signals, supervise
from training_hub.worker import Worker

log = logging.getLogger(__name__)
waitress_log = logging.getLogger("waitress")

THREADS = 4
"""How many requests a process answers at once. More threads hinder one another: eight answered a tenth fewer pages.
A stalled client takes no thread: waitress reads a whole request first."""
LARGEST = 20 * 1024 * 1024
"""Bytes. Larger requests are not read. Smaller ones that are too large for a form get an error page."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - only compared, never bound
PROXY_HEADERS = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}


def bind(host: str, port: int) -> list[socket.socket]:
    """Bind `port` at every address of `host`. Raises Refused if the port is in use, or cannot be bound."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise Refused(f"There is no address {host} on this machine.") from error
    taken: list[socket.socket] = []
    try:
        for family, kind, protocol, _name, address in dict.fromkeys(found):
            taken.append(_bound(family, kind, protocol, address))
    except OSError as error:
        for one in taken:
            one.close()
        raise Refused(_why_not(error, host, port)) from error
    return taken


def _bound(family: int, kind: int, protocol: int, address: tuple[object, ...]) -> socket.socket:
    one = socket.socket(family, kind, protocol)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)
        # Listen at once, as otherwise another process could also bind the port.
        one.listen(1024)
    except OSError:
        one.close()
        raise
    return one


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: stop what uses it, or choose another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used without more rights: choose one above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This machine does not have the address {host}."
    return f"Port {port} at {host} cannot be used: {error.strerror}."


def address_of(sockets: list[socket.socket], host: str) -> str:
    """The address at which a browser on this machine reaches these sockets, such as http://127.0.0.1:8000."""
    port = sockets[0].getsockname()[1]
    name = EVERYWHERE.get(host) or (f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def serve(app: Flask, sockets: list[socket.socket], worker: Worker | None) -> None:
    """Answer requests, and run `worker` in a thread, until SIGTERM or SIGINT. Finishes the requests in hand."""
    channels: dict[int, object] = {}
    waitress_log.addFilter(_without_address)
    server = create_server(
        app,
        map=channels,
        sockets=sockets,
        threads=THREADS,
        ident=None,
        max_request_body_size=LARGEST,
        **_proxies(app.config["SETTINGS"]),
    )
    stop_on_signals()
    try:
        if worker is not None:
            worker.start()
        server.run()
    finally:
        # All open sockets: the listening ones, and those of browsers that were still waiting.
        wasyncore.close_all(channels, ignore_all=True)
        if worker is not None:
            worker.stop()
        log.info("stopped")


def serve_in_processes(
    app: Flask, sockets: list[socket.socket], processes: int, make_worker: Callable[[], Worker] | None
) -> None:
    """Answer requests in several processes that share the sockets, with the worker in one more, until a signal.

    Raises Refused if a process fails to start several times in a row.
    """
    jobs: dict[str, Job] = {
        f"web {number}": partial(serve, app, sockets, None) for number in range(1, processes + 1)
    }
    if make_worker is not None:
        jobs["worker"] = lambda: work(make_worker())
    # Processes must not share a database connection. They do share memory that nobody changes.
    with app.app_context():
        db.engine.dispose()
    gc.freeze()
    try:
        supervise(jobs)
    finally:
        for one in sockets:
            one.close()


def _without_address(record: logging.LogRecord) -> bool:
    # waitress logs errors after a page has begun with the page's address, which may have a signed link's key.
    what, serving, _address = record.getMessage().partition(" while serving ")
    if serving:
        record.msg, record.args = f"{what}{serving}a page", ()
    return True


def work(worker: Worker) -> None:
    """Run `worker` by itself until SIGTERM or SIGINT. Finishes the email in hand."""
    stop_on_signals()
    try:
        worker.start()
        log.info("working")
        # Waits in short steps, because on some systems signals do not interrupt a wait without a timeout.
        while worker.is_alive():
            worker.join(1)
    except SystemExit:
        worker.stop()
        log.info("stopped")


def _proxies(settings: Settings) -> dict[str, object]:
    # Without a trusted proxy, the "forwarded" headers of a request are removed: anyone could have written them.
    if not settings.trusted_proxies:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": "*",
        "trusted_proxy_count": settings.trusted_proxies,
        "trusted_proxy_headers": PROXY_HEADERS,
        "clear_untrusted_proxy_headers": True,
    }
