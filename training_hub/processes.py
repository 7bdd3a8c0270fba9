"""Run jobs in several processes under one parent, which replaces a process that dies.

2026-12-01: waitress serves in each process, and this module looks after them. Tried with 80 clients that send half a
request and wait: gunicorn (threads) and granian then answered nobody else for 15 seconds, waitress answered at once.
"""

import logging
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from time import monotonic
from types import FrameType

from training_hub.errors import Refused

log = logging.getLogger(__name__)

Job = Callable[[], None]

SIGNALS = (signal.SIGTERM, signal.SIGINT)
LASTS = 30.0
"""A process that dies within this many seconds failed to start."""
MOST_FAILURES = 5
"""How often in a row one process may fail to start before all of them end. The log says why."""
PATIENCE = 40.0
"""How many seconds a process has to finish the requests or emails in hand."""


MOST_PROCESSES = 64 if "fork" in get_all_start_methods() else 1
"""Whether there can be several processes. Windows cannot fork, so it has only one."""


def default_processes() -> int:
    """How many processes to run by default: one for each core that this process may use."""
    if MOST_PROCESSES == 1:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def stop_on_signals() -> None:
    """Make SIGTERM and SIGINT raise SystemExit in the main thread, but only once."""
    for number in SIGNALS:
        signal.signal(number, _stop)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # A second signal must not interrupt the shutdown.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def supervise(jobs: Mapping[str, Job]) -> None:
    """Run each job in its own process until SIGTERM or SIGINT, and then end the processes.

    Starts a job again if it ends by itself. Raises Refused if a job fails to start several times in a row.
    """
    running: list[_Running] = []
    stop_on_signals()
    try:
        for name, job in jobs.items():
            with _signals_held():
                running.append(_Running(name, job))
        while True:
            ended = wait([each.process.sentinel for each in running])
            for each in running:
                if each.process.sentinel in ended:
                    with _signals_held():
                        each.replace()
    finally:
        deadline = monotonic() + PATIENCE
        for each in running:
            each.process.terminate()
        for each in running:
            each.process.join(max(deadline - monotonic(), 0))
            each.process.kill()


@contextmanager
def _signals_held() -> Iterator[None]:
    """Delay SIGTERM and SIGINT, because a signal could not end a process that is half started."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


@dataclass
class _Running:
    """A job and the process in which it runs."""

    name: str
    job: Job
    failures: int = 0

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self.process = get_context("fork").Process(target=_run, args=(self.job,), name=self.name, daemon=True)
        self.process.start()
        self.started = monotonic()

    def replace(self) -> None:
        """Start the job again in a new process."""
        self.process.join()
        self.failures = self.failures + 1 if monotonic() - self.started < LASTS else 0
        if self.failures >= MOST_FAILURES:
            raise Refused(
                f"The process “{self.name}” ended {MOST_FAILURES} times in a row. The log says why."
            )
        log.error("%s ended with status %s: starting it again", self.name, self.process.exitcode)
        self._start()


def _run(job: Job) -> None:
    stop_on_signals()
    # The parent had blocked these signals while it started this process.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    Thread(target=_end_with_parent, daemon=True).start()
    job()


def _end_with_parent() -> None:
    # Killed outright, the parent cannot tell its children. Without this they would go on and hold the port. Its pipe
    # does not tell them at once: children that start later hold the other end too.
    parent = parent_process()
    while parent is not None and os.getppid() == parent.pid:
        wait([parent.sentinel], timeout=1)
    os.kill(os.getpid(), signal.SIGTERM)
