"""Serving, working, and the demo: real processes, asked over the network and told to stop."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.commands.conftest import COMMAND, Ran, Run, environment


@contextmanager
def serving(data: Path, *words: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process, and the address that it said it is at."""
    process = subprocess.Popen(
        [*COMMAND, *words, "--port", "0"],
        env=environment(data, **settings),
        cwd=data.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        yield process, said.split(" is at ")[-1].strip()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_serve_answers_where_it_says_and_stops_cleanly_when_told_to(migrated: Path) -> None:
    with serving(migrated, "serve") as (process, address):
        with urlopen(f"{address}/health") as answer:  # noqa: S310 - our own address
            assert (answer.status, answer.headers.get("Server")) == (200, None)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    first, *_, last = err.splitlines()
    assert (process.returncode, out, first, last.split(" INFO ")[-1]) == (
        0,
        "",
        "No mail server is set: mails wait in the outbox, where officers can read them, "
        "and sign-in codes are printed here.",
        "training_hub.serving: stopped",
    )


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_one_sentence(run: Run, migrated: Path, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = run(command, "--port", str(port))
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        1,
        "",
        f"Port {port} is in use: stop what uses it, or choose another with --port.\n",
    )


def test_an_address_that_is_not_this_machines_is_one_sentence(run: Run, migrated: Path) -> None:
    ran = run("serve", "--host", "192.0.2.1")
    assert (ran.returncode, ran.stderr) == (1, "This machine does not have the address 192.0.2.1.\n")


def test_the_worker_does_what_is_due_once_and_exits(run: Run, migrated: Path) -> None:
    ran = run("worker", "--once")
    assert (ran.returncode, ran.stdout) == (0, "Done: 0 mails sent.\n")


def test_the_worker_by_itself_stops_cleanly_when_told_to(migrated: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "worker"],
        env=environment(migrated),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while not process.stderr.readline().endswith("working\n"):
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.endswith("INFO training_hub.serving: stopped\n")) == (0, "", True)


LINK = re.compile(
    r"(practitioner|agency training lead|trainer|hub officer|hub member|administrator) +(http://\S+/sign-in/link/\S+)"
)


def test_the_demo_prints_a_link_for_each_role(built_demo: tuple[Path, Ran]) -> None:
    _data, ran = built_demo
    first, *links = ran.stdout.splitlines()
    found = [LINK.fullmatch(line) for line in links]
    assert (ran.returncode, first) == (0, "Training Hub’s demo is at http://127.0.0.1:8000")
    assert [match and match[1] for match in found] == [
        "practitioner",
        "agency training lead",
        "trainer",
        "hub officer",
        "hub member",
        "administrator",
    ]
    assert ran.stderr.splitlines()[0] == "Building the demo …"


def test_the_demo_is_served_again_with_the_same_data_and_new_links(
    run: Run, demo: Path, built_demo: tuple[Path, Ran]
) -> None:
    report = ("report", "--from", "2019-04-01", "--to", "2020-03-31", "--format", "csv")
    before = run(*report).stdout
    again = run("demo", "--no-serve")
    links = {line.split()[-1] for line in again.stdout.splitlines()[1:]}
    old = {line.split()[-1] for line in built_demo[1].stdout.splitlines()[1:]}
    assert (again.returncode, len(links - old), "Building" in again.stderr) == (0, 6, False)
    assert run(*report).stdout == before


def test_a_demo_is_built_anew_only_when_asked(run: Run, demo: Path) -> None:
    run("add-person", "ann@example.org", "--name", "Ann")
    kept = run("demo", "--no-serve")
    still = run("sign-in-link", "ann@example.org").returncode
    fresh = run("demo", "--no-serve", "--fresh")
    gone = run("sign-in-link", "ann@example.org").returncode
    assert [kept.returncode, still, fresh.returncode, gone] == [0, 0, 0, 1]


@pytest.mark.parametrize("words", [("demo", "--no-serve"), ("demo", "--no-serve", "--fresh")])
def test_a_database_that_the_demo_did_not_build_is_refused_untouched(
    run: Run, migrated: Path, words: tuple[str, ...]
) -> None:
    run("add-person", "ann@example.org", "--name", "Ann")
    before = (migrated / "training-hub.sqlite").read_bytes()
    ran = run(*words)
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        1,
        "",
        "This database holds data that the demo did not build, so it is left as it is. "
        "Set TRAINING_HUB_DATA to another folder, or TRAINING_HUB_DATABASE_URL to an empty database.\n",
    )
    assert (migrated / "training-hub.sqlite").read_bytes() == before


def test_the_demo_is_served_with_links_that_lead_to_where_it_is(demo: Path) -> None:
    with serving(demo, "demo") as (process, address):
        assert process.stdout is not None
        links = [process.stdout.readline().split()[-1] for _ in range(5)]
        with urlopen(f"{address}/health") as answer:  # noqa: S310 - our own address
            assert answer.status == 200
        assert [link.startswith(f"{address}/sign-in/link/") for link in links] == [True] * 5
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0
