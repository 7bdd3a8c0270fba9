"""Eight processes that use one database at the same moment, each with its own application."""

import multiprocessing
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from flask import Flask
from sqlalchemy.orm import close_all_sessions

from tests.complaints import Complaints
from tests.page_client import PageClient
from tests.resizing import resize
from training_hub import create_app
from training_hub.bookings.actions.alerts import alert_few
from training_hub.bookings.actions.claims import lapse_claims
from training_hub.bookings.actions.reminders import remind_due
from training_hub.bookings.actions.waiting_list import fill_free_places
from training_hub.catalogue.models import Event
from training_hub.config import Settings
from training_hub.database import db, transaction
from training_hub.errors import Refused

SIZE = 8
JOBS = {
    "remind": remind_due,
    "alert": alert_few,
    "lapse_claims": lapse_claims,
    "fill_free_places": fill_free_places,
}
"""The worker's own jobs."""
PATIENCE = 120
"""Seconds after which a process that the others wait for counts as lost."""


@dataclass(frozen=True)
class Errand:
    """A form that one person opens first, and sends when everyone is ready."""

    signed_in: str
    path: str
    data: dict[str, str]
    opened: str = ""
    """The page with the form, if its address differs."""


@dataclass(frozen=True)
class Job:
    """A job without a form: an action of the worker, or a new capacity of an event."""

    name: str = ""
    event_id: int = 0
    number: int = 0


@dataclass(frozen=True)
class Answer:
    """What the person saw: the status of the answer, and the status and heading of the next page."""

    sent: int
    page: int
    heading: str


class Crowd:
    """Processes for several tests, as starting eight interpreters takes longer than any race."""

    def __init__(self) -> None:
        # Forked from a process that has imported what they need, but has no connections that they would share.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        # Kept: what it is made of is gone with it, and the processes come to it later.
        self._barrier = context.Barrier(SIZE)
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(SIZE):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self._barrier), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def send(
        self, settings: Settings, now: datetime, errands: Sequence[Sequence[Errand]]
    ) -> list[list[Answer]]:
        """Let each process run its errands in order, all starting at the same moment."""
        return self._all("errands", settings, now, errands)

    def mix(
        self, settings: Settings, now: datetime, work: Sequence[Sequence[Errand | Job]]
    ) -> list[list[Answer]]:
        """Let each process run its errands and jobs in order, all starting at the same moment.

        An error that a job only logs fails.
        """
        return self._all("errands", settings, now, work)

    def remind(self, settings: Settings, now: datetime) -> list[int]:
        """Let every process queue the due reminders at the same moment. Returns how many each queued."""
        return self._all("remind", settings, now, [()] * SIZE)

    def alert(self, settings: Settings, now: datetime) -> list[int]:
        """Let every process tell officers of dates with too few people. Returns how many emails each queued."""
        return self._all("alert", settings, now, [()] * SIZE)

    def _all(self, kind: str, settings: Settings, now: datetime, work: Sequence[Any]) -> list[Any]:
        assert len(work) == SIZE
        for pipe, part in zip(self._pipes, work, strict=True):
            pipe.send((kind, settings, now, part))
        answers = [pipe.recv() for pipe in self._pipes]
        failures = [answer for answer in answers if isinstance(answer, str)]
        if failures:
            self._barrier.reset()
        assert failures == []
        return answers

    def close(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.send(None)
            pipe.close()
        for process in self._processes:
            process.join(PATIENCE)
            process.close()


def _serve(pipe: Connection, barrier: Barrier) -> None:
    # Made once, as most of a race would go into making it.
    apps: dict[Settings, Flask] = {}
    while (order := pipe.recv()) is not None:
        kind, settings, now, part = order
        try:
            app = apps[settings] = apps.get(settings) or create_app(settings)
            app.extensions["clock"] = lambda now=now: now
            app.testing = True
            with app.app_context():
                done = _errands(app, now, part, barrier) if kind == "errands" else _job(kind, now, barrier)
                db.session.remove()
                close_all_sessions()
                db.engine.dispose()
            pipe.send(done)
        except BaseException:
            # A failing process must not leave the others waiting at the barrier, or the test without an answer.
            barrier.abort()
            pipe.send(traceback.format_exc())


def _errands(app: Flask, now: datetime, work: Sequence[Errand | Job], barrier: Barrier) -> list[Answer]:
    ready = [_opened(app, each) if isinstance(each, Errand) else each for each in work]
    barrier.wait(PATIENCE)
    answers = []
    with Complaints() as complaints:
        for each in ready:
            if isinstance(each, Job):
                _run(each, now)
                continue
            client, errand, data = each
            sent = client.post(errand.path, data)
            page = client.follow(sent)
            answers.append(Answer(sent.status, page.status, page.h1))
    assert complaints.said == []
    return answers


def _opened(app: Flask, errand: Errand) -> tuple[PageClient, Errand, dict[str, str]]:
    client = PageClient(app)
    with client.http.session_transaction() as session:
        session["_user_id"], session["_fresh"] = errand.signed_in, True
    page = client.get(errand.opened or errand.path)
    return client, errand, {**page.form(errand.path), **errand.data}


def _run(job: Job, now: datetime) -> None:
    if not job.event_id:
        JOBS[job.name](now=now)
        return
    # Less room than is taken is refused, and changes nothing.
    with suppress(Refused), transaction():
        resize(db.session.get_one(Event, job.event_id), job.number, now=now)


def _job(kind: str, now: datetime, barrier: Barrier) -> int:
    barrier.wait(PATIENCE)
    return JOBS[kind](now=now)
