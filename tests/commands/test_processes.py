"""Several processes under one: replaced when they die, ended with the one that started them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from urllib.request import urlopen

from tests.commands.test_serving import serving

SUPERVISED = """
import os
import signal
from functools import partial
from training_hub.commands.console import log_to_stderr
from training_hub.errors import Refused
from training_hub.processes import supervise

def job(name):
    if name == "busy":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        print(name, os.getpid(), flush=True)
        if name == "fails":
            os._exit(3)
        signal.pause()
    finally:
        print(name, "ended", flush=True)

log_to_stderr()
try:
    supervise({name: partial(job, name) for name in %r})
except Refused as refusal:
    print(refusal, flush=True)
"""


@contextmanager
def supervised(*names: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SUPERVISED % (names,)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> tuple[str, int]:
    assert process.stdout is not None
    name, number = process.stdout.readline().split()
    return name, int(number)


def test_a_process_that_dies_is_replaced() -> None:
    with supervised("web", "worker") as process:
        first = dict([said(process), said(process)])
        os.kill(first["worker"], signal.SIGKILL)
        name, again = said(process)
        process.send_signal(signal.SIGTERM)
        _out, err = process.communicate(timeout=60)
    assert (name, again == first["worker"], process.returncode) == ("worker", False, 0)
    assert "worker ended with status -9: starting it again" in err


def test_a_process_that_cannot_start_ends_them_all() -> None:
    with supervised("works", "fails") as process:
        out, _err = process.communicate(timeout=60)
    tries = [line.split()[0] for line in out.splitlines()].count("fails")
    assert (tries, out.splitlines()[-1]) == (
        5,
        "The process “fails” ended 5 times in a row. The log says why.",
    )


def test_killing_the_parent_leaves_no_process() -> None:
    with supervised("web", "worker") as process:
        assert sorted(name for name, _number in (said(process), said(process))) == ["web", "worker"]
        process.kill()
        # Its children hold the same pipe: it ends when the last of them has.
        out, _err = process.communicate(timeout=60)
    assert sorted(out.splitlines()) == ["web ended", "worker ended"]


def test_killed_outright_no_child_waits_for_another() -> None:
    with supervised("web", "busy") as process:
        started = dict([said(process), said(process)])
        assert process.stdout is not None
        process.kill()
        has_ended = bool(wait([process.stdout], timeout=20))
        os.kill(started["busy"], signal.SIGKILL)
        assert (has_ended, process.stdout.readline()) == (True, "web ended\n")


def test_serve_in_two_processes_answers_and_stops_cleanly(migrated: Path) -> None:
    with serving(migrated, "serve", "--processes", "2") as (process, address):
        statuses = []
        for _ in range(10):
            with urlopen(f"{address}/health") as answer:  # noqa: S310 - our own address
                statuses.append(answer.status)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert (statuses, process.returncode, out) == ([200] * 10, 0, "")
    assert err.count("training_hub.serving: stopped") == 3
