"""The background loop: what is due now. It asks the packages, in order, and sends what they queued."""

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

from flask import Flask

from training_hub.clock import now as clock_now
from training_hub.database import db
from training_hub.london import london, london_date
from training_hub.mail.outbox import OutgoingMail, deliver

log = logging.getLogger(__name__)

Send = Callable[[OutgoingMail], None]
Job = Callable[[datetime], object]

EACH_MINUTE: list[Job] = []
"""What looks for things that have fallen due: running one twice does nothing twice."""
EACH_DAY: list[Job] = []
"""What tidies up, once a day after 03:00 in London."""


def run_once(app: Flask, send: Send | None, *, with_daily: bool = True) -> int:
    """Do everything that is due now, and send every mail that may leave; how many were sent."""
    with app.app_context():
        for job in [*EACH_MINUTE, *(EACH_DAY if with_daily else [])]:
            _run(job)
        return _send_all(send)


def _run(job: Job) -> None:
    try:
        job(clock_now())
    except Exception:
        # One job's fault must not keep the others from their work; the log says which it was.
        log.exception("%s.%s failed", job.__module__, getattr(job, "__name__", job))
        db.session.rollback()


def _send_all(send: Send | None) -> int:
    if send is None:
        return 0
    total = 0
    while sent := deliver(send, now=clock_now()):
        total += sent
    return total


class Worker(threading.Thread):
    """The loop in a thread: mail every second, what is due each minute, tidying once a day."""

    def __init__(self, app: Flask, send: Send | None) -> None:
        super().__init__(name="training-hub-worker", daemon=True)
        self._app, self._send, self._stop_asked = app, send, threading.Event()
        self._minute: datetime | None = None
        self._tidied_on: date | None = None

    def stop(self) -> None:
        """Have the loop end after the mail in hand, and wait for it."""
        self._stop_asked.set()
        self.join(timeout=30)

    def run(self) -> None:
        """Loop until told to stop."""
        while not self._stop_asked.is_set():
            with self._app.app_context():
                self._turn(clock_now())
            self._stop_asked.wait(1)

    def _turn(self, now: datetime) -> None:
        if self._minute is None or now - self._minute >= timedelta(minutes=1):
            self._minute = now
            for job in EACH_MINUTE:
                _run(job)
        if london(now).hour >= 3 and self._tidied_on != london_date(now):
            self._tidied_on = london_date(now)
            for job in EACH_DAY:
                _run(job)
        if self._send is not None:
            try:
                deliver(self._send, now=now)
            except Exception:
                # The database may be away for a moment; the mails wait where they are.
                log.exception("mail could not be delivered")
                db.session.rollback()
