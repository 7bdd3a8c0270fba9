"""The background loop: does what each package finds due, and sends the emails that packages queued.

2026-11-26 Each job takes one row at a time, so that a row that fails holds up no other. The jobs of each minute
read events that ended in the last 90 days. The daily jobs find what became due later.
"""

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Protocol

from flask import Flask

from training_hub.bookings.actions.alerts import alert_few
from training_hub.bookings.actions.another_date import tell_of_another_date
from training_hub.bookings.actions.approval import remind_managers
from training_hub.bookings.actions.claims import give_up_not_needed, give_up_of_closed, lapse_claims
from training_hub.bookings.actions.interest import offer_new_dates
from training_hub.bookings.actions.needs import forget_needs
from training_hub.bookings.actions.reminders import remind_due as remind_of_dates
from training_hub.bookings.actions.reserved import release_reserved, remind_of_reserved
from training_hub.bookings.actions.waiting_list import fill_free_places
from training_hub.certificates.actions import issue_due, issue_late
from training_hub.clock import now as clock_now
from training_hub.config import Settings
from training_hub.database import db, transaction
from training_hub.evaluation.actions.anonymity import rewrite_closed
from training_hub.evaluation.actions.invitations import invite_due, invite_late
from training_hub.evaluation.actions.reminders import remind_due as remind_of_evaluations
from training_hub.london import london, london_date
from training_hub.mail.delivery import OutgoingMail, deliver, drop_what_ran_out, is_anything_due
from training_hub.mail.outbox import forget_old
from training_hub.mail.sending import connection
from training_hub.sign_in.actions import forget_sign_ins
from training_hub.web.form_keys import forget_form_answers

log = logging.getLogger(__name__)

Send = Callable[[OutgoingMail], None]


class Job(Protocol):
    """An action that finds out for itself what is due at `now`."""

    def __call__(self, *, now: datetime) -> object: ...


def in_transaction(action: Job) -> Job:
    """A job that runs `action` in one transaction."""

    @wraps(action)
    def job(*, now: datetime) -> None:
        with transaction():
            action(now=now)

    return job


EACH_MINUTE: list[Job] = [
    give_up_of_closed,
    give_up_not_needed,
    lapse_claims,
    remind_managers,
    offer_new_dates,
    release_reserved,
    remind_of_reserved,
    fill_free_places,
    tell_of_another_date,
    remind_of_dates,
    alert_few,
    invite_due,
    remind_of_evaluations,
    issue_due,
    in_transaction(drop_what_ran_out),
]
"""The jobs of each minute, lowest package first. Running a job again repeats nothing."""
EACH_DAY: list[Job] = [
    invite_late,
    issue_late,
    rewrite_closed,
    in_transaction(forget_needs),
    in_transaction(forget_sign_ins),
    in_transaction(forget_old),
    in_transaction(forget_form_answers),
]
"""The jobs of each day, run after 03:00 in London. They look further back, and delete old rows."""


def sender(app: Flask) -> Send | None:
    """The connection that sends emails. None without a mail server: emails then wait in the outbox."""
    settings: Settings = app.config["SETTINGS"]
    return connection(settings) if settings.mail else None


def run_once(app: Flask, send: Send | None, *, with_daily: bool = True) -> int:
    """Do everything that is due now, and send every email that may leave. Returns how many were sent."""
    with app.app_context():
        for job in [*EACH_MINUTE, *(EACH_DAY if with_daily else [])]:
            _run(job)
        return _send_all(send)


def _run(job: Job) -> None:
    try:
        job(now=clock_now())
    except Exception:
        # An error in one job must not stop the others. The log says which job it was.
        log.exception("%s.%s failed", job.__module__, getattr(job, "__name__", job))
    finally:
        # Ends the read transaction, so that the next job reads what is stored by then.
        db.session.rollback()


def _send_all(send: Send | None) -> int:
    if send is None:
        return 0
    total = 0
    # Goes on after a run that sent nothing: the email that failed then waits, and another may still be due.
    while is_anything_due(now=clock_now()):
        total += deliver(send, now=clock_now())
    return total


class Worker(threading.Thread):
    """The loop in a thread: email every second, what is due each minute, tidying once a day."""

    def __init__(self, app: Flask, send: Send | None) -> None:
        super().__init__(name="training-hub-worker", daemon=True)
        self._app, self._send, self._stop_asked = app, send, threading.Event()
        self._minute: datetime | None = None
        self._tidied_on: date | None = None

    def stop(self) -> None:
        """Tell the loop to end after the email in hand, and wait until it has ended."""
        self._stop_asked.set()
        # A thread that was never started cannot be joined.
        if self.is_alive():
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
                # The time is read again, because the jobs may have taken a while, and leases begin at this moment.
                deliver(self._send, now=clock_now())
            except Exception:
                # The database may be unavailable for a moment. The emails wait until the next turn.
                log.exception("mail could not be delivered")
                db.session.rollback()
