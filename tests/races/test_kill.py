"""Killed and racing workers: no email is lost, and only the one in flight is sent twice."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from tests.conftest import NOW
from tests.mail import letters
from tests.smtp_server import PATIENCE, SmtpServer
from training_hub.config import Settings
from training_hub.mail.models import MailState
from training_hub.mail.rules import LEASE

pytestmark = pytest.mark.postgres

WORKER = """
import sys
from datetime import datetime
from pathlib import Path
from training_hub import create_app
from training_hub.config import MailSettings, Settings
from training_hub.mail.delivery import deliver
from training_hub.mail.sending import connection

data, database, port, now = sys.argv[1:]
settings = Settings(
    data=Path(data), database_url=database, base_url="http://localhost",
    secret_key="a key that only tests use, and long enough",
    mail=MailSettings(server="127.0.0.1", port=int(port), security="none"),
)
app = create_app(settings)
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    print(deliver(connection(settings), now=datetime.fromisoformat(now)))
"""


def worker(settings: Settings, server: SmtpServer, now: str) -> "subprocess.Popen[str]":
    """A worker in its own process, which delivers once when told to."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(settings.data), settings.database_url, str(server.port), now],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_killed_worker_resends_only_the_email_in_flight(app: Flask, settings: Settings) -> None:
    ids = [letters.waiting(f"person{number}@example.org", now=NOW).message_id for number in range(5)]
    third_is_here, killed = threading.Event(), threading.Event()

    def hold_the_third(message: EmailMessage) -> None:
        if message["Message-ID"] == ids[2] and not killed.is_set():
            third_is_here.set()
            killed.wait(PATIENCE)

    with SmtpServer() as server:
        server.before_taking = hold_the_third
        with worker(settings, server, NOW.isoformat()) as first:
            assert first.stdin is not None
            first.stdin.write("go\n")
            first.stdin.flush()
            assert third_is_here.wait(PATIENCE)
            os.kill(first.pid, signal.SIGKILL)
            assert first.wait(PATIENCE) == -signal.SIGKILL
        assert [state for _to, state, _tries in letters.outbox()] == [
            MailState.SENT,
            MailState.SENT,
            MailState.SENDING,
            MailState.WAITING,
            MailState.WAITING,
        ]
        # The server had all of it: it takes the mail, and can no longer tell the worker so.
        killed.set()
        taken = [server.next()["Message-ID"] for _ in range(3)]

        with worker(settings, server, (NOW + timedelta(seconds=1)).isoformat()) as second:
            assert second.communicate("go\n", timeout=PATIENCE)[0] == "2\n"
        with worker(settings, server, (NOW + LEASE).isoformat()) as third:
            assert third.communicate("go\n", timeout=PATIENCE)[0] == "1\n"
        taken += [message["Message-ID"] for message in server.received()]
    assert taken == [ids[0], ids[1], ids[2], ids[3], ids[4], ids[2]]
    assert letters.outbox() == [
        ("person0@example.org", MailState.SENT, 1),
        ("person1@example.org", MailState.SENT, 1),
        ("person2@example.org", MailState.SENT, 2),
        ("person3@example.org", MailState.SENT, 1),
        ("person4@example.org", MailState.SENT, 1),
    ]


def test_two_workers_send_each_email_once(app: Flask, settings: Settings) -> None:
    ids = [letters.waiting(f"person{number}@example.org", now=NOW).message_id for number in range(30)]
    with SmtpServer() as server:
        both = [worker(settings, server, NOW.isoformat()) for _ in range(2)]
        for each in both:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        sent = [int(each.communicate(timeout=PATIENCE)[0]) for each in both]
        taken = [message["Message-ID"] for message in server.received()]
    assert sum(sent) == 30
    assert sorted(taken) == sorted(ids)
    assert {(state, tries) for _to, state, tries in letters.outbox()} == {(MailState.SENT, 1)}
