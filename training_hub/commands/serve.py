"""Serve the pages and run the background worker, until SIGTERM or Ctrl-C.

By default there is one process for each core, and one for the worker, and a process that dies is replaced. With
--processes 1, pages and worker share a single process, which needs the least memory.

It answers only on this machine, unless you use --host. Put a web server that speaks HTTPS before it, and set
TRAINING_HUB_BASE_URL to the address that people use and TRAINING_HUB_TRUSTED_PROXIES to 1.
"""

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from training_hub import create_app
from training_hub.commands.console import answer, log_to_stderr, say
from training_hub.commands.opening import check_ready, read_settings
from training_hub.config import Settings
from training_hub.processes import MOST_PROCESSES, default_processes
from training_hub.serving import address_of, bind, serve, serve_in_processes
from training_hub.worker import Worker, sender


def arguments(parser: argparse.ArgumentParser) -> None:
    """The address to listen at, the number of processes, and whether to run the worker."""
    listening_arguments(parser)
    parser.add_argument(
        "--processes",
        type=whole_number("a number of processes", 1, MOST_PROCESSES),
        default=default_processes(),
        metavar="N",
        help="how many processes answer requests (one for each core: %(default)s here)",
    )
    parser.add_argument(
        "--no-worker", action="store_true", help="serve pages only; run “training-hub worker” elsewhere"
    )


def listening_arguments(parser: argparse.ArgumentParser) -> None:
    """The address to listen at."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (%(default)s)")
    port = whole_number("a port", 0, 65535)
    parser.add_argument("--port", type=port, default=8000, help="the port to listen at (%(default)s)")


def whole_number(what: str, least: int, most: int) -> Callable[[str], int]:
    """A function with which argparse reads a number in this range. `what` names the number in the error."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text} is not {what} from {least} to {most}")

    return read


def with_base_url(settings: Settings, address: str) -> Settings:
    """The settings, with links to `address` unless TRAINING_HUB_BASE_URL is set."""
    is_set = os.environ.get("TRAINING_HUB_BASE_URL", "").strip()
    return settings if is_set else replace(settings, base_url=address)


def say_where_mails_go(settings: Settings) -> None:
    """Without a mail server, say at start where emails and sign-in codes go."""
    if settings.mail is None:
        say(
            "No mail server is set: emails wait in the outbox, where officers can read them, "
            "and sign-in codes are printed here."
        )


def run(options: argparse.Namespace) -> None:
    """Serve the pages."""
    settings = read_settings()
    check_ready(settings)
    sockets = bind(options.host, options.port)
    address = address_of(sockets, options.host)
    settings = with_base_url(settings, address)
    log_to_stderr()
    app = create_app(settings)
    say_where_mails_go(settings)
    answer(f"Training Hub is at {settings.base_url}")
    if settings.base_url != address:
        say(f"It listens at {address}.")
    if options.processes == 1:
        serve(app, sockets, None if options.no_worker else Worker(app, sender(app)))
    else:
        make_worker = None if options.no_worker else partial(Worker, app, sender(app))
        serve_in_processes(app, sockets, options.processes, make_worker)
