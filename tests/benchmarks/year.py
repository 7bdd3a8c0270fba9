"""Print how far reminders, the classroom and the gate move the return rate, in a simulated year of 1,245 completions.

python -m tests.benchmarks.year [--seed 2019] [--dates 12]

The course dates are those of 2019-20, as the demonstration spreads them. The product is the real one, from the first
mail to the certificate, with a clock that is moved by hand; how people answer is assumed, in `behaviour`.
"""

import argparse
import heapq
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

from sqlalchemy import func, select, update

from tests import make
from tests.benchmarks.behaviour import SETTINGS, Person, Setting, is_classroom_opened
from tests.benchmarks.machine import machine
from tests.evaluation.answering import ANSWERS
from training_hub import create_app
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Course, Event
from training_hub.certificates.actions import issue, issue_due
from training_hub.certificates.queries import certificate_of
from training_hub.config import Settings
from training_hub.database import db, transaction
from training_hub.demo.actions import SEED as SEED_OF_DATES
from training_hub.demo.cast import gather
from training_hub.demo.past_year import plan_year
from training_hub.errors import Refused, version_of
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.actions import classroom as classroom_actions
from training_hub.evaluation.actions import invitations as invitations_actions
from training_hub.evaluation.actions import reminders as reminders_actions
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.models.reminders import ReminderSent
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.london import at_london, is_working_day, london_date
from training_hub.mail.delivery import deliver, is_anything_due
from training_hub.people import models as people
from training_hub.policies.actions import set_partnership_policies
from training_hub.questionnaires.actions.versions import store_default_questionnaires
from training_hub.schema.migrating import migrate

MOMENT_OF_REMINDERS = time(9, 0)
REGISTER_IS_MARKED = timedelta(minutes=30)
"""After the end. Nobody forgets it in this year."""
CLASSROOM_IS_ASKED = timedelta(minutes=10)
"""Before the end."""


@dataclass(frozen=True)
class Date:
    """One course date of the year, and the ids of what was stored of it."""

    event_id: int
    ends_at: datetime
    trainer_id: int
    bookings: Sequence[int]


@dataclass(frozen=True)
class Outcome:
    """Evaluations returned in one setting."""

    due: int
    returned: int
    by: dict[str, int]
    seconds: float


def build(dates: int, *, setting: Setting) -> list[Date]:
    """The course dates of 2019-20, with the people who completed them confirmed until the register is marked."""
    chance = Random(SEED_OF_DATES)
    planned = plan_year(gather(chance), chance, entered_at=make.LONG_AGO)[:dates]
    found = []
    with transaction():
        store_default_questionnaires()
        officer, agency = make.officer(), make.agency("An agency")
        policies = {} if setting.has_gate else {"certificate_needs_evaluation": False}
        set_partnership_policies(policies, seen=version_of({}), by=officer, now=make.LONG_AGO)
        trainer = make.person("Tia Trainer", Role.TRAINER, of=agency)
        courses: dict[str, Course] = {}
        known: dict[str, people.Person] = {}
        for plan in planned:
            if plan.course not in courses:
                courses[plan.course] = make.course(plan.course)
            hours = (plan.sessions[0][1] - plan.sessions[0][0]) / timedelta(hours=1)
            event = make.event(
                courses[plan.course], starts_at=plan.starts_at, hours=hours, days=1, trainers=(trainer,)
            )
            bookings = []
            for booking in plan.bookings:
                if booking.status is not Status.COMPLETED:
                    continue
                who = booking.person
                if who.email not in known:
                    known[who.email] = make.person(who.name, email=who.email, of=agency)
                bookings.append(make.booking(event, known[who.email]).id)
            found.append(Date(event.id, event.ends_at, trainer.id, bookings))
    return found


class Year:
    """A simulated year, moment by moment."""

    def __init__(self, dates: Sequence[Date], setting: Setting, seed: int) -> None:
        self._setting, self._seed = setting, seed
        self._number, self._to_come = count(), list[tuple[datetime, int, Callable[[datetime], None]]]()
        self._people: dict[int, Person] = {}
        self._reminders: dict[int, int] = {}
        for number, date in enumerate(dates):
            for booking_id in date.bookings:
                self._people[booking_id] = Person(seed, len(self._people), setting)
            if setting.has_classroom and is_classroom_opened(seed, number):
                self._at(date.ends_at - CLASSROOM_IS_ASKED, lambda now, date=date: self._classroom(date, now))  # type: ignore[misc]
            self._at(
                date.ends_at + REGISTER_IS_MARKED,
                lambda now, date=date: self._register(date, now),  # type: ignore[misc]
            )
        if setting.has_reminders:
            day, last = london_date(dates[0].ends_at), london_date(dates[-1].ends_at) + timedelta(days=30)
            while day <= last:
                if is_working_day(day):
                    self._at(at_london(day, MOMENT_OF_REMINDERS), self._remind)
                day += timedelta(days=1)

    def _at(self, moment: datetime, do: Callable[[datetime], None]) -> None:
        heapq.heappush(self._to_come, (moment, next(self._number), do))

    def live(self) -> None:
        """Run everything at its moment, until nothing is left."""
        while self._to_come:
            moment, _, do = heapq.heappop(self._to_come)
            do(moment)

    def _classroom(self, date: Date, now: datetime) -> None:
        with transaction():
            trainer = db.session.get_one(people.Person, date.trainer_id)
            classroom_actions.open_classroom(db.session.get_one(Event, date.event_id), by=trainer, now=now)
        for booking_id in date.bookings:
            if self._people[booking_id].answers_in_classroom():
                with transaction():
                    booking = db.session.get_one(Booking, booking_id)
                    classroom_actions.answer_in_classroom(
                        booking.event, booking.person.email, ANSWERS, now=now
                    )

    def _register(self, date: Date, now: datetime) -> None:
        with transaction():
            marked = update(Booking).where(Booking.id.in_(date.bookings)).values(status=Status.COMPLETED)
            db.session.execute(marked)
        invitations_actions.invite_due(now=now)
        issue_due(now=now)
        _post(now)
        self._read_mails(now)
        for booking_id in date.bookings:
            weeks = self._people[booking_id].wants_certificate()
            if weeks is not None:
                self._at(
                    now + timedelta(weeks=weeks),
                    lambda now, booking_id=booking_id: self._come_for_it(booking_id, now),  # type: ignore[misc]
                )

    def _remind(self, now: datetime) -> None:
        reminders_actions.remind_due(now=now)
        _post(now)
        self._read_mails(now)

    def _read_mails(self, now: datetime) -> None:
        """Let everyone asked or reminded since the last time decide whether to answer."""
        latest = func.max(ReminderSent.reminder_number)
        asked = (
            select(Invitation.id, Invitation.booking_id, latest)
            .join(ReminderSent, ReminderSent.invitation_id == Invitation.id)
            .where(Invitation.returned_at.is_(None))
            .group_by(Invitation.id, Invitation.booking_id)
            .order_by(Invitation.id)
        )
        for invitation_id, booking_id, number in db.session.execute(asked).all():
            if self._reminders.get(invitation_id) == number:
                continue
            self._reminders[invitation_id] = number
            hours = self._people[booking_id].answers_mail(number)
            if hours is not None:
                by = list(Channel)[number + 1]
                self._at(
                    now + timedelta(hours=hours),
                    lambda now, booking_id=booking_id, by=by: self._answer(booking_id, by, now),  # type: ignore[misc]
                )
        db.session.rollback()

    def _come_for_it(self, booking_id: int, now: datetime) -> None:
        if certificate_of(booking_id) is None:
            self._answer(booking_id, Channel.CERTIFICATE, now)

    def _answer(self, booking_id: int, by: Channel, now: datetime) -> None:
        try:
            with transaction():
                booking = db.session.get_one(Booking, booking_id)
                answers_actions.answer(
                    invitations_actions.open_form(booking, now=now), ANSWERS, now=now, by=by
                )
                issue(booking, now=now)
        except Refused:
            # They have already answered, by another email or for their certificate.
            pass


def _post(now: datetime) -> None:
    while is_anything_due(now=now):
        deliver(lambda _mail: None, now=now)


def outcome(seconds: float) -> Outcome:
    """Count what is stored, as the reports count it."""
    due = (
        select(func.count(Booking.id))
        .join(Booking.event)
        .join(Event.course)
        .where(invitations_queries.is_due())
    )
    rows = db.session.execute(
        select(Invitation.returned_by, func.count())
        .where(Invitation.returned_at.is_not(None))
        .group_by(Invitation.returned_by)
    )
    by = {channel.value if channel else "not known": number for channel, number in rows}
    return Outcome(
        due=int(db.session.scalar(due) or 0),
        returned=int(db.session.scalar(due.where(invitations_queries.is_returned())) or 0),
        by={channel.value: by[channel.value] for channel in Channel if channel.value in by},
        seconds=seconds,
    )


def simulate(setting: Setting, *, seed: int, dates: int) -> Outcome:
    """Simulate the year in one setting, in its own database."""
    with tempfile.TemporaryDirectory(prefix="training-hub-year-") as folder:
        url = f"sqlite:///{folder}/year.sqlite"
        migrate(url)
        app = create_app(
            Settings(
                data=Path(folder),
                database_url=url,
                base_url="http://127.0.0.1:8000",
                secret_key="a key that only the benchmarks use, and long enough",
            )
        )
        with app.app_context():
            started = perf_counter()
            Year(build(dates, setting=setting), setting, seed).live()
            found = outcome(perf_counter() - started)
            db.session.remove()
            db.engine.dispose()
    return found


def main() -> int:
    """Simulate the year once in each setting."""
    options = _options()
    print(
        f"{machine()}\nHow people answer is assumed: tests/benchmarks/behaviour.py says what, and why.",
        flush=True,
    )
    for setting in SETTINGS:
        found = simulate(setting, seed=options.seed, dates=options.dates)
        print(
            f"\n{setting.name}: {found.returned:,} of {found.due:,} returned, "
            f"{found.returned / found.due:.1%} ({found.seconds:.0f} s)"
        )
        for channel, number in found.by.items():
            print(f"    {channel:<18}{number:>6,}  {number / found.due:.1%}")
        sys.stdout.flush()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.year", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--seed", type=int, default=2019, help="draws other people (%(default)s)")
    parser.add_argument("--dates", type=int, default=1000, help="only the first course dates of the year")
    options = parser.parse_args()
    if options.dates < 1:
        parser.error("--dates must be at least 1")
    return options


if __name__ == "__main__":
    sys.exit(main())
