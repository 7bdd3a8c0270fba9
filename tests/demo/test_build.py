"""The demo's data: the figures that were printed, and around today a programme in which everything happens."""

import random
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import NOW
from training_hub import create_app
from training_hub.access import Role
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places_of
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.certificates.models import Certificate
from training_hub.commands.report import Operator
from training_hub.config import Settings
from training_hub.database import db, transaction
from training_hub.demo.actions import SEED, build, clear
from training_hub.demo.cast import SIGNING_IN, gather
from training_hub.demo.courses import COURSES
from training_hub.demo.current import Programme
from training_hub.demo.figures import YEAR_2019_20
from training_hub.demo.past_year import FIRST, LAST, plan_year
from training_hub.demo.plan import PlannedEvent
from training_hub.demo.queries import built_at, has_mark, is_empty
from training_hub.evaluation.models.answers import Response
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries.reminders import to_remind
from training_hub.improvement.models import CourseAction
from training_hub.london import london_date
from training_hub.mail.models import Mail
from training_hub.people.models import Person
from training_hub.reporting.models import Filters
from training_hub.reporting.queries.programme import programme

S = Status


def planned(now: datetime = NOW) -> list[PlannedEvent]:
    chance = random.Random(SEED)
    cast = gather(chance)
    return plan_year(cast, chance, entered_at=now) + Programme(cast, chance, now=now).plan()


@pytest.fixture(scope="module")
def built(migrated_database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo, built once."""
    data = tmp_path_factory.mktemp("demo")
    file = shutil.copy(migrated_database, data / "demo.sqlite")
    settings = Settings(
        data=data,
        database_url=f"sqlite:///{file}",
        base_url="http://localhost",
        secret_key="a key that only tests use, and long enough",
    )
    with create_app(settings).app_context():
        with transaction():
            build(now=NOW)
        db.session.remove()
        db.engine.dispose()
    return file


@pytest.fixture
def demo(app: Flask, database_url: str, built: Path) -> Flask:
    shutil.copy(built, database_url.removeprefix("sqlite:///"))
    return app


def test_the_2019_20_report_matches_print_with_one_correction(demo: Flask) -> None:
    report = programme(Operator(), Filters(first=FIRST, last=LAST.replace(day=31)), now=NOW)
    printed = {COURSES[course.key].title: course for course in YEAR_2019_20}
    assert {
        row.course: (
            row.figures.booked,
            row.figures.outcomes[Status.COMPLETED],
            row.figures.outcomes[Status.CANCELLED] + row.figures.outcomes[Status.CANCELLED_LATE],
            row.figures.outcomes[Status.DID_NOT_ATTEND],
            row.figures.outcomes[Status.CONFIRMED],
        )
        for row in report.courses
    } == {
        title: (course.booked, course.completed, course.cancelled, course.did_not_attend, course.not_recorded)
        for title, course in printed.items()
    }
    totals = report.totals
    cancelled = totals.outcomes[Status.CANCELLED] + totals.outcomes[Status.CANCELLED_LATE]
    assert (totals.booked, totals.completed, cancelled, totals.did_not_attend, totals.not_recorded) == (
        1657, 1245, 249, 91, 72
    )  # fmt: skip
    assert (totals.outcomes[Status.PARTIAL], totals.outcomes[Status.EVENT_CANCELLED], totals.walk_ins) == (
        0,
        0,
        0,
    )
    assert (totals.evaluations_returned, totals.evaluations_due, totals.events) == (526, 1245, 110)


def test_building_the_demo_twice_queues_no_email(demo: Flask) -> None:
    with transaction():
        clear()
        assert is_empty()
        build(now=NOW + timedelta(days=1))
    assert (built_at(), has_mark()) == (NOW + timedelta(days=1), True)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0
    people = db.session.scalar(select(func.count()).select_from(Person))
    assert people == len(gather(random.Random(SEED)).everyone)


def test_the_same_moment_gives_the_same_programme() -> None:
    assert planned() == planned()


def test_everyone_is_invented_and_known_by_one_address() -> None:
    everyone = gather(random.Random(SEED)).everyone
    assert {person.email.rpartition("@")[2] for person in everyone} == {"example.org"}
    assert len({person.email for person in everyone}) == len(everyone)


def test_no_demo_event_is_overfull(demo: Flask) -> None:
    events = db.session.scalars(select(Event).order_by(Event.id)).all()
    places = places_of(events).values()
    assert max(place.capacity for place in places) == 24
    assert [place for place in places if place.held > place.capacity] == []
    assert [place for place in places if place.waiting and place.free] == []
    coming = [place for event, place in zip(events, places, strict=True) if event.starts_at > NOW]
    assert (len(coming) >= 30, sum(place.waiting > 0 for place in coming) >= 4) == (True, True)
    assert sum(0 < place.held <= 3 for place in coming) >= 4


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2025, 5, 6, 23, 5, tzinfo=UTC),  # five past midnight in London
        datetime(2025, 5, 6, 22, 55, tzinfo=UTC),
        datetime(2025, 10, 26, 0, 30, tzinfo=UTC),  # the hour that London has twice
        datetime(2025, 12, 25, 12, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 5, 59, tzinfo=UTC),
    ],
)
def test_at_any_hour_one_demo_date_has_started_today(
    now: datetime,
) -> None:
    events = planned(now)
    trainer = SIGNING_IN[Role.TRAINER]
    today = [event for event in events if london_date(event.starts_at) == london_date(now)]
    assert [(event.starts_at <= now, event.trainers[0]) for event in today] == [(True, trainer)]
    assert {booking.status for booking in today[0].bookings} >= {S.CONFIRMED}
    for event in events:
        people = [booking.person.email for booking in event.bookings]
        assert len(people) == len(set(people))
        assert all(start < end for start, end in event.sessions)
        for booking in event.bookings:
            moments = [at for _status, at in booking.changes]
            assert moments == sorted(moments)
            assert moments[-1] <= now
            assert booking.returned_at is None or event.ends_at <= booking.returned_at <= now


def test_the_demo_shows_every_outcome_and_status(demo: Flask) -> None:
    lately = select(Booking.status).join(Event).where(Event.starts_at > NOW - timedelta(days=100))
    assert set(db.session.scalars(lately)) == set(S)
    assert db.session.scalar(select(func.count()).where(Booking.is_walk_in)) == 4


def test_a_cancellation_is_late_by_the_notice_rule() -> None:
    given_up = Counter(
        (booking.status, Terms(event.starts_at).is_late(now=booking.changes[-1][1]))
        for event in planned()
        for booking in event.bookings
        if booking.status in (S.CANCELLED, S.CANCELLED_LATE)
    )
    assert set(given_up) == {(S.CANCELLED, False), (S.CANCELLED_LATE, True)}


def test_last_weeks_date_has_evaluations_that_are_still_reminded(demo: Flask) -> None:
    due = list(to_remind(now=NOW, limit=100))
    asked = select(Booking.event_id).join(Invitation).where(Invitation.id.in_(due))
    events = db.session.scalars(select(Event).where(Event.id.in_(asked))).all()
    assert (len(due), len(events)) == (11, 1)
    assert NOW - timedelta(days=10) < events[0].ends_at < NOW - timedelta(days=3)


def test_returned_demo_evaluations_have_answers_and_certificate(demo: Flask) -> None:
    returned = select(func.count()).where(Invitation.returned_at.is_not(None))
    counts = [
        db.session.scalar(statement)
        for statement in (
            returned,
            select(func.count()).select_from(Response),
            select(func.count()).select_from(Certificate),
        )
    ]
    assert counts == [526 + 69] * 3


def test_the_practitioner_has_something_in_every_state(demo: Flask) -> None:
    rows = db.session.execute(
        select(Booking.status, Event.ends_at, Invitation.returned_at, Certificate.id)
        .join(Person, Booking.person_id == Person.id)
        .join(Event, Booking.event_id == Event.id)
        .outerjoin(Invitation, Invitation.booking_id == Booking.id)
        .outerjoin(Certificate, Certificate.booking_id == Booking.id)
        .where(Person.email == SIGNING_IN[Role.PRACTITIONER].email)
        .order_by(Event.starts_at, Booking.status)
    )
    found = sorted(
        (status.value, ends_at > NOW, returned_at is not None, certificate is not None)
        for status, ends_at, returned_at, certificate in rows
    )
    assert found == [
        ("completed", False, False, False),
        ("completed", False, True, True),
        ("confirmed", True, False, False),
        ("confirmed", True, False, False),
        ("waiting", True, False, False),
    ]


def test_demo_reviews_are_the_same_each_time(demo: Flask) -> None:
    def learnt() -> tuple[object, ...]:
        actions = db.session.scalars(select(CourseAction).order_by(CourseAction.id)).all()
        ways = select(Invitation.returned_by, func.count()).group_by(Invitation.returned_by)
        return (
            [(row.action, row.due_on, row.done_on, row.is_published) for row in actions],
            {row[0]: row[1] for row in db.session.execute(ways)},
        )

    first = learnt()
    assert [row[3] for row in first[0]] == [True, False, False, False]
    with transaction():
        clear()
        build(now=NOW)
    assert learnt() == first
