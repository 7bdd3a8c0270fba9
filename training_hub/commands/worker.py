"""Run the background worker by itself. It sends emails, does what is due each minute, and tidies up once a day.

Several may run at once, with or without a server: nothing is sent twice. With --once, the worker runs once and
ends, for use with your own timer.
"""

import argparse

from training_hub import create_app
from training_hub.commands.console import answer, log_to_stderr
from training_hub.commands.opening import check_ready, read_settings
from training_hub.commands.serve import say_where_mails_go
from training_hub.serving import work
from training_hub.worker import Worker, run_once, sender


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to run once or until stopped."""
    parser.add_argument("--once", action="store_true", help="do and send what is due now, then exit")


def run(options: argparse.Namespace) -> None:
    """Run the worker."""
    settings = read_settings()
    check_ready(settings)
    log_to_stderr()
    app = create_app(settings)
    say_where_mails_go(settings)
    if options.once:
        sent = run_once(app, sender(app))
        answer(f"Done: {sent:,} {'email' if sent == 1 else 'emails'} sent.")
    else:
        work(Worker(app, sender(app)))
