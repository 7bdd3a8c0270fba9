"""Serving, working, and the demo: real processes, asked over the network and told to stop."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import IncompleteRead
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from itsdangerous import URLSafeSerializer

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


def test_serve_answers_where_it_says_and_stops_cleanly(migrated: Path) -> None:
    with serving(migrated, "serve") as (process, address):
        with urlopen(f"{address}/health") as answer:  # noqa: S310 - our own address
            assert (answer.status, answer.headers.get("Server")) == (200, None)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    first, *_, last = err.splitlines()
    assert (process.returncode, out, first, last.split(" INFO ")[-1]) == (
        0,
        "",
        "No mail server is set: emails wait in the outbox, where officers can read them, "
        "and sign-in codes are printed here.",
        "training_hub.serving: stopped",
    )


def test_the_log_of_a_failed_page_holds_no_key(migrated: Path) -> None:
    secret = "a key that only this test uses, and long enough"
    keys = {
        "/sign-in/link/": "the-only-thing-it-takes-to-sign-in",
        "/evaluate/": str(URLSafeSerializer(secret, salt="link:evaluate").dumps([1, 1])),
    }
    with serving(migrated, "serve", "--no-worker", TRAINING_HUB_SECRET_KEY=secret) as (process, address):
        # The tables are gone from under it, as when someone restores the wrong file.
        with closing(sqlite3.connect(migrated / "training-hub.sqlite")) as database:
            database.executescript("ALTER TABLE sign_in_code RENAME TO a; ALTER TABLE invitation RENAME TO b")
        answers = [_status(f"{address}{start}{key}?next=/{key}") for start, key in keys.items()]
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    named = re.findall(r"the unexpected at (.*)", err)
    assert (answers, named) == ([500, 500], ["GET /sign-in/link/<token>", "GET /evaluate/<token>"])
    assert [key for key in keys.values() if key in err] == []


def _status(address: str) -> int:
    try:
        with urlopen(address) as answer:  # noqa: S310 - our own address
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


BREAKS_OFF = """
from flask import Flask, Response
from training_hub.commands.console import log_to_stderr
from training_hub.config import Settings
from training_hub.serving import address_of, bind, serve
from pathlib import Path

def view(token):
    def body():
        yield "begun"
        raise RuntimeError("the rest is missing")
    return Response(body())

app = Flask("breaks off")
app.config["SETTINGS"] = Settings(
    data=Path("."), database_url="sqlite://", base_url="http://localhost", secret_key="x" * 32
)
app.add_url_rule("/evaluate/<token>", view_func=view)
log_to_stderr()
sockets = bind("127.0.0.1", 0)
print(address_of(sockets, "127.0.0.1"), flush=True)
serve(app, sockets, None)
"""


def test_a_page_that_breaks_off_is_logged_without_its_address() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", BREAKS_OFF], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    with pytest.raises(IncompleteRead), urlopen(f"{address}/evaluate/the-key") as answer:  # noqa: S310 - our own
        answer.read()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert ("ERROR waitress: Exception while serving a page\n" in err, "the-key" in err) == (True, False)


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
    assert (ran.returncode, ran.stdout) == (0, "Done: 0 emails sent.\n")


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


def test_the_demo_is_served_again_with_new_links(run: Run, demo: Path, built_demo: tuple[Path, Ran]) -> None:
    report = ("report", "--from", "2019-04-01", "--to", "2020-03-31", "--format", "csv")
    before = run(*report).stdout
    again = run("demo", "--no-serve")
    links = {line.split()[-1] for line in again.stdout.splitlines()[1:]}
    old = {line.split()[-1] for line in built_demo[1].stdout.splitlines()[1:]}
    assert (again.returncode, len(links - old), "Building" in again.stderr) == (0, 6, False)
    assert run(*report).stdout == before


def test_a_demo_is_rebuilt_only_when_asked(run: Run, demo: Path) -> None:
    run("add-person", "ann@example.org", "--name", "Ann")
    kept = run("demo", "--no-serve")
    still = run("sign-in-link", "ann@example.org").returncode
    fresh = run("demo", "--no-serve", "--fresh")
    gone = run("sign-in-link", "ann@example.org").returncode
    assert [kept.returncode, still, fresh.returncode, gone] == [0, 0, 0, 1]


@pytest.mark.parametrize("words", [("demo", "--no-serve"), ("demo", "--no-serve", "--fresh")])
def test_the_demo_leaves_another_database_untouched(run: Run, migrated: Path, words: tuple[str, ...]) -> None:
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
